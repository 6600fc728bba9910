"""A form in a real browser: the duty office tries a draft, and it lives as one answers."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page

from taishan.core import expressions
from tests.core.test_expressions import CALCULATED
from tests.forms.building import xlsform
from tests.journeys.conftest import address, is_wider_than_the_screen, on_both_widths

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
LANGUAGES = ("en", "zh")
SURVEY = (
    ("type", "name", "label", "relevant", "choice_filter", "calculation", "appearance"),
    ("select_one places", "country", "Country", "", "", "", ""),
    ("select_one cities", "city", "City", "", "of = ${country}", "", ""),
    ("begin_repeat", "stays", "Stays", "", "", "", ""),
    ("integer", "nights", "Nights", "", "", "", ""),
    ("text", "why", "Why so long?", "${nights} > 7", "", "", ""),
    ("end_repeat", "", "", "", "", "", ""),
    ("calculate", "all_nights", "", "", "", "sum(${nights})", ""),
    ("text", "long", "Where did you live?", "${all_nights} >= 10", "", "", ""),
    ("text", "hidden_too", "And then?", "${long} != ''", "", "", ""),
)
CHOICES = (
    ("list_name", "name", "label", "of"),
    ("places", "cn", "China", ""),
    ("places", "kh", "Cambodia", ""),
    ("cities", "wuhan", "Wuhan", "cn"),
    ("cities", "phnom_penh", "Phnom Penh", "kh"),
)


@on_both_widths
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_of_forms_fit_the_screen(page: Page, lang: str) -> None:
    for path in ("/forms/", "/forms/daily_health/", "/forms/unit_daily/", "/forms/site_weekly/"):
        answer = page.goto(address(page, f"{path}?lang={lang}"))
        assert answer is not None
        assert answer.ok
        assert not is_wider_than_the_screen(page), path


def test_questions_appear_as_they_become_relevant(page: Page) -> None:
    page.goto(address(page, "/forms/daily_health/?lang=en"))
    form = page.get_by_role("form", name="As who answers sees it")
    fever = form.get_by_label("Fever")
    fever.wait_for(state="hidden")
    assert not form.get_by_text("Only if").first.is_visible()

    form.get_by_label("Unwell").check()
    assert fever.is_visible()
    form.get_by_label("Well, no symptoms").check()
    assert not fever.is_visible()


def test_filters_rows_and_worked_out_values_live_too(page: Page) -> None:
    settings = (("form_title", "form_id"), ("Stays", f"stays_{page.viewport_size['width']}"))  # type: ignore[index]
    page.goto(address(page, "/forms/?lang=en"))
    content = xlsform(survey=SURVEY, choices=CHOICES, settings=settings)
    file = {"name": "stays.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("XLSForm").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check the file").click()
    form = page.get_by_role("form", name="As who answers sees it")
    phnom_penh, where = form.get_by_label("Phnom Penh"), form.get_by_label("Where did you live?")
    phnom_penh.wait_for(state="hidden")

    form.get_by_label("Cambodia").check()
    assert phnom_penh.is_visible()
    assert not form.get_by_label("Wuhan").is_visible()

    form.get_by_label("Nights").fill("8")
    assert form.get_by_label("Why so long?").is_visible()
    assert not where.is_visible()
    form.get_by_label("Nights").fill("10")
    where.fill("At a hotel")
    assert form.get_by_label("And then?").is_visible()
    form.get_by_label("Nights").fill("2")
    assert not form.get_by_label("And then?").is_visible()


SAME = """async ([module, trees, answers]) => {
  const { evaluate } = await import(module);
  const scope = { find: (name) => answers[name] ?? "" };
  return trees.map((tree) => {
    try {
      const found = evaluate(tree, scope);
      if (typeof found === "boolean") return String(found);
      return typeof found === "number" && !Number.isFinite(found) ? null : found;
    } catch {
      return "left to the server";
    }
  });
}"""
LEFT_TO_THE_SERVER = (
    "selected-at", "regex", "floor", "date(", "format-date", "decimal-time", "substr", "pow",
    "ends-with",
)  # fmt: skip


def test_the_browser_works_out_what_the_server_does_or_leaves_it(page: Page) -> None:
    answers = {"n": "5", "t": "a", "day": "2020-02-10", "several": "cough fever"}
    rules = [(rule, kept) for rule, kept in CALCULATED if "today()" not in rule]
    trees = [expressions.parse(rule) for rule, _kept in rules]

    found = page.evaluate(SAME, [static("web/js/live-form.js"), trees, answers])

    for (rule, kept), worked_out in zip(rules, found, strict=True):
        is_left = any(name in rule for name in LEFT_TO_THE_SERVER)
        assert worked_out == ("left to the server" if is_left else kept), rule
