"""What the pages of inspections share: tabs, figures as rows, one inspection item by item."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import inspections as core
from taishan.core.answers import Definition, Question, say
from taishan.core.inspections import Item, Outcome
from taishan.duties import scorecards
from taishan.duties.scorecards import Branch
from taishan.forms import presenting
from taishan.forms import queries as forms
from taishan.forms import words as form_words
from taishan.forms.models import Form, FormVersion
from taishan.organisation import access
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.safety import inspection_figures as figures
from taishan.safety import inspection_words as words
from taishan.safety import inspections
from taishan.safety.hazard_models import Hazard
from taishan.safety.inspection_figures import NONE, Figures, Found
from taishan.safety.inspection_models import Inspection

NOT_TOLD = frozenset({"note", "calculate", "metadata", "file"})
"""Kinds of questions whose answers nobody gave, or that are shown as photos."""
SHOWN_MONTHS, TREND_MONTHS = 3, 12
TABS = ("today", "overview", "found", "plans", "routes", "checklists")


def tabs(request: ScopedRequest, on: str) -> list[dict[str, Any]]:
    """Return the parts of the inspections, each with its address."""
    said = dict(
        zip(
            TABS,
            (
                _("Mine today"), _("Overview"), _("Inspections"), _("Plans"), _("Routes"),
                _("Checklists"),
            ),
            strict=True,
        )
    )  # fmt: skip
    query = request.scope_.query()
    return [
        {
            "word": said[name],
            "href": f"{reverse(f'inspections:{name}')}?{query}",
            "is_on": on == name,
        }
        for name in TABS
    ]


def find_checklists() -> list[FormVersion]:
    """Return the checklists in force, by code, without their texts."""
    rows = FormVersion.objects.filter(form__is_checklist=True, state=FormVersion.State.PUBLISHED)
    rows = rows.select_related("form").defer("source", "xform", "definition")
    return list(rows.order_by("form__code"))


def form_options(lang: str) -> list[tuple[str, str]]:
    """Return the checklists to choose from."""
    options = [(one.form.code, presenting.title(one.form, lang)) for one in find_checklists()]
    return [("", _("all")), *options]


def unit_rows(
    request: ScopedRequest, branch: Branch, found: Found, months: Sequence[date]
) -> list[dict[str, Any]]:
    """Return the units of a branch, each with all below it and the address of its own page, the
    lowest share first.
    """
    top, below = branch.top, _below(request)
    lines = [
        {"place": (place := branch.places[row]), "href": below(place.code),
         "is_top": place == top}
        | cells(found.get(row, {}), months)
        for row in set(branch.row_of.values())
    ]  # fmt: skip
    return sorted(lines, key=_worst_first)


def _below(request: ScopedRequest) -> Callable[[str], str]:
    """Return what gives the address of the same page of another unit, by its code."""
    query = request.GET.copy()
    for name in ("page", "within"):
        query.pop(name, None)
    kept = query.urlencode()
    return lambda code: f"?{kept}&within={quote_plus(code)}"


def _worst_first(line: Mapping[str, Any]) -> tuple[bool, float, str]:
    share = line["whole"].share
    return share is None, share or 0.0, line["place"].code if "place" in line else ""


def cells(by_month: Mapping[date, Figures], months: Sequence[date]) -> dict[str, Any]:
    """Return figures over months as a row shows them."""
    whole = figures.total(by_month.get(month, NONE) for month in months)
    return {
        "whole": whole,
        "share": words.percent(whole.share),
        "months": [
            (f"{month:%Y-%m}", words.percent(by_month.get(month, NONE).share)) for month in months
        ],
    }


def item_rows(version: FormVersion, found: Found, months: Sequence[date], lang: str) -> list[Any]:
    """Return the areas of a checklist, each with its items, as the checklist has them."""
    definition = forms.get_definition(version)
    areas: dict[str, list[Item]] = {}
    for item in core.find_items(definition):
        areas.setdefault(item.area, []).append(item)
    return [
        _area(area_word(definition, area, lang), items, found, months, lang)
        for area, items in areas.items()
    ]


def dropped_rows(
    versions: Iterable[FormVersion], codes: Collection[str], found: Found, months: Sequence[date],
    lang: str,
) -> list[Any]:  # fmt: skip
    """Return an area of the items with these codes, each as the latest of the versions has it that
    still has it; none where there are none."""
    items: dict[str, Item] = {}
    for version in versions:
        for item in core.find_items(forms.get_definition(version)):
            if item.code in codes:
                items.setdefault(item.code, item)
    label = _("No longer asked")
    return [_area(label, list(items.values()), found, months, lang)] if items else []


def _area(
    label: str, items: Sequence[Item], found: Found, months: Sequence[date], lang: str
) -> dict[str, Any]:
    whole = figures.merge(found.get(item.code, {}) for item in items)
    lines = [
        {"item": item, "label": say(item.labels, lang)} | cells(found.get(item.code, {}), months)
        for item in items
    ]
    return {"label": label, "items": lines} | cells(whole, months)


def area_word(definition: Definition, area: str, lang: str) -> str:
    """Return what an area of a checklist is called."""
    for question, _path in definition.walk():
        if question.name == area:
            return say(question.labels, lang) or area
    return area


def trend(found: Found, months: Sequence[date]) -> dict[str, Any]:
    """Return the share of each month, for a chart; months without inspections stay empty."""
    by_month = found.get("", {})
    values = [by_month.get(month, NONE).share for month in months]
    return {
        "kind": "line",
        "days": [f"{month:%Y-%m}" for month in months],
        "series": [
            {
                "word": _("Share that passed, %"),
                "values": [None if one is None else round(one * 100, 1) for one in values],
            }
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of one inspection as its page shows it."""

    item: Item
    label: str
    outcome: Outcome
    word: str
    comment: str
    source: str
    photos: tuple[Any, ...]
    hazard: Hazard | None

    @property
    def is_failed(self) -> bool:
        return self.outcome is Outcome.FAILED


