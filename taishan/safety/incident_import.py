"""Incidents from elsewhere, to search, draw and compare: reports of deaths of the United States.

A row has a day and no hour, and names no number of dead: noon stands for the one, one for the
other. Nothing is started or told by what happened long ago elsewhere.
"""

from __future__ import annotations

import zlib
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import incidents as core
from taishan.core.incidents import Kind, Numbers
from taishan.kit import days, search_words, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import UnitVersion
from taishan.organisation.sheets import Outcome
from taishan.safety import incident_library as library
from taishan.safety import incident_sums
from taishan.safety.incident_models import Incident, Revision, Stage

COLUMNS = (
    tables.Column(key="id", is_needed=True),
    tables.Column(key="incident_date", is_needed=True),
    tables.Column(key="city"),
    tables.Column(key="state"),
    tables.Column(key="description", is_needed=True),
)
LONGEST = 2000
OF_A_CODE = 2
"""Letters of a state's postal code."""


def read_file(content: bytes) -> bytes:
    """Return what a file holds, unpacked where it is gzip. Raises tables.TableError."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacked = b""
    try:
        while content and len(unpacked) <= tables.LIMIT_BYTES:  # a file may have several parts
            part = zlib.decompressobj(zlib.MAX_WBITS | 16)
            unpacked += part.decompress(content, tables.LIMIT_BYTES + 1 - len(unpacked))
            if not part.eof and len(unpacked) <= tables.LIMIT_BYTES:
                raise tables.TableError(_("This gzip file breaks off before its end."))
            content = part.unused_data
    except zlib.error as error:
        raise tables.TableError(_("This is no readable gzip file: %s") % error) from None
    return unpacked


@transaction.atomic
def import_deaths(
    *, actor: Actor, now: datetime, version: UnitVersion, content: bytes
) -> Outcome:  # fmt: skip
    """Record reports of deaths at work in the United States under a unit, closed as they are.

    A report comes in once, however often its file does. Rows that cannot be are left out and said.
    Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(read_file(content), columns=COLUMNS)
    outcome, zone = Outcome(), ZoneInfo(version.time_zone)
    known = set(Incident.objects.exclude(origin="").values_list("origin", flat=True))
    rows: dict[str, Incident] = {}
    for line in sheet.rows:
        incident = _read(sheet.name, line, version, zone, now, outcome)
        if incident is None:
            continue
        if incident.origin in known or incident.origin in rows:
            outcome.unchanged += 1
        else:
            rows[incident.origin] = incident
    made = Incident.objects.bulk_create(rows.values(), batch_size=1000)
    Revision.objects.bulk_create(
        [
            Revision(
                incident=one, number=1, kind=one.kind, deaths=one.deaths, grade=one.grade, at=now
            )
            for one in made
        ],
        batch_size=1000,
    )
    outcome.created, outcome.is_applied = len(made), True
    _count(actor, now, version, made)
    return outcome


def _read(
    name: str, line: tables.Row, version: UnitVersion, zone: ZoneInfo, now: datetime,
    outcome: Outcome,
) -> Incident | None:  # fmt: skip
    values = line.values
    try:
        day = days.read(values["incident_date"])
    except ValueError:
        outcome.wrong(name, line, "incident_date", days.expected())
        return None
    occurred_at = datetime.combine(day, time(12), zone)
    if not values["description"] or not values["id"] or occurred_at > now:
        column = "description" if occurred_at <= now else "incident_date"
        outcome.wrong(name, line, column, _("a report with its number, of a day before today"))
        return None
    state = values.get("state", "")
    state = state.upper() if len(state) == OF_A_CODE else state.title()
    place = ", ".join(part for part in (values.get("city", "").title(), state) if part)
    numbers = Numbers(deaths=1)
    entry = library.get_grades(day)
    grade = core.find_grade(entry.table, Kind.FATALITY, numbers).grade if entry else None
    what = values["description"][:LONGEST]
    return Incident(
        unit_id=version.unit_id, country="US", kind=Kind.FATALITY.value, deaths=1,
        grade=grade.value if grade else "", what=what, words=search_words.split(f"{what} {place}"),
        place=place[:200], occurred_at=occurred_at, known_at=now, stage=Stage.CLOSED,
        origin=f"osha-death:{values['id']}"[:60],
    )  # fmt: skip


def _count(actor: Actor, now: datetime, version: UnitVersion, made: list[Incident]) -> None:
    if not made:
        return
    incident_sums.lock(version.unit_id)
    incident_sums.count_around([one.pk for one in made])
    ledger.record(
        actor=actor, now=now, verb="incidents.imported", subject=("incidents", ""),
        unit_id=version.unit_id, data={"incidents": len(made)},
    )  # fmt: skip
