"""Ordering units below to do something: from the draft over its versions to its recall.

Every step of one directive waits for the one before it: they lock its draft or the directive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from taishan.communications import directive_content, directive_duties, directive_notices
from taishan.communications.directive_content import Content, MeasureWanted
from taishan.communications.models import (
    Directive,
    DirectiveDraft,
    DirectiveFile,
    DirectiveNumber,
    DirectiveVersion,
    Measure,
    Reach,
    Recall,
)
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Unit, UnitVersion


class DirectiveRefused(ValueError):
    """A step that cannot be taken; the message says why."""


@transaction.atomic
def draft(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    title_en: str = "",
    title_zh: str = "",
    text_en: str = "",
    text_zh: str = "",
    measures: Iterable[MeasureWanted] = (),
    unit_ids: Iterable[int] = (),
    acknowledgement: str = "",
    acknowledge_by: datetime | None = None,
    cites: tuple[str, str, str] = ("", "", ""),
    origin: tuple[str, str] = ("", ""),
) -> Directive:
    """Begin a directive of which nobody below is told; ``origin``: what it came from.

    ``cites``: the key of a regulation, and its clauses in English and in Chinese."""
    directive = Directive.objects.create(
        unit_id=unit_id, origin_kind=origin[0], origin_id=origin[1], drafted_at=now
    )
    content = Content(
        title_en=title_en, title_zh=title_zh, text_en=text_en, text_zh=text_zh,
        measures=tuple(measures), unit_ids=tuple(unit_ids), acknowledgement=acknowledgement,
        acknowledge_by=acknowledge_by, cites=cites[0], cited_en=cites[1], cited_zh=cites[2],
    )  # fmt: skip
    _begin(actor, now, directive, content)
    _record(actor, now, directive, "drafted", {"origin": origin})
    return directive


@transaction.atomic
def begin_version(*, actor: Actor, now: datetime, directive_id: int) -> None:
    """Begin the next version of an issued directive, as the last one reads. DirectiveRefused."""
    directive = lock(directive_id)
    if DirectiveDraft.objects.filter(directive=directive).exists():
        raise DirectiveRefused(_("A new version is being written already."))
    content = directive_content.of_version(_last(directive))
    _begin(actor, now, directive, content)
    _record(actor, now, directive, "version_begun", {})


def _begin(actor: Actor, now: datetime, directive: Directive, content: Content) -> None:
    DirectiveDraft.objects.create(
        directive=directive, content=directive_content.as_json(content), written_at=now,
        written_by=actor.label,
    )  # fmt: skip


@transaction.atomic
def revise(
    *, actor: Actor, now: datetime, directive_id: int, edition: int, content: Content
) -> None:
    """Keep what a draft is to say. Raises DirectiveRefused.

    ``edition`` is the number of the one that was read: what somebody else wrote since is not lost.
    Files and the regulation it cites stay as they are.
    """
    found = _lock_draft(directive_id)
    if found.edition != edition:
        raise DirectiveRefused(_("Somebody has written in it meanwhile: look at it again."))
    kept = {name: found.content[name] for name in ("file_ids", "cites", "cited_en", "cited_zh")}
    _write(actor, now, found, directive_content.as_json(content) | kept)


@transaction.atomic
def add_file(*, actor: Actor, now: datetime, directive_id: int, file: Attachment) -> None:
    """Let a file go with a draft. Raises DirectiveRefused."""
    found = _lock_draft(directive_id)
    row = DirectiveFile.keep(file, directive_id=directive_id, added_at=now)
    _write(actor, now, found, found.content | {"file_ids": [*found.content["file_ids"], row.pk]})


@transaction.atomic
def leave_out_file(*, actor: Actor, now: datetime, directive_id: int, file_id: int) -> None:
    """Let a file go with a draft no longer. Raises DirectiveRefused."""
    found = _lock_draft(directive_id)
    left = [pk for pk in found.content["file_ids"] if pk != file_id]
    _write(actor, now, found, found.content | {"file_ids": left})


def _write(actor: Actor, now: datetime, found: DirectiveDraft, content: dict[str, Any]) -> None:
    found.content, found.written_at, found.written_by = content, now, actor.label
    found.edition += 1
    found.save(update_fields=["content", "written_at", "written_by", "edition"])
    _record(actor, now, found.directive, "draft_revised", {"edition": found.edition})


@transaction.atomic
def discard(*, actor: Actor, now: datetime, directive_id: int) -> None:
    """Give up a draft; what was issued before it stands. Raises DirectiveRefused."""
    found = _lock_draft(directive_id)
    directive = found.directive
    found.delete()
    _record(actor, now, directive, "draft_discarded", {"edition": found.edition})


def _lock_draft(directive_id: int) -> DirectiveDraft:
    found = (
        DirectiveDraft.objects.select_for_update(of=["self"])
        .select_related("directive")
        .filter(directive_id=directive_id)
        .first()
    )
    if found is None:
        raise DirectiveRefused(_("There is no draft of it: it was issued or given up meanwhile."))
    return found


@transaction.atomic
def issue(*, actor: Actor, now: datetime, directive_id: int) -> DirectiveVersion:
    """Freeze the draft as the next version, and let the units owe what it asks.

    A first version gets the next number of its unit's year. A later one waives what it no longer
    asks, and asks anew for acknowledgement. Raises DirectiveRefused.
    """
    found = _lock_draft(directive_id)
    directive = lock(directive_id)
    last = directive.versions.order_by("-number").first()
    content = directive_content.from_json(found.content)
    _refuse_unfit(directive, content, last, now)
    if last is None:
        _give_number(directive, now)
    version = _freeze(actor, now, directive, content, last)
    found.delete()
    directive_duties.ask(actor=actor, now=now, version=version, last=last)
    directive_notices.tell(actor=actor, now=now, directive=directive, version=version)
    _record(actor, now, directive, "issued", {
        "version": version.number, "units": len(content.unit_ids),
        "files": sorted(version.files.values_list("sha256", flat=True)),
    })  # fmt: skip
    return version


@transaction.atomic
def ask_again(
    *, actor: Actor, now: datetime, directive_id: int, cited_en: str, cited_zh: str
) -> DirectiveVersion | None:
    """Issue the same words anew, since the regulation that they cite reads otherwise now.

    Units get as long to acknowledge as they had before. Returns None where nothing has changed,
    nobody is to acknowledge it, or it was recalled.
    """
    lock_directive(directive_id)
    directive = Directive.objects.get(pk=directive_id)
    last = _last(directive)
    same = (last.cited_en, last.cited_zh) == (cited_en, cited_zh)
    if same or last.acknowledge_by is None or is_recalled(directive):
        return None
    content = directive_content.of_version(last)
    told = directive_content.as_json(content) | {
        "cited_en": cited_en, "cited_zh": cited_zh,
        "acknowledge_by": (now + (last.acknowledge_by - last.issued_at)).isoformat(),
    }  # fmt: skip
    version = _freeze(actor, now, directive, directive_content.from_json(told), last)
    directive_duties.ask(actor=actor, now=now, version=version, last=last)
    directive_notices.tell(actor=actor, now=now, directive=directive, version=version)
    _record(actor, now, directive, "asked_again", {"version": version.number, "cites": last.cites})
    return version


def _refuse_unfit(
    directive: Directive, content: Content, last: DirectiveVersion | None, now: datetime
) -> None:
    if not (content.title_en and content.title_zh and content.text_en and content.text_zh):
        raise DirectiveRefused(_("It needs a title and a text."))
    if not content.measures and not content.acknowledgement:
        raise DirectiveRefused(
            _("It asks nothing of anybody: add a measure or an acknowledgement, or send a notice.")
        )
    known = {_key(one) for one in last.measures.all()} if last else set()
    hours = [one.due_at for one in content.measures if _key(one) not in known]
    if content.acknowledgement:
        hours.append(content.acknowledge_by or now)
    if any(hour <= now for hour in hours):
        raise DirectiveRefused(_("Every hour that it names has to be yet to come."))
    _refuse_strangers(directive, content, now)
    if last:
        _refuse_asking_back(content, last)


def _refuse_strangers(directive: Directive, content: Content, now: datetime) -> None:
    below = UnitVersion.objects.filter(
        path__passes_through=directive.unit_id,
        valid__contains=history.day_of(directive.unit_id, now),
    ).exclude(unit_id=directive.unit_id)
    wanted = set(content.unit_ids)
    if not wanted or wanted - set(below.values_list("unit_id", flat=True)):
        raise DirectiveRefused(_("A directive goes to units that stand below its own today."))


def _refuse_asking_back(content: Content, last: DirectiveVersion) -> None:
    """What a unit owed once and was let off would not be opened again, and nobody would see it."""
    known = {_key(one): one for one in last.measures.all()}
    kept = [known[_key(one)] for one in content.measures if _key(one) in known]
    added = set(content.unit_ids) - set(last.units.values_list("pk", flat=True))
    if kept and added and directive_duties.has_let_off(kept, added):
        raise DirectiveRefused(
            _("A unit was let off a measure by an earlier version: ask it in other words.")
        )


def _key(one: Measure | MeasureWanted) -> tuple[str, str, datetime, bool]:
    return (one.what_en, one.what_zh, one.due_at, one.needs_evidence)


def _give_number(directive: Directive, now: datetime) -> None:
    # Whoever issues for the same unit waits here, so that no number is left out or given twice.
    Unit.objects.select_for_update(no_key=True).get(pk=directive.unit_id)
    year = history.day_of(directive.unit_id, now).year
    series = DirectiveNumber.objects.filter(unit_id=directive.unit_id, year=year)
    DirectiveNumber.objects.create(
        directive=directive, unit_id=directive.unit_id, year=year, number=series.count() + 1
    )


def _freeze(
    actor: Actor,
    now: datetime,
    directive: Directive,
    content: Content,
    last: DirectiveVersion | None,
) -> DirectiveVersion:
    version = DirectiveVersion.objects.create(
        directive=directive, number=last.number + 1 if last else 1,
        title_en=content.title_en, title_zh=content.title_zh, text_en=content.text_en,
        text_zh=content.text_zh, acknowledgement=content.acknowledgement,
        acknowledge_by=content.acknowledge_by if content.acknowledgement else None,
        cites=content.cites, cited_en=content.cited_en, cited_zh=content.cited_zh,
        issued_at=now, issued_by=actor.label,
    )  # fmt: skip
    version.measures.set(_measures(directive, content, last))
    version.units.set(content.unit_ids)
    version.files.set(content.file_ids)
    Reach.objects.bulk_create(
        (Reach(directive=directive, unit_id=pk) for pk in content.unit_ids), ignore_conflicts=True
    )
    return version


def _measures(
    directive: Directive, content: Content, last: DirectiveVersion | None
) -> list[Measure]:
    """Return the measures: those of the last version as they are, and the new ones."""
    known = {_key(one): one for one in (last.measures.all() if last else ())}
    return [
        known.get(_key(one))
        or Measure.objects.create(
            directive=directive, what_en=one.what_en, what_zh=one.what_zh, due_at=one.due_at,
            needs_evidence=one.needs_evidence,
        )
        for one in content.measures
    ]  # fmt: skip


@transaction.atomic
def recall(*, actor: Actor, now: datetime, directive_id: int, reason: str) -> Recall:
    """Ask for nothing of it any more: all that is open is waived.

    Raises DirectiveRefused without a reason.
    """
    if not reason.strip():
        raise DirectiveRefused(_("A recall needs its reason."))
    directive = lock(directive_id)
    _last(directive)
    recalled = Recall.objects.create(
        directive=directive, reason=reason.strip(), at=now, by_label=actor.label
    )
    waived = directive_duties.waive_all(actor=actor, now=now, directive=directive, reason=reason)
    DirectiveDraft.objects.filter(directive=directive).delete()
    _record(actor, now, directive, "recalled", {"waived": waived})
    return recalled


def _last(directive: Directive) -> DirectiveVersion:
    last = directive.versions.order_by("-number").first()
    if last is None:
        raise DirectiveRefused(_("It has not been issued yet."))
    return last


def lock_directive(directive_id: int) -> None:
    """Let one step of a directive at a time through, until the end of the transaction."""
    with connection.cursor() as cursor:
        # The rows cannot be locked: the application may not update them.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('communications.directive', %s))",
            [directive_id],
        )


def lock(directive_id: int) -> Directive:
    """Lock a directive and return it. Raises DirectiveRefused where it was recalled."""
    lock_directive(directive_id)
    directive = Directive.objects.get(pk=directive_id)
    if is_recalled(directive):
        raise DirectiveRefused(_("It was recalled: nobody owes anything of it any more."))
    return directive


def is_recalled(directive: Directive) -> bool:
    """Tell whether nothing of it is asked any more."""
    return Recall.objects.filter(directive=directive).exists()


def _record(
    actor: Actor, now: datetime, directive: Directive, verb: str, data: dict[str, Any]
) -> None:
    ledger.record(
        actor=actor, now=now, verb=f"directive.{verb}", unit_id=directive.unit_id, data=data,
        subject=("directive", str(directive.pk)),
    )  # fmt: skip
