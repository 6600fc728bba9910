"""At which line of a YAML file something stands."""

from __future__ import annotations

import yaml


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