def lines(inspection: Inspection, lang: str) -> list[dict[str, Any]]:
    """Return an inspection's items by area, as its version of the checklist has them."""
    definition = forms.get_definition(inspection.version)
    outcomes = dict(inspection.items.values_list("code", "outcome"))
    photos = list(inspection.photos.order_by("pk"))
    hazards = find_hazards(inspection)
    areas: dict[str, list[Line]] = {}
    for item in core.find_items(definition):
        if item.code not in outcomes:
            continue
        outcome = Outcome(outcomes[item.code])
        line = Line(
            item=item, label=say(item.labels, lang), outcome=outcome,
            word=str(words.OUTCOMES[outcome]), source=say(item.sources, lang),
            comment=str(inspection.answers.get(core.COMMENT_OF.format(item.code), "")),
            photos=tuple(one for one in photos if one.code == item.code),
            hazard=hazards.get(item.code),
        )  # fmt: skip
        areas.setdefault(item.area, []).append(line)
    return [
        {"label": area_word(definition, area, lang), "lines": found}
        for area, found in areas.items()
    ]


def others(inspection: Inspection, lang: str) -> list[tuple[str, str]]:
    """Return what was answered to questions that are no items, in words, in the checklist's order.

    Photos stand by themselves; the code of a point is not shown: whoever has it was there.
    """
    definition = forms.get_definition(inspection.version)
    behind = (core.PHOTO_OF, core.COMMENT_OF, core.HAZARD_OF)
    of_items = {
        name.format(item.code) for item in core.find_items(definition) for name in ("{}", *behind)
    }
    return list(_others(definition.questions, inspection.answers, of_items, lang))


def _others(
    questions: Sequence[Question], answers: Mapping[str, Any], of_items: Collection[str], lang: str
) -> Iterator[tuple[str, str]]:
    for one in questions:
        given, label = answers.get(one.name), say(one.labels, lang) or one.name
        if one.kind == "group":
            yield from _others(one.questions, answers, of_items, lang)
        elif one.kind == "repeat":
            for number, row in enumerate(given or (), start=1):
                inner = _others(one.questions, row, of_items, lang)
                yield from ((f"{label} {number} · {name}", text) for name, text in inner)
        elif given not in (None, "", []) and _is_told(one) and one.name not in of_items:
            yield label, form_words.answer(one, given, lang)


def _is_told(question: Question) -> bool:
    return question.kind not in NOT_TOLD and not question.name.startswith(core.POINT)


def count_waiting(found: Sequence[Line]) -> int:
    """Return how many items failed and are no hazard yet."""
    return sum(line.is_failed and line.hazard is None for line in found)


def find_hazards(inspection: Inspection) -> dict[str, Hazard]:
    """Return the hazards that an inspection's items were made, by item. One query."""
    wanted = {
        inspections.origin_id(inspection, code): code
        for code in inspection.items.filter(outcome=Outcome.FAILED).values_list("code", flat=True)
    }
    rows = Hazard.objects.filter(origin_kind=inspections.ORIGIN, origin_id__in=list(wanted))
    return {wanted[row.origin_id]: row for row in rows}


def find_branch(request: ScopedRequest, months: Sequence[date]) -> Branch:
    """Return the subtree that a page is about, as it hung last in the months."""
    scope = request.scope_
    until = (months[-1] + figures.MONTH).replace(day=1)
    return scorecards.find_branch(request.viewer, scope.within, months[0], until)


def find_closed(viewer: Viewer, branch: Branch, since: date, until: date) -> list[int]:
    """Return the units of a page's subtree that closed in a period before it. One query."""
    later = UnitVersion.objects.filter(unit_id=OuterRef("unit_id")).filter(
        Q(valid__upper_inf=True) | Q(valid__endswith__gt=until)
    )
    rows = access.versions_visible(viewer, since, until).filter(~Exists(later))
    if branch.top:
        rows = rows.filter(path__passes_through=branch.top.unit_id)
    return list(rows.values_list("unit_id", flat=True).distinct())


def chosen_form(request: ScopedRequest) -> Form | None:
    """Return the checklist that a page is narrowed to, None for all."""
    code = request.GET.get("form", "")
    return Form.objects.filter(code=code, is_checklist=True).first() if code else None
