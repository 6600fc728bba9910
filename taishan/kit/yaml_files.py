"""YAML files that somebody wrote: read strictly, and what is wrong in them named by its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _


class YamlInvalid(Exception):
    """A file cannot be read; ``problems`` are ``(line, message)``, lines from 1."""

    def __init__(self, *problems: tuple[int, str]) -> None:
        super().__init__("\n".join(f"{line}: {message}" for line, message in problems))
        self.problems = list(problems)


def read(content: str, *, may_alias: bool = True) -> tuple[yaml.Node | None, Any]:
    """Return what a file says, with the nodes that know its lines. Raises YamlInvalid.

    Without ``may_alias`` each value is written out: aliases make a huge file of a small one.
    """
    try:
        loader = _Loader(content) if may_alias else _WithoutAliases(content)
        node = loader.get_single_node()
        _refuse_repeats(node)
        return node, None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, problem = mark.line + 1 if mark else 1, str(error.problem)
    except yaml.reader.ReaderError as error:
        line, problem = content.count("\n", 0, error.position) + 1, str(error.reason)
    except (ValueError, RecursionError) as error:
        line, problem = 1, str(error)
    raise YamlInvalid((line, _("not YAML: %s") % problem))


def find_line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Return the line of the deepest node on the way to ``loc``, from 1 on."""
    line = 1
    for step in loc:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step] if step < len(node.value) else None
        if found is None:
            continue  # a tag of a union, or a missing key: stay at its parent
        node, line = found, found.start_mark.line + 1
    return line


class _Loader(yaml.SafeLoader):
    """SafeLoader, with days and instants left as text: YAML's own reading knows no 24:00, and falls
    over the 30th of February.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _WithoutAliases(_Loader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise YamlInvalid((line, _("aliases are not allowed: write the value out")))
        return super().compose_node(parent, index)


def _refuse_repeats(node: yaml.Node | None) -> None:
    """Refuse a field given twice: YAML would silently keep the last one."""
    found = [
        (key.start_mark.line + 1, _("%s is given twice") % key.value)
        for mapping in _mappings(node)
        for number, (key, _value) in enumerate(mapping.value)
        if any(other.value == key.value for other, _value in mapping.value[:number])
    ]
    if found:
        raise YamlInvalid(*sorted(found))


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Yield each mapping once, however often aliases name it."""
    left, seen = [node], set()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.MappingNode):
            yield one
            left += [value for _key, value in one.value]
        elif isinstance(one, yaml.SequenceNode):
            left += one.value
