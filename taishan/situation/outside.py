"""What leaves the organisation, seen together: two tables must not give away what each hides."""

from __future__ import annotations

from django.db import connection

from taishan.organisation.models import UnitVersion
from taishan.situation.models import SituationReport


def find_overlapping(report: SituationReport) -> list[SituationReport]:
    """Return what was published for outside of the same day by units above or below.

    A number that one hides for the sake of a small one would stand in the other as its total. Waits
    for others that publish for outside at this instant; needs a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('situation.outside'))")
    published = SituationReport.objects.filter(
        for_outside=True, day=report.day, publication__isnull=False
    ).exclude(unit_id=report.unit_id)
    paths = dict(
        UnitVersion.objects.filter(valid__contains=report.day).filter(
            unit_id__in=[report.unit_id, *(one.unit_id for one in published)]
        ).values_list("unit_id", "path")
    )  # fmt: skip
    own = paths[report.unit_id].split(".")
    return [one for one in published if _is_one_line(own, paths[one.unit_id].split("."))]


def _is_one_line(one: list[str], other: list[str]) -> bool:
    return one[-1] in other or other[-1] in one
