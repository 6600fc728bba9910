"""A closing report as it is read, from the numbers that were frozen: page, workbook, document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.core import campaigns as core
from taishan.core.campaigns import Measure, Standing
from taishan.kit import documents, tables
from taishan.kit.tables import Cell, NewSheet
from taishan.organisation.models import is_chinese
from taishan.safety import campaign_words as words
from taishan.safety import campaigns
from taishan.safety.campaign_models import MEASURES, CampaignClosing


def compose(closing: CampaignClosing) -> dict[str, Any]:
    """Return the report in the language of the page."""
    kept = closing.numbers
    zone, whole = ZoneInfo(kept["time_zone"]), kept["whole"]
    return {
        "title": _in(kept["title"]), "goal": _in(kept["goal"]), "unit": _in(kept["unit"]),
        "day": kept["day"], "text": closing.text, "zone": kept["time_zone"],
        "as_of": f"{datetime.fromisoformat(kept['as_of']).astimezone(zone):%Y-%m-%d %H:%M}",
        "starts": kept["starts"], "last": str(_last(kept["ends"])),
        "figures": figures(whole),
        "standings": [(str(words.STANDINGS[one]), kept["standings"][one]) for one in Standing],
        "phases": [_phase(one, zone) for one in kept["phases"]],
        "targets": [_target(one) for one in kept["targets"]],
        "rows": [row_of(one) for one in kept["rows"]],
        "formula": kept["formula"],
        "explained": words.explain(core.FORMULAS[kept["formula"]]),
        "is_intact": campaigns.digest_of(closing.text, kept) == closing.sha256,
        "sha256": closing.sha256, "by": closing.by_label,
    }  # fmt: skip


def _in(text: dict[str, str]) -> str:
    return text["zh"] if is_chinese() else text["en"]


def _last(ends: str) -> date:
    return date.fromisoformat(ends) - core.DAY


def figures(whole: dict[str, int]) -> list[tuple[str, int | str]]:
    """Return the sums of a campaign by their words."""
    returns = whole["returns_on_time"] + whole["returns_late"]
    return [
        (_("units"), whole["units"]),
        (_("problems found"), whole["problems"]),
        (_("of these put right and verified"), whole["problems_closed"]),
        (_("of these on time"), whole["problems_on_time"]),
        (_("rules and measures"), whole["measures"]),
        (_("of these in force and verified"), whole["measures_closed"]),
        (_("overdue"), whole["overdue"]),
        (_("waiting to be verified"), whole["problems_waiting"] + whole["measures_waiting"]),
        (_("monthly returns given"), f"{returns} / {whole['returns_due']}"),
        (_("of these on time"), whole["returns_on_time"]),
    ]


def _phase(kept: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "title": _in(kept["title"]), "starts": kept["starts"], "last": str(_last(kept["ends"])),
        "milestones": [
            {
                "title": _in(one["title"]), "due_on": one["due_on"], "text": one["text"],
                "reached": _day(one["reached_at"], zone) if one["reached_at"] else "",
            }
            for one in kept["milestones"]
        ],
    }  # fmt: skip


def _day(instant: str, zone: ZoneInfo) -> str:
    return str(datetime.fromisoformat(instant).astimezone(zone).date())


def _target(kept: dict[str, Any]) -> dict[str, Any]:
    reached = kept["reached"]
    return {
        "unit": _in(kept["unit"]), "word": str(MEASURES[Measure(kept["measure"])]),
        "amount": kept["amount"], "by_day": kept["by_day"], "reached": reached,
        "is_reached": reached is not None and reached >= kept["amount"],
    }  # fmt: skip


def row_of(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a kept line in the language of the page."""
    name = _in(kept["name"])
    return {
        "place": kept["place"], "points": kept["points"], "code": kept["code"],
        "name": f"{name} ({_('by itself')})" if kept["is_top"] and kept["below"] == 0 else name,
        "standing": str(words.STANDINGS[Standing(kept["standing"])]), **kept["numbers"],
    }  # fmt: skip


