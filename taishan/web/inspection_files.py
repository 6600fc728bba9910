"""Entries to take away: as a table, or with proofs that need nobody's word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from taishan.kit import tables
from taishan.kit.tables import Cell
from taishan.ledger import proving, queries, verifier
from taishan.ledger.models import Entry
from taishan.web import inspecting, ledger_words

SCRIPT = Path(verifier.__file__)


def headings() -> list[str]:
    return [
        _("Entry no."), _("Recorded (UTC)"), _("Happened (UTC)"), _("What was done"), _("Verb"),
        _("Kind"), _("On which record"), _("Unit"), _("By whom"), _("As"), _("Door"), _("More"),
        _("Entry"),
    ]  # fmt: skip


def rows(entries: Sequence[Entry]) -> list[list[Cell]]:
    """Return a line an entry, in the columns of ``headings``."""
    names = inspecting.read_names(entries)
    return [
        [
            names.numbers.get(one.id), f"{one.recorded_at:%Y-%m-%d %H:%M:%S}",
            f"{one.happened_at:%Y-%m-%d %H:%M:%S}", ledger_words.sentence(one.verb), one.verb,
            one.subject_kind, one.subject_id, names.units.get(one.unit_id, ""), names.actor(one),
            ledger_words.post(one.post), ledger_words.door(one.door),
            "; ".join(f"{key}: {text}" for key, text in inspecting.describe(one)), str(one.id),
        ]
        for one in entries
    ]  # fmt: skip


def as_csv(entries: Sequence[Entry]) -> bytes:
    return tables.write_csv(headings(), rows(entries))


def as_xlsx(entries: Sequence[Entry]) -> bytes:
    return tables.write_xlsx(_("ledger"), headings(), rows(entries))


def as_zip(entries: Sequence[Entry]) -> bytes:
    """Return the tables, the proof by the latest seal, the script that checks it, and how."""
    seal = queries.find_seal()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("entries.csv", as_csv(entries))
        archive.writestr("entries.xlsx", as_xlsx(entries))
        archive.writestr("verify.py", SCRIPT.read_bytes())
        if seal:
            archive.writestr("proof.json", verifier.write(proving.prove(entries, seal)))
        archive.writestr("README.txt", how(seal.code if seal else "", "proof.json"))
    return out.getvalue()


def how(code: str, proof: str) -> str:
    """Return how an outsider checks a proof; ``code`` is its seal, empty where there is none."""
    if not code:
        return _("Nothing was sealed yet: there is no proof in here.") + "\n"
    return _(
        "%(proof)s proves that the entries stand in the sealed ledger.\n"
        "Take the seal from where it was published, not from here, and run:\n\n"
        "    python verify.py %(proof)s SIZE:ROOT\n\n"
        "The proof was made for the seal\n\n    %(seal)s\n\n"
        "Entries that were recorded after it are in the tables and not in the proof.\n"
    ) % {"proof": proof, "seal": code}


FORMS: dict[str, tuple[str, Callable[[Sequence[Entry]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (tables.XLSX, as_xlsx),
    "zip": ("application/zip", as_zip),
}
