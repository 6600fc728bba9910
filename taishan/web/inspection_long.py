"""Entries to take away that are too many for a page: written by the worker, read once.

What is asked for is what had been recorded by then: the file is of that instant, however late it
is written.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet

from taishan.files import actions as files
from taishan.files.content import Bundle, Content
from taishan.kit import clock, streams
from taishan.kit.tables import Cell
from taishan.ledger import proving, queries, verifier
from taishan.ledger.models import Entry
from taishan.organisation.access import Capability, Viewer
from taishan.web import inspecting, inspection_files
from taishan.web.inspecting import Filters

KIND = "ledger"
PART = inspecting.LIMIT
"""Entries in one proof: it is read as a whole by whoever checks it."""


def ask(viewer: Viewer, now: datetime, filters: Filters, form: str, language: str) -> None:
    """Have the worker write what the filters find now, by the roles the viewer holds now."""
    record = {"record": ":".join(filters.record)} if filters.record else {}
    asked = {
        "filters": filters.told() | record,
        "at": now.isoformat(), "form": form, "roots": sorted(viewer.roots(Capability.INSPECT)),
    }  # fmt: skip
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked=asked, language=language,
        name=f"ledger-{clock.day_at(now)}.{form}",
    )  # fmt: skip


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still holds every role by which the file was asked for."""
    return viewer.roots(Capability.INSPECT) >= set(asked["roots"])


def content(viewer: Viewer, asked: dict[str, Any]) -> Content | Bundle:
    """Return the entries that were asked for, as a table or with their proofs."""
    filters = inspecting.read_filters(asked["filters"])
    found = inspecting.find(viewer.limited_to(asked["roots"]), filters)
    found = found.filter(recorded_at__lte=datetime.fromisoformat(asked["at"]))
    total = found.count()
    if asked["form"] == "zip":
        return Bundle(total=total, save=lambda out, note: _save(out, found, total, note))
    return Content(headings=inspection_files.headings(), total=total, rows=_rows(found))


def _parts(found: QuerySet[Entry]) -> Iterator[list[Entry]]:
    left = found.iterator(chunk_size=PART)
    while part := list(islice(left, PART)):
        yield part


def _rows(found: QuerySet[Entry]) -> Iterator[Sequence[Cell]]:
    for part in _parts(found):
        yield from inspection_files.rows(part)


def _save(out: IO[bytes], found: QuerySet[Entry], total: int, note: Callable[[int], None]) -> None:
    """Write the table, a proof for each part of it by one seal, the script and how to use it."""
    seal = queries.find_seal()
    how = inspection_files.how(seal.code if seal else "", "proof-1.json")
    with (
        tempfile.NamedTemporaryFile() as table,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):

        def rows() -> Iterator[Sequence[Cell]]:
            for number, part in enumerate(_parts(found), start=1):
                if seal:
                    proof = verifier.write(proving.prove(part, seal))
                    archive.writestr(f"proof-{number}.json", proof)
                yield from inspection_files.rows(part)
                note(min(number * PART, total))

        streams.save(table, "csv", inspection_files.headings(), rows())
        table.flush()
        archive.write(table.name, "entries.csv")
        archive.writestr("verify.py", inspection_files.SCRIPT.read_bytes())
        archive.writestr("README.txt", how)
