"""Further places in and out as xlsx and csv: townships, districts abroad, zones of a port."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import places, sheets
from taishan.organisation.models import Place
from taishan.organisation.sheets import Mode, Outcome

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="code", titles=("辖区代码", "代码"), is_needed=True),
    tables.Column(key="name_en", titles=("英文名称",)),
    tables.Column(key="name_zh", titles=("中文名称", "名称")),
    tables.Column(key="parent", titles=("上级辖区", "上级代码")),
)
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,12}){1,3}")
COUNTY_DIGITS = 6


def import_places(
    *, actor: Actor, now: datetime, on: date, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Record places and their names as a file says; places have no days, so ``on`` is noted only.

    A Chinese code such as 330302001 hangs below its county where no parent is given. The same file
    twice changes nothing. Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    with transaction.atomic():
        known = places.resolve(text for row in sheet.rows for text in _named(row))
        fresh = _sort(sheet, known, outcome)
        _create(sheet.name, fresh, known, outcome)
        if outcome.created or outcome.changed:
            data = {"on": str(on), "created": outcome.created, "changed": outcome.changed}
            ledger.record(
                actor=actor, now=now, verb="places.imported", subject=("places", ""), data=data
            )
        sheets.settle(outcome, mode)
    return outcome


def _named(row: tables.Row) -> tuple[str, str]:
    return places.full_code(row.values["code"]), _parent(row)


def _parent(row: tables.Row) -> str:
    """Return the code of the place above: the one given, or a Chinese township's county."""
    code, given = places.full_code(row.values["code"]), row.values.get("parent", "")
    local = code.removeprefix("CN-")
    if given or not (local.isdecimal() and len(local) > COUNTY_DIGITS):
        return places.full_code(given) if given else ""
    return f"CN-{local[:COUNTY_DIGITS]}"


def _sort(sheet: tables.Sheet, known: dict[str, Place], outcome: Outcome) -> dict[str, tables.Row]:
    """Rename the places on record; return the rows of those that are not, by code."""
    fresh: dict[str, tables.Row] = {}
    renamed: list[Place] = []
    seen: set[str] = set()
    for row in sheet.rows:
        code, before = places.full_code(row.values["code"]), len(outcome.errors)
        place = known.get(code)
        for column, expected in _complaints(row, place, known, is_twice=code in seen):
            outcome.wrong(sheet.name, row, column, expected)
        seen.add(code)
        if len(outcome.errors) > before:
            continue
        if place is None:
            fresh[code] = row
        elif _rename(place, row):
            renamed.append(place)
    Place.objects.bulk_update(renamed, ["name_en", "name_zh"], batch_size=2000)
    outcome.changed = len(renamed)
    outcome.unchanged = len(seen & known.keys()) - len(renamed)
    return fresh


def _complaints(
    row: tables.Row, place: Place | None, known: dict[str, Place], *, is_twice: bool
) -> Iterator[tuple[str, str]]:
    code, parent = _named(row)
    longest = Place._meta.get_field("code").max_length or 0  # noqa: SLF001 - documented API
    if is_twice:
        yield "code", _("each place once in the file")
    elif place is None and not (CODE.fullmatch(code) and len(code) <= longest):
        yield "code", _("a code such as KH-1201 or 330302001")
    elif place is None and parent and parent[:2] != code[:2]:
        yield "parent", _("a place of the same country, %s") % code[:2]
    if not (row.values.get("name_en") or row.values.get("name_zh")):
        yield "name_zh", _("a name in one language at least")
    above = known.get(parent)
    if place is None and not parent:
        yield "parent", _("the code of the place above")
    elif place and row.values.get("parent") and (above is None or above.pk != place.parent_id):
        yield "parent", _("the place above it on record: a place does not move")


def _rename(place: Place, row: tables.Row) -> bool:
    names = {key: row.values[key] for key in ("name_en", "name_zh") if row.values.get(key)}
    is_new = any(getattr(place, key) != name for key, name in names.items())
    for key, name in names.items():
        setattr(place, key, name)
    return is_new


def _create(
    sheet: str, fresh: dict[str, tables.Row], known: dict[str, Place], outcome: Outcome
) -> None:
    """Create the new places, those above first: one statement a level of the file."""
    while fresh:
        ready = {code: row for code, row in fresh.items() if _parent(row) in known}
        if not ready:
            break
        created = Place.objects.bulk_create(
            [_place(code, row, known[_parent(row)]) for code, row in ready.items()],
            batch_size=2000,
        )
        known |= {place.code: place for place in created}
        outcome.created += len(created)
        fresh = {code: row for code, row in fresh.items() if code not in ready}
    for row in fresh.values():
        outcome.wrong(
            sheet, row, "parent", _("the code of a known place, or of another row that has one"),
            value=_parent(row),
        )  # fmt: skip


def _place(code: str, row: tables.Row, above: Place) -> Place:
    names = row.values
    local = code.removeprefix("CN-")
    return Place(
        code=code,
        local_code=local if local.isdecimal() else "",
        name_en=names.get("name_en") or names["name_zh"],
        name_zh=names.get("name_zh") or names["name_en"],
        parent=above,
        time_zone=above.time_zone,
    )


def export_places() -> Iterator[list[tables.Cell]]:
    """Yield every place in the columns of the import, those above first."""
    rows = Place.objects.values_list("code", "name_en", "name_zh", "parent__code")
    for code, name_en, name_zh, parent in rows.order_by("code").iterator(chunk_size=2000):
        yield [code, name_en, name_zh, parent or ""]
