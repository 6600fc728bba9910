"""Recording forms: a draft, in force, retired."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import answers
from taishan.forms import compiling, library, media
from taishan.forms.compiling import Compiled
from taishan.forms.models import Form, FormVersion
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger

State = FormVersion.State


class VersionRefused(ValueError):
    """The version cannot take this step; the message says why."""


@transaction.atomic
def upload(*, actor: Actor, now: datetime, content: bytes, name: str = "") -> FormVersion:
    """Record an XLSForm as the draft of its form's next version; a draft is replaced.

    Raises compiling.FormRefused with every error of the file, and VersionRefused where it differs
    in nothing from the latest version or asks about another subject than the form does. The same
    file brings back a form whose latest version is retired, as its next one.
    """
    first = compiling.compile_form(content, name=name)
    form = _form(first)
    latest = form.versions.order_by("-number").first()
    number = _next_number(first, latest)
    compiled = first
    if number > 1:
        compiled = compiling.compile_form(content, name=name, number=number)
    files = list(latest.files.all()) if latest is not None else []
    if latest is not None and latest.number == number:
        latest.delete()
    version = FormVersion.objects.create(
        form=form,
        number=number,
        source=content,
        source_name=name[:200] or f"{form.code}.xlsx",
        digest=compiled.digest,
        xform=compiled.xform,
        definition=answers.to_json(compiled.definition),
        settings=asdict(compiled.settings),
        recorded_at=now,
        recorded_by_id=actor.account_id,
    )
    media.carry(files, version)
    _note(actor, now, "form.uploaded", version)
    return version


def _form(compiled: Compiled) -> Form:
    """Return the form of the file, locked; a new one where its code is new."""
    given = asdict(compiled.settings)
    code = given.pop("code")
    Form.objects.get_or_create(code=code, defaults=given)
    form = Form.objects.select_for_update().get(code=code)
    if form.subject != compiled.settings.subject:
        about = form.get_subject_display()
        raise VersionRefused(_("The form is about %s: this cannot change.") % about)
    return form


def _next_number(compiled: Compiled, latest: FormVersion | None) -> int:
    if latest is None:
        return 1
    if latest.digest == compiled.digest and latest.state != State.RETIRED:
        raise VersionRefused(_("Nothing differs from version %d.") % latest.number)
    return latest.number if latest.state == State.DRAFT else latest.number + 1


@transaction.atomic
def publish(*, actor: Actor, now: datetime, version: FormVersion) -> None:
    """Bring a draft into force; the version that was in force is retired by it.

    Raises VersionRefused for what is no draft.
    """
    form = Form.objects.select_for_update().get(pk=version.form_id)
    form.versions.filter(state=State.PUBLISHED).update(
        state=State.RETIRED, retired_at=now, retired_by_id=actor.account_id
    )
    changed = form.versions.filter(pk=version.pk, state=State.DRAFT).update(
        state=State.PUBLISHED, published_at=now, published_by_id=actor.account_id
    )
    if not changed:
        raise VersionRefused(_("Only a draft can be published."))
    said = {key: value for key, value in version.settings.items() if key != "code"}
    Form.objects.filter(pk=form.pk).update(**said)
    _note(actor, now, "form.published", version)


@transaction.atomic
def retire(*, actor: Actor, now: datetime, version: FormVersion) -> None:
    """End a version in force. What was answered to it stays readable.

    Raises VersionRefused for what is not in force.
    """
    changed = FormVersion.objects.filter(pk=version.pk, state=State.PUBLISHED).update(
        state=State.RETIRED, retired_at=now, retired_by_id=actor.account_id
    )
    if not changed:
        raise VersionRefused(_("Only a version in force can be retired."))
    _note(actor, now, "form.retired", version)


def load_library(*, actor: Actor, now: datetime, folder: Path = library.FOLDER) -> list[str]:
    """Publish the forms shipped in a folder that are new or changed; return their codes.

    A form of which somebody here recorded the latest version is theirs, and left alone; one that
    was retired here comes back only with something new.
    """
    return [code for code in library.shipped(folder) if _load(actor, now, code, folder)]


@transaction.atomic
def _load(actor: Actor, now: datetime, code: str, folder: Path) -> bool:
    latest = FormVersion.objects.filter(form__code=code).order_by("-number").first()
    if latest is not None and latest.recorded_by_id is not None:
        return False
    content = library.workbook_of(code, folder)
    name = f"{code}.xlsx"
    if latest is not None and (
        bytes(latest.source) == content
        or compiling.compile_form(content, name=name).digest == latest.digest
    ):
        return False
    try:
        version = upload(actor=actor, now=now, content=content, name=name)
    except VersionRefused:
        return False
    publish(actor=actor, now=now, version=version)
    return True


def _note(actor: Actor, now: datetime, verb: str, version: FormVersion) -> None:
    ledger.record(
        actor=actor,
        now=now,
        verb=verb,
        subject=("form", version.form.code),
        data={"number": version.number, "digest": version.digest},
    )
