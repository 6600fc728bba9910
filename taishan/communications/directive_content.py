"""What a directive is to say before it is issued, kept as JSON while it is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from taishan.communications.models import DirectiveVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureWanted:
    """Something units are to do; one language may stand in for the other."""

    what_en: str
    what_zh: str
    due_at: datetime
    needs_evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a directive says. ``acknowledgement`` is one of ``DirectiveVersion.Way``."""

    title_en: str = ""
    title_zh: str = ""
    text_en: str = ""
    text_zh: str = ""
    measures: tuple[MeasureWanted, ...] = ()
    unit_ids: tuple[int, ...] = ()
    acknowledgement: str = ""
    acknowledge_by: datetime | None = None
    file_ids: tuple[int, ...] = ()
    cites: str = ""
    cited_en: str = ""
    cited_zh: str = ""


def as_json(content: Content) -> dict[str, Any]:
    """Return the content as JSON can hold it."""
    told = asdict(content)
    for measure in told["measures"]:
        measure["due_at"] = measure["due_at"].isoformat()
    by = told["acknowledge_by"]
    return told | {"acknowledge_by": by.isoformat() if by else None}


def from_json(told: Mapping[str, Any]) -> Content:
    """Return what ``as_json`` made."""
    measures = tuple(
        MeasureWanted(**one | {"due_at": datetime.fromisoformat(one["due_at"])})
        for one in told["measures"]
    )
    by = told["acknowledge_by"]
    return Content(
        **dict(told)
        | {
            "measures": measures,
            "unit_ids": tuple(told["unit_ids"]),
            "file_ids": tuple(told["file_ids"]),
            "acknowledge_by": datetime.fromisoformat(by) if by else None,
        }
    )


def of_version(version: DirectiveVersion) -> Content:
    """Return what a version says, to write the next one from."""
    said = {
        name: getattr(version, name)
        for name in (
            "title_en", "title_zh", "text_en", "text_zh", "acknowledgement", "acknowledge_by",
            "cites", "cited_en", "cited_zh",
        )
    }  # fmt: skip
    return Content(
        **said,
        measures=tuple(
            MeasureWanted(
                what_en=one.what_en, what_zh=one.what_zh, due_at=one.due_at,
                needs_evidence=one.needs_evidence,
            )
            for one in version.measures.order_by("pk")
        ),
        unit_ids=tuple(version.units.order_by("pk").values_list("pk", flat=True)),
        file_ids=tuple(version.files.order_by("pk").values_list("pk", flat=True)),
    )  # fmt: skip
