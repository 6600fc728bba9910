"""Looking at what came in, row by row: each is ready to be stored, or rejected with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from msgspec import Struct

from taishan.core.answers import Checker
from taishan.core.schedules import Stage, Window
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.organisation import whereabouts
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.whereabouts import Whereabouts
from taishan.privacy import grounds
from taishan.reporting import owing, packing, queries
from taishan.reporting.submissions import Rejected, Submission


class Ready(Struct, frozen=True, kw_only=True):
    """A submission that may be stored. ``answers`` is JSON by place; see ``packing``."""

    submission: Submission
    form_id: int
    version: int
    unit_id: int
    subject_id: int
    submitted_at: datetime
    stage: Stage
    answers: str
    indicators: Mapping[str, int | float]
    is_of_unit: bool

    @property
    def key(self) -> tuple[int, int, date, int]:
        return self.unit_id, self.form_id, self.submission.period, self.subject_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A version of a form, ready to check. ``erased_until``: periods before it are gone."""

    form: Form
    number: int
    checker: Checker
    places: tuple[str, ...]
    erased_until: date
    is_of_unit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is asked of whom at an instant: versions of forms by code and number, None for the one
    in force, their schedules, and the grounds on which they are asked."""

    versions: Mapping[tuple[str, int | None], _Asked]
    book: owing.Book
    grounds: grounds.Grounds


def read_standing(now: datetime, codes: Iterable[str] | None = None) -> Standing:
    """Return what stands for the forms, all where none is named. Queries: three, and one a form."""
    versions = _versions(now, codes)
    ids = {version.form.pk for version in versions.values()}
    return Standing(versions=versions, book=owing.load(ids), grounds=grounds.Grounds(ids))


def examine(
    now: datetime,
    submissions: Sequence[Submission],
    viewer: Viewer | None,
    standing: Standing | None = None,
) -> list[Ready | Rejected]:
    """Return for each submission what is to be stored, or why not, in the order given.

    ``viewer`` limits for whom, where a submission names none itself; None does not. ``standing`` is
    read where it is not given. The number of queries is that of the forms at most.
    """
    asked = standing or read_standing(now, {storable(one.form) for one in submissions})
    places = _whereabouts(submissions, asked)
    versions = [asked.versions.get((one.form, one.version)) for one in submissions]
    desk = _Desk(now, asked.book, viewer, _lacking(asked, submissions, versions, places))
    found: list[Ready | Rejected] = []
    rows = zip(submissions, versions, places, strict=True)
    for lang, alike in groupby(rows, key=lambda row: row[0].lang):
        with translation.override(lang or translation.get_language()):
            found += [desk.examine(one, version, where) for one, version, where in alike]
    return found


def _lacking(
    standing: Standing,
    submissions: Sequence[Submission],
    versions: Sequence[_Asked | None],
    places: Sequence[Whereabouts],
) -> set[grounds.Asked]:
    """Return which of the reports need a consent that their person has not given."""
    if not standing.grounds.consented():
        return set()
    return grounds.find_lacking(
        [
            (version.form.pk, where.unit_id, where.subject_id, one.period)
            for one, version, where in zip(submissions, versions, places, strict=True)
            if version and version.form.subject == Form.Subject.PERSON
            and where.unit_id and where.subject_id
        ],
        standing.grounds,
    )  # fmt: skip


def _versions(now: datetime, codes: Iterable[str] | None) -> dict[tuple[str, int | None], _Asked]:
    """Return the versions that were ever in force by form and number, None for the one that is."""
    rows = FormVersion.objects.exclude(state=FormVersion.State.DRAFT)
    if codes is not None:
        rows = rows.filter(form__code__in=codes)
    rows = rows.select_related("form").defer("source", "xform", "definition", "settings")
    erased: dict[int, date] = {}
    found: dict[tuple[str, int | None], _Asked] = {}
    for row in rows:
        checker = forms.get_checker(row)
        if row.form_id not in erased:
            erased[row.form_id] = queries.erased_until(row.form, now)
        version = _Asked(
            form=row.form,
            number=row.number,
            checker=checker,
            places=packing.names(checker.definition),
            erased_until=erased[row.form_id],
            is_of_unit=row.form.subject == Form.Subject.UNIT,
        )
        found[row.form.code, row.number] = version
        if row.state == FormVersion.State.PUBLISHED:
            found[row.form.code, None] = version
    return found


def _whereabouts(submissions: Sequence[Submission], standing: Standing) -> list[Whereabouts]:
    """Return for each submission its subject and where it was on the period's day.

    Shifts are looked for where any has hours of its own.
    """
    versions = standing.versions.items()
    units = {code for (code, _n), one in versions if one.form.subject == Form.Subject.UNIT}
    found = iter(
        whereabouts.find_people(
            [_place(one) for one in submissions if one.form not in units],
            with_shifts=bool(standing.book.shifts),
        )
    )
    of_units = iter(whereabouts.find_units([_place(s) for s in submissions if s.form in units]))
    return [next(of_units if s.form in units else found) for s in submissions]


def _place(one: Submission) -> tuple[str, date]:
    return storable(one.subject), one.period


def storable(text: str) -> str:
    """Return the text, empty where PostgreSQL cannot hold it: one such row would undo a batch."""
    is_storable = "\x00" not in text and (text.isascii() or not _SURROGATE.search(text))
    return text if is_storable else ""


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Desk:
    """What every submission of a batch is held against."""

    def __init__(
        self, now: datetime, book: owing.Book, viewer: Viewer | None, lacking: set[grounds.Asked]
    ) -> None:
        self.now = now
        self.lacking = lacking
        self.book = book
        self.viewer = viewer
        self.local: dict[tuple[str, datetime], datetime] = {}

    def examine(
        self, one: Submission, asked: _Asked | None, where: Whereabouts
    ) -> Ready | Rejected:
        if asked is None:
            return _reject(one, "form", _("No form %s is in force.") % one.form)
        refusal = self._refuse_subject(one, asked, where)
        if refusal is not None:
            return refusal
        is_far = one.period.year > self.now.year + 1
        window = None if is_far else self._window(one, asked, where)
        if window is None:
            return _reject(one, "not_owed", _("No report is owed for %s.") % one.period)
        submitted = min(one.submitted_at or self.now, self.now)
        stage = window.stage(submitted)
        if stage == Stage.NOT_OPEN:
            opens = window.opens.astimezone(ZoneInfo(where.time_zone))
            return _reject(one, "not_open", _("It can be reported from %s on.") % f"{opens:%F %R}")
        if one.period < asked.erased_until:
            return _reject(one, "erased", _("The answers of %s are erased by now.") % one.period)
        checked = self._check(one, asked, where, submitted, stage)
        if isinstance(checked, Ready) and self._lacks_consent(asked, one, where):
            # Only now, and as if it were not owed: who withdrew is nobody else's to know.
            return _reject(one, "not_owed", _("No report is owed for %s.") % one.period)
        return checked

    def _lacks_consent(self, asked: _Asked, one: Submission, where: Whereabouts) -> bool:
        return (asked.form.pk, where.unit_id, where.subject_id, one.period) in self.lacking

    def _check(
        self, one: Submission, asked: _Asked, where: Whereabouts, submitted: datetime, stage: Stage
    ) -> Ready | Rejected:
        at = where.time_zone, submitted
        if at not in self.local:
            self.local[at] = submitted.astimezone(ZoneInfo(where.time_zone))
        checked = asked.checker.check(one.answers, now=self.local[at])
        answers = _ENCODER.encode(packing.pack(asked.places, checked.values))
        if checked.problems or not storable(answers):
            said = _("Some answers are missing or wrong.")
            return Rejected(submission=one, code="answers", reason=said, problems=checked.problems)
        return _ready(one, asked, where, submitted, stage, answers, checked.indicators)

    def _refuse_subject(
        self, one: Submission, asked: _Asked, where: Whereabouts
    ) -> Rejected | None:
        """To a viewer, the unknown and the forbidden are one: nobody learns who works here."""
        viewer = one.viewer or self.viewer
        is_own = viewer is None or (
            asked.form.subject == Form.Subject.PERSON
            and where.subject_id is not None and where.subject_id == viewer.person_id
        )  # fmt: skip
        if viewer is not None and not is_own and not viewer.may(Capability.REPORT, where.path):
            said = _("You may not report for %s.") % one.subject
            return _reject(one, "not_allowed", said)
        if where.subject_id is None:
            return _reject(one, "subject", _("Nobody is known as %s.") % one.subject)
        if where.unit_id is None:
            said = _("%(subject)s belonged to no open unit on %(day)s.")
            return _reject(one, "unit", said % {"subject": one.subject, "day": one.period})
        if is_own and self._lacks_consent(asked, one, where):
            said = _("%s has not agreed to being asked this, on the page of the report itself.")
            return _reject(one, "consent", said % one.subject)
        return None

    def _window(self, one: Submission, asked: _Asked, where: Whereabouts) -> Window | None:
        given = asked.form.pk, where.path, where.kind, one.period, where.time_zone
        return self.book.window(*given, where.shift_id)


def _reject(one: Submission, code: str, reason: str) -> Rejected:
    return Rejected(submission=one, code=code, reason=reason)


def _ready(
    one: Submission, asked: _Asked, where: Whereabouts, submitted: datetime, stage: Stage,
    answers: str, indicators: Mapping[str, int | float],
) -> Ready:  # fmt: skip
    assert where.subject_id is not None  # noqa: S101 - refused above
    assert where.unit_id is not None  # noqa: S101
    return Ready(
        submission=one,
        form_id=asked.form.pk,
        version=asked.number,
        unit_id=where.unit_id,
        subject_id=where.subject_id,
        submitted_at=submitted,
        stage=stage,
        answers=answers,
        indicators=indicators,
        is_of_unit=asked.is_of_unit,
    )