def row_heads() -> list[str]:
    """Return the headings of ``row_cells``."""
    return [
        _("Rank"), _("Points"), _("Code"), _("Unit"), _("State"), _("People"), _("Problems"),
        _("closed, verified"), _("on time"), _("Measures"),
        pgettext("measures", "closed"), _("on time"), _("overdue"),
        _("Returns due"), _("on time"), _("late"),
    ]  # fmt: skip


_CELLS = (
    "place", "points", "code", "name", "standing", "heads", "problems", "problems_closed",
    "problems_on_time", "measures", "measures_closed", "measures_on_time", "overdue",
    "returns_due", "returns_on_time", "returns_late",
)  # fmt: skip


def row_cells(row: dict[str, Any]) -> list[Cell]:
    """Return a unit's line of a table."""
    return [row[name] for name in _CELLS]


def _milestones(told: dict[str, Any]) -> list[list[Cell]]:
    return [
        [phase["title"], one["title"], one["due_on"], one["reached"], one["text"]]
        for phase in told["phases"] for one in phase["milestones"]
    ]  # fmt: skip


def _milestone_heads() -> list[str]:
    return [_("Phase"), _("Milestone"), _("Due"), _("Reached"), _("What shows it")]


def _targets(told: dict[str, Any]) -> list[list[Cell]]:
    return [
        [one["unit"], one["word"], one["amount"], one["reached"], one["by_day"]]
        for one in told["targets"]
    ]


def _target_heads() -> list[str]:
    return [_("Unit"), _("Target"), _("Amount"), _("Reached"), _("By the end of")]


def as_workbook(told: dict[str, Any]) -> bytes:
    """Return the report as xlsx: its figures and words, milestones, targets and units."""
    head: list[Sequence[Cell]] = [
        [_("Campaign"), told["title"]], [_("Unit"), told["unit"]],
        [_("From"), told["starts"]], [_("to"), told["last"]],
        [_("As of"), f"{told['as_of']} {told['zone']}"],
        *told["figures"],
        [_("Formula of the ranking"), told["formula"]],
        *([line, ""] for line in told["explained"]), [_("Text"), told["text"]],
        [_("Digest in the ledger (SHA-256):"), told["sha256"]],
    ]  # fmt: skip
    rows = [row_cells(row) for row in told["rows"]]
    return tables.write_book(
        [
            NewSheet(name=_("report"), headings=[_("What"), _("Value")], rows=head),
            NewSheet(name=_("units"), headings=row_heads(), rows=rows),
            NewSheet(name=_("milestones"), headings=_milestone_heads(), rows=_milestones(told)),
            NewSheet(name=_("targets"), headings=_target_heads(), rows=_targets(told)),
        ]
    )


def as_document(told: dict[str, Any]) -> bytes:
    """Return the report as docx."""
    document = documents.begin(told["title"], in_chinese=is_chinese())
    line = f"{told['unit']}    {told['starts']} – {told['last']}"
    documents.write_head(document, _("Closing report: %s") % told["title"], line)
    documents.write_paragraph(document, told["goal"])
    for paragraph in told["text"].split("\n\n"):
        documents.write_paragraph(document, paragraph)
    documents.write_heading(document, _("Figures"), 1)
    documents.write_table(document, [_("What"), _("Value")], told["figures"])
    if told["targets"]:
        documents.write_heading(document, _("Targets"), 1)
        documents.write_table(document, _target_heads(), _targets(told))
    documents.write_heading(document, _("Phases and milestones"), 1)
    documents.write_table(document, _milestone_heads(), _milestones(told))
    documents.write_heading(document, _("Units by place"), 1)
    heads, cut = row_heads(), (0, 1, 3, 4, 6, 7, 9, 10, 12)
    rows = [row_cells(row) for row in told["rows"]]
    documents.write_table(
        document, [heads[at] for at in cut], [[row[at] for at in cut] for row in rows]
    )
    for sentence in told["explained"]:
        documents.write_paragraph(document, sentence, style="List Bullet")
    documents.write_paragraph(document, f"{_('Digest in the ledger (SHA-256):')} {told['sha256']}")
    return documents.to_bytes(document)
