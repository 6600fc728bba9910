"""Directives that cite a regulation: begun from its page, asked again when it reads otherwise."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery

from taishan.communications import directives
from taishan.communications.models import Directive, DirectiveVersion, Recall
from taishan.kit.actor import Actor
from taishan.regulations import queries
from taishan.regulations.schemas import ClauseEntry, RegulationEntry


def text_of(entry: RegulationEntry) -> tuple[str, str]:
    """Return the clauses of a regulation as a directive keeps them, in English and in Chinese."""
    lines = [(clause.text.en, clause.text.zh, _days(entry, clause)) for clause in entry.clauses]
    numbered = [
        (f"{clause.id}. {en} [{days}]", f"{clause.id}. {zh} [{days}]")
        for clause, (en, zh, days) in zip(entry.clauses, lines, strict=True)
    ]
    return "\n".join(en for en, _zh in numbered), "\n".join(zh for _en, zh in numbered)


def _days(entry: RegulationEntry, clause: ClauseEntry) -> str:
    starts = clause.starts or entry.issued
    until = f"{clause.until:%Y-%m-%d %H:%M}" if clause.until else "…"
    return f"{starts:%Y-%m-%d %H:%M} – {until}"


def draft(*, actor: Actor, now: datetime, unit_id: int, entry: RegulationEntry) -> Directive:
    """Begin a directive of a unit about a regulation."""
    return directives.draft(
        actor=actor, now=now, unit_id=unit_id, title_en=entry.title.en[:120],
        title_zh=entry.title.zh[:120], cites=(entry.id, *text_of(entry)),
        origin=("regulation", entry.id),
    )  # fmt: skip


def ask_again(*, actor: Actor, now: datetime) -> int:
    """Ask anew for every acknowledgement of a directive whose regulation reads otherwise now.

    Returns how many. A regulation that is recorded no more asks for nothing.
    """
    entries = queries.get_library().entries
    asked = 0
    for version in _find_citing():
        entry = entries.get(version.cites)
        if entry is None:
            continue
        en, zh = text_of(entry)
        asked += bool(
            directives.ask_again(
                actor=actor, now=now, directive_id=version.directive_id, cited_en=en, cited_zh=zh
            )
        )
    return asked


def _find_citing() -> list[DirectiveVersion]:
    """Return the latest versions that cite something, of directives that are in force."""
    latest = DirectiveVersion.objects.filter(directive=OuterRef("directive")).order_by("-number")
    rows = DirectiveVersion.objects.exclude(cites="").filter(pk=Subquery(latest.values("pk")[:1]))
    return list(rows.exclude(directive__in=Recall.objects.values("directive_id")))
