"""From an instance to a report: of what form, about whom, for which period; and its files.

A checklist filled in is no report but an inspection of the unit that its id names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from taishan.core.answers import Definition, Problem, say
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.interop.openrosa import instances
from taishan.interop.openrosa.instances import Instance
from taishan.interop.openrosa.protocol import Refused
from taishan.kit import attachments, days
from taishan.kit.attachments import Attachment, AttachmentRefused
from taishan.organisation import history, whereabouts
from taishan.organisation.access import Viewer
from taishan.organisation.models import Person, is_chinese
from taishan.organisation.whereabouts import Whereabouts
from taishan.reporting import actions, files, my_reports, owing
from taishan.reporting.models import Door
from taishan.reporting.submissions import Accepted, Outcome, Rejected, Submission
from taishan.safety import inspections
from taishan.safety.inspections import Filled, InspectionRefused

DAY_QUESTIONS = ("period", "report_date")
"""An answer to a date question of this name says which day is reported."""
ONE_DAY = timedelta(days=1)
REACH = timedelta(days=400)
"""How far from now a day reported may be: longer than any period."""
LIMIT_NAME = 250
STATUS = {"form": 404, "subject": 403, "unit": 403, "not_allowed": 403, "answers": 422}
"""Of HTTP, for why a report is rejected; 409 for what its period does not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What is said of it, how many files came with it, and which names nobody asked for."""

    said: str
    files: int
    unasked: tuple[str, ...]


def receive(
    *, viewer: Viewer, person: Person, now: datetime, instance: Instance,
    parts: Mapping[str, bytes], device_at: datetime | None,
) -> Received:  # fmt: skip
    """Take a report in, with the files of this request. Raises Refused.

    Files are looked at first, so that a bad one keeps nothing. A client repeats the same instance
    with each of its files: the report is then the one on record.
    """
    code, _colon, unit = instance.form_id.partition(":")
    version = _version(code, instance.version)
    definition = forms.get_definition(version)
    answers = instances.answers(instance, definition)
    if version.form.is_checklist:
        return _inspection(viewer, now, version, unit, instance, parts, answers)
    named = definition.files(answers)
    attached = {name: _inspect(name, parts[name]) for name in parts if name in named}
    subject = _subject(version.form, person, unit, now)
    period, where = _period(version.form, subject, _day_asked(definition, answers), instance, now)
    submission = Submission(
        form=code, subject=subject, period=period, answers=answers, client=instance.number,
        door=Door.OPENROSA, version=version.number, device_at=device_at,
    )  # fmt: skip
    result = _submit(viewer, now, submission, definition)
    key = (result.unit_id, version.form_id, period, where.subject_id or 0)
    return Received(
        said=_became(result),
        files=_keep(viewer, now, key, instance, attached),
        unasked=tuple(sorted(parts.keys() - named.keys())),
    )


def _inspection(
    viewer: Viewer, now: datetime, version: FormVersion, unit: str, instance: Instance,
    parts: Mapping[str, bytes], answers: Mapping[str, Any],
) -> Received:  # fmt: skip
    """Take an inspection in. Raises Refused."""
    definition = forms.get_definition(version)
    named = definition.files(answers)
    attached = {name: _inspect(name, parts[name]) for name in parts if name in named}
    ended = inspections.believed(instance.ended_at, now)
    try:
        made = inspections.record(
            viewer=viewer, now=now, key=instance.number, unit=history.get_version_at(unit, ended),
            filled=Filled(
                version=version, answers=answers, files=attached,
                started_at=instance.started_at, ended_at=instance.ended_at,
            ),
        )  # fmt: skip
    except history.OrganisationRefused as refused:
        raise Refused(422, str(refused)) from None
    except InspectionRefused as refused:
        said = _lines(str(refused), refused.problems, definition)
        raise Refused(422 if refused.problems else 403, said) from None
    kept = made.photos.filter(answer__in=list(attached)).count()
    said = _("Inspection %d is recorded.") % made.pk
    return Received(said=said, files=kept, unasked=tuple(sorted(parts.keys() - named.keys())))


def _submit(
    viewer: Viewer, now: datetime, submission: Submission, definition: Definition
) -> Accepted:
    [result] = actions.submit_reports(
        actor=viewer.actor, now=now, submissions=[submission], viewer=viewer
    )
    if isinstance(result, Rejected):
        raise Refused(STATUS.get(result.code, 409), _said(result, definition))
    return result


def _version(code: str, number: int | None) -> FormVersion:
    try:
        return forms.get_version(code, number)
    except FormVersion.DoesNotExist:
        raise Refused(404, _("No form %s is in force.") % code) from None


def _inspect(name: str, content: bytes) -> Attachment:
    if len(name) > LIMIT_NAME:
        raise Refused(422, _("The name of a file is longer than %d characters.") % LIMIT_NAME)
    try:
        return attachments.inspect(name, content)
    except AttachmentRefused as refused:
        is_large = len(content) > attachments.LIMIT_BYTES
        raise Refused(413 if is_large else 415, str(refused)) from None


def _subject(form: Form, person: Person, unit: str, now: datetime) -> str:
    """Return whom the report is about: its sender, or the unit that the form's id names.

    A form got from elsewhere names none: that is no question where one answers for one unit alone.
    """
    if form.subject == Form.Subject.PERSON:
        return person.staff_no
    units = [unit] if unit else my_reports.answered_for(person, [now.date()])
    if len(units) != 1:
        raise Refused(422, _("It does not say for which unit: get the form anew from the list."))
    return units[0]


def _day_asked(definition: Definition, answers: Mapping[str, Any]) -> date | None:
    """Return the day that the answers name, where the form asks for it; a wrong one the checker
    finds."""
    names = {one.name for one, _path in definition.walk() if one.kind == "date"}
    given = next((answers.get(name) for name in DAY_QUESTIONS if name in names), None)
    try:
        return days.read(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _period(
    form: Form, subject: str, asked: date | None, instance: Instance, now: datetime
) -> tuple[date, Whereabouts]:
    """Return the latest period that had begun on the day reported, and where its subject was.

    That is the day answered, else the unit's local day when the form was finished. A clock that is
    ahead, or was never set, is not believed.
    """
    is_of_unit = form.subject == Form.Subject.UNIT
    find = whereabouts.find_units if is_of_unit else whereabouts.find_people
    ended = instance.ended_at
    if ended is None or not now - REACH < ended < now:
        ended = now
    day = asked or ended.date()
    where = find([(subject, day)])[0]
    if asked is None and where.time_zone:
        day = ended.astimezone(ZoneInfo(where.time_zone)).date()
        where = find([(subject, day)])[0]
        if _is_of_night_before(form, subject, where, day, ended):
            day -= ONE_DAY
            where = find([(subject, day)])[0]
    period = _begun(form, where, day) if abs(day - now.date()) < REACH else day
    return period, find([(subject, period)])[0]


def _is_of_night_before(
    form: Form, subject: str, where: Whereabouts, day: date, ended: datetime
) -> bool:
    """Tell whether a person's report of the day before could still be given, and that of the day
    not yet: on a night shift, which ends in the next day's morning."""
    if form.subject == Form.Subject.UNIT:
        return False
    [before] = whereabouts.find_people([(subject, day - ONE_DAY)])
    if before.shift_id is None:
        return False
    book = owing.load([form.pk])

    def is_taken(at: Whereabouts, period: date) -> bool:
        if not at.path:
            return False
        given = form.pk, at.path, at.kind, period, at.time_zone, at.shift_id
        window = book.window(*given)
        return window is not None and window.opens <= ended < window.closes

    return is_taken(before, day - ONE_DAY) and not is_taken(where, day)


