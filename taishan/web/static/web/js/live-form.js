/* Hides the questions and choices that do not apply, as one answers. The rules come as trees that
   the server parsed (core/expressions.py); here they are only walked. What is not known here stays
   in sight: the server has the last word. */
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}/;

const text = (value) => {
  if (Array.isArray(value)) return value.length ? text(value[0]) : "";
  return value === null || value === undefined ? "" : String(value);
};
const number = (value) => {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const given = text(value).trim();
  if (DATE.test(given)) return Date.parse(given) / DAY_MS;
  return given === "" ? NaN : Number(given);
};
const truth = (value) =>
  typeof value === "number" ? value !== 0 && !Number.isNaN(value)
    : Array.isArray(value) ? value.length > 0 : Boolean(value);
const each = (values) => values.flat().filter((value) => text(value) !== "");
const words = (value) => text(value).split(/\s+/).filter(Boolean);
const isNumeric = (value) => typeof value === "number" || DATE.test(text(value));

function equal(left, right) {
  if (Array.isArray(left)) return left.some((one) => equal(one, right));
  if (Array.isArray(right)) return right.some((one) => equal(left, one));
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (isNumeric(left) || isNumeric(right)) return number(left) === number(right);
  return text(left) === text(right);
}
function today() {
  const now = new Date();
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS;
}
const compare = (test) => function ordered(left, right) {
  if (Array.isArray(left)) return left.some((one) => ordered(one, right));
  if (Array.isArray(right)) return right.some((one) => ordered(left, one));
  return test(number(left), number(right));
};

const operations = {
  "=": equal,
  "!=": (left, right) => !equal(left, right),
  "<": compare((a, b) => a < b),
  "<=": compare((a, b) => a <= b),
  ">": compare((a, b) => a > b),
  ">=": compare((a, b) => a >= b),
  "+": (a, b) => number(a) + number(b),
  "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b),
  div: (a, b) => number(a) / number(b),
  mod: (a, b) => number(a) % number(b),
};
const functions = {
  "-": (value) => -number(value),
  true: () => true,
  false: () => false,
  not: (value) => !truth(value),
  boolean: truth,
  number,
  string: text,
  int: (value) => Math.trunc(number(value)),
  round: (value, places = 0) => Math.floor(number(value) * 10 ** places + 0.5) / 10 ** places,
  sum: (...values) => each(values).reduce((total, one) => total + number(one), 0),
  min: (...values) => Math.min(...each(values).map(number)),
  max: (...values) => Math.max(...each(values).map(number)),
  count: (value) => (Array.isArray(value) ? value.length : Number(truth(value))),
  coalesce: (...values) => each(values)[0] ?? "",
  selected: (value, choice) => words(value).includes(text(choice)),
  "count-selected": (value) => words(value).length,
  concat: (...values) => each(values).map(text).join(""),
  contains: (whole, part) => text(whole).includes(text(part)),
  "starts-with": (whole, part) => text(whole).startsWith(text(part)),
  "string-length": (value) => text(value).length,
  today,
};

export function evaluate(node, scope) {
  switch (node[0]) {
    case "number": case "text": return node[1];
    case "ref": return scope.find(node[1]);
    case "column": return scope.columns?.[node[1]] ?? "";
    case "op":
      if (node[1] === "and") return truth(evaluate(node[2], scope)) && truth(evaluate(node[3], scope));
      if (node[1] === "or") return truth(evaluate(node[2], scope)) || truth(evaluate(node[3], scope));
      return operations[node[1]](evaluate(node[2], scope), evaluate(node[3], scope));
    case "call": {
      const [, name, ...given] = node;
      if (name === "if") return evaluate(given[truth(evaluate(given[0], scope)) ? 1 : 2], scope);
      return functions[name](...given.map((one) => evaluate(one, scope)));
    }
  }
  throw new Error(`not known in the browser: ${node[0]}`);
}

export default function liveForm(root) {
  const calculations = JSON.parse(root.dataset.calculations ?? "{}");
  const inputs = () => [...root.querySelectorAll("input[name], select[name], textarea[name]")];

  function answer(controls) {
    const heard = controls.filter((one) => !one.closest("[data-relevant][hidden]"));
    const given = heard.filter((one) => !/radio|checkbox/.test(one.type) || one.checked);
    return given.map((one) => one.value).filter(Boolean).join(" ");
  }
  function finder(prefix, columns, depth = 0) {
    const scope = { columns };
    scope.find = (name) => {
      if (name in calculations && depth < 20) {
        return evaluate(calculations[name], finder(prefix, columns, depth + 1));
      }
      const all = inputs();
      for (const full of [prefix + name, `q.${name}`]) {
        const controls = all.filter((one) => one.name === full);
        if (controls.length) return answer(controls);
      }
      const rows = all.filter((one) => one.name.endsWith(`].${name}`));
      return [...new Set(rows.map((one) => one.name))].map((full) =>
        answer(rows.filter((one) => one.name === full)));
    };
    return scope;
  }
  function holds(rule, element, columns) {
    const row = element.closest("[data-row]")?.dataset.row;
    try {
      return truth(evaluate(JSON.parse(rule), finder(row ? `${row}.` : "q.", columns)));
    } catch {
      return true;
    }
  }
  function show(element, isShown) {
    const changed = element.hidden === isShown;
    element.hidden = !isShown;
    return changed;
  }
  function filter(question) {
    for (const choice of question.querySelectorAll("[data-columns]")) {
      const isOffered = holds(question.dataset.filter, question, JSON.parse(choice.dataset.columns));
      choice.hidden = !isOffered;
      const control = choice.querySelector("input");
      if (control && !isOffered) control.checked = false;
      if (!isOffered && choice.selected) choice.selected = false;
    }
  }
  function update() {
    // What one question hides may decide about another: again, until nothing changes.
    for (let round = 0, changed = true; changed && round < 10; round += 1) {
      changed = false;
      for (const element of root.querySelectorAll("[data-relevant]")) {
        if (show(element, holds(element.dataset.relevant, element))) changed = true;
      }
    }
    for (const question of root.querySelectorAll("[data-filter]")) filter(question);
  }

  for (const condition of root.querySelectorAll("[data-condition]")) condition.hidden = true;
  root.addEventListener("input", update);
  root.addEventListener("change", update);
  update();
}
