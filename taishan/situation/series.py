"""The situation reports that somebody may read, by unit, month and words."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from taishan.kit import clock
from taishan.organisation import access, history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.situation.models import Edition, SituationReport, Step
from taishan.situation.situation_reports import SECTIONS

_DAYS_PAST_ANY_MONTH = 32


def find_readable(viewer: Viewer) -> QuerySet[SituationReport]:
    """Return the reports that the viewer may read: of units whose people they may see, and those
    published for outside, which say nothing of few people."""
    mine = access.unit_ids_with(viewer, Capability.SEE_PEOPLE)
    is_out = Q(for_outside=True, publication__isnull=False)
    return SituationReport.objects.filter(Q(unit_id__in=mine) | is_out)


def find_reports(
    viewer: Viewer, *, unit: str = "", month: date | None = None, text: str = ""
) -> QuerySet[SituationReport]:
    """Return readable reports, the latest day first.

    Each with its unit's ``name_en`` and ``name_zh`` and the kind of its ``last_step``. ``unit`` is
    a code, ``month`` its first day, ``text`` something that the report says.
    """
    versions = UnitVersion.objects.filter(unit_id=OuterRef("unit_id"))
    version = history.latest_first(versions, clock.now())
    step = Step.objects.filter(report_id=OuterRef("pk")).order_by("-number")
    found = (
        find_readable(viewer)
        .select_related("unit", "publication", "corrects__publication")
        .annotate(
            name_en=Subquery(version.values("name_en")[:1]),
            name_zh=Subquery(version.values("name_zh")[:1]),
            last_step=Subquery(step.values("kind")[:1]),
        )
    )
    if unit:
        found = found.filter(unit__code=unit)
    if month:
        after = (month + timedelta(days=_DAYS_PAST_ANY_MONTH)).replace(day=1)
        found = found.filter(day__gte=month, day__lt=after)
    if text:
        found = found.filter(Exists(_saying(text)))
    return found.order_by("-day", "-pk")


def _saying(text: str) -> QuerySet[Edition]:
    """Return those editions that are their report's last and say the text."""
    later = Edition.objects.filter(report_id=OuterRef("report_id"), number__gt=OuterRef("number"))
    says = Q()
    for name in SECTIONS:
        says |= Q(**{f"{name}__icontains": text})
    return Edition.objects.filter(says, ~Exists(later), report_id=OuterRef("pk"))


def find_months(viewer: Viewer) -> list[date]:
    """Return the first days of the months that have readable reports, the latest first."""
    return list(find_readable(viewer).dates("day", "month", order="DESC"))


def find_units(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the codes and names of the units that have readable reports, by code."""
    ids = find_readable(viewer).values("unit_id")
    return _named(UnitVersion.objects.filter(unit_id__in=ids))


def find_to_write(viewer: Viewer, day: date, within: str) -> list[tuple[str, str]]:
    """Return the units of the day for which the viewer may write: those of their roles, and the
    one that they are looking at."""
    versions = UnitVersion.objects.filter(valid__contains=day)
    roots = viewer.roots(Capability.WRITE_SITUATION)
    found = _named(versions.filter(unit_id__in=roots))
    chosen = versions.filter(unit__code=within).select_related("unit").first()
    if chosen and viewer.may(Capability.WRITE_SITUATION, chosen.path):
        found = [(within, chosen.name), *(one for one in found if one[0] != within)]
    return found


def _named(versions: QuerySet[UnitVersion]) -> list[tuple[str, str]]:
    rows = versions.select_related("unit").order_by("unit__code", "valid")
    return sorted({row.unit.code: row.name for row in rows}.items())