def _begun(form: Form, where: Whereabouts, day: date) -> date:
    given = form.pk, where.path, where.kind, day, where.shift_id
    rules = owing.load([form.pk]).holding(*given)
    since, until = day - REACH, day + ONE_DAY
    return max((one for rule in rules for one in rule.between(since, until)), default=day)


def _became(result: Accepted) -> str:
    """Return what became of a report, for its sender."""
    said = {
        Outcome.NEW: _("Recorded."),
        Outcome.CHANGED: _("Recorded; it replaces your earlier report."),
        Outcome.REPEATED: _("Recorded before; nothing changed."),
        Outcome.PROPOSED: _("The period is closed: your unit's officer decides."),
    }[result.outcome]
    return f"{result.submission.form} {result.submission.period}: {said}"


def _said(rejected: Rejected, definition: Definition) -> str:
    """Return why a report is rejected, question by question."""
    return _lines(rejected.reason, rejected.problems, definition)


def _lines(reason: str, problems: Iterable[Problem], definition: Definition) -> str:
    lang = "zh" if is_chinese() else "en"
    labels = {one.name: say(one.labels, lang) for one, _path in definition.walk()}
    lines = [
        f"{labels.get(one.question) or one.question}: {say(one.message, lang)}" for one in problems
    ]
    return "\n".join([reason, *lines])


def _keep(
    viewer: Viewer,
    now: datetime,
    key: tuple[int, int, date, int],
    instance: Instance,
    attached: Mapping[str, Attachment],
) -> int:
    try:
        return files.add(
            actor=viewer.actor, now=now, key=key, client=instance.number, files=attached
        )
    except files.FileRefused as refused:
        raise Refused(409, str(refused)) from None
