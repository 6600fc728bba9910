"""The questions that an item of a checklist brings with it: a photo, a comment, make it a hazard.

They are rows of the sheet like any other, so that they are asked everywhere an item is: on a page,
without a network and in ODK Collect. Source: docs/reference/forms.md, "Checklists".
"""

from __future__ import annotations

from collections.abc import Mapping

from taishan.core import inspections

Row = dict[str, str]
_WORDS = {
    inspections.PHOTO_OF: ("image", "Photo", "照片"),
    inspections.COMMENT_OF: ("text", "What is wrong", "存在的问题"),
    inspections.HAZARD_OF: ("acknowledge", "Make it a hazard", "作为隐患上报"),
}
_FURTHER: dict[str, Row] = {
    inspections.PHOTO_OF: {"parameters": "max-pixels=1600"},
    inspections.COMMENT_OF: {"appearance": "multiline"},
}
_CHINESE = ("zh", "中文", "chinese")


def asked_on_failure(row: Row, ours: Mapping[str, str]) -> list[Row]:
    """Return the rows to be added behind an item's; none behind any other question's."""
    name, fails_on = row.get("name", ""), ours.get(inspections.FAILS_ON, "").split()
    if not name or not fails_on:
        return []
    failed = " or ".join(f"${{{name}}} = '{choice}'" for choice in fails_on)
    labels = [key for key in row if key.partition("::")[0] == "label"]
    return [
        _row(pattern.format(name), kind, failed, labels, (english, chinese))
        | ({"required": "yes"} if _is_needed(pattern, ours) else {})
        | _FURTHER.get(pattern, {})
        for pattern, (kind, english, chinese) in _WORDS.items()
    ]


def _row(name: str, kind: str, failed: str, labels: list[str], words: tuple[str, str]) -> Row:
    english, chinese = words
    said = {key: chinese if _is_chinese(key) else english for key in labels}
    return {"type": kind, "name": name, "relevant": failed} | said


def _is_chinese(label: str) -> bool:
    return any(word in label.lower() for word in _CHINESE)


def _is_needed(pattern: str, ours: Mapping[str, str]) -> bool:
    wanted = ours.get(inspections.PHOTO, "").strip().lower()
    return pattern == inspections.PHOTO_OF and wanted in {"yes", "true", "1"}
