"""Approvals as the gate reads them: what each of a unit's applications comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from taishan.core import approvals as core
from taishan.core.approvals import APPROVED_BY, HOLDS, Act, Basis, State
from taishan.core.gate import Fact
from taishan.kit import arrays
from taishan.organisation.models import Unit
from taishan.resumption.application_models import Step, Submission
from taishan.resumption.models import Refutation

APPROVES = 2
"""The amount of a filing that is an approval (``core/requirements.py``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """An attestation that an application rests on, with its days."""

    condition: str
    starts: date
    ends: date | None
    is_refuted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An application that was submitted, as of its last round. ``state``: by what was recorded.

    ``codes``: the units whose decision it carries; ``acts``: what was done, with the instant.
    """

    application_id: int
    unit_id: int
    is_urgent: bool
    round: int
    state: State
    starts_on: date
    until: date | None
    codes: tuple[str, ...]
    acts: tuple[tuple[Act, datetime], ...]
    rests: tuple[Rest, ...]

    @property
    def basis(self) -> tuple[Basis, ...]:
        return tuple(
            Basis(condition=one.condition, is_refuted=one.is_refuted) for one in self.rests
        )

    def day(self, today: date) -> date:
        """Return the day on which it has to hold: the one asked for, or today once that came."""
        return max(today, self.starts_on)

    def is_live(self, today: date) -> bool:
        """Tell whether it was given and is not over: it holds, or waits for a new look."""
        is_over = self.until is not None and self.until <= today
        return self.state in (*HOLDS, State.SUSPENDED) and not is_over

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.until is None or day < self.until)

    def facts(self, time_zone: str) -> list[Fact]:
        """Return its decisions as facts, for the days on which it was in force."""
        zone = ZoneInfo(time_zone)
        days = [(act, at.astimezone(zone).date()) for act, at in self.acts]
        return [
            fact for run in core.runs(days) for fact in self._facts(run.starts, run.ends)
        ]  # fmt: skip

    def supposed(self) -> list[Fact]:
        """Return its decisions as facts, supposing that it holds."""
        return list(self._facts(self.starts_on, None))

    def _facts(self, since: date, until: date | None) -> Iterator[Fact]:
        ends = min((day for day in (until, self.until) if day is not None), default=None)
        for code in self.codes:
            yield Fact(
                condition=APPROVED_BY + code, amount=APPROVES, starts=max(since, self.starts_on),
                ends=ends,
            )  # fmt: skip


def find_approvals(
    unit_ids: Iterable[int], as_known: datetime | None = None
) -> Mapping[int, list[Approval]]:
    """Return the units' submitted applications, oldest first, by what was known at an instant.

    One query where there are none; otherwise four, however many there are.
    """
    rows = Step.objects.filter(arrays.any_of("application__unit_id", unit_ids))
    if as_known is not None:
        rows = rows.filter(at__lte=as_known)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in rows.select_related("application").order_by("application_id", "number"):
        steps[step.application_id].append(step)
    if not steps:
        return {}
    submissions = _submissions(steps)
    refuted = _refuted(submissions.values(), as_known)
    codes = _codes(submissions.values())
    found: dict[int, list[Approval]] = defaultdict(list)
    for pk, of_one in steps.items():
        approval = _approval(of_one, submissions[pk, of_one[-1].round], refuted, codes)
        found[approval.unit_id].append(approval)
    return found


def _submissions(steps: Mapping[int, list[Step]]) -> dict[tuple[int, int], Submission]:
    rows = Submission.objects.filter(arrays.any_of("application_id", steps)).select_related("plan")
    return {(one.application_id, one.round): one for one in rows.prefetch_related("rests_on")}


def _refuted(submissions: Iterable[Submission], as_known: datetime | None) -> set[int]:
    ids = [one.pk for submission in submissions for one in submission.rests_on.all()]
    rows = Refutation.objects.filter(arrays.any_of("attestation_id", ids))
    if as_known is not None:
        rows = rows.filter(recorded_at__lte=as_known)
    return set(rows.values_list("attestation_id", flat=True))


def _codes(submissions: Iterable[Submission]) -> dict[int, str]:
    ids = {unit for submission in submissions for unit in submission.line}
    return dict(Unit.objects.filter(arrays.any_of("pk", ids)).values_list("pk", "code"))


def _approval(
    steps: Sequence[Step], submission: Submission, refuted: set[int], codes: Mapping[int, str]
) -> Approval:
    last, application = steps[-1], steps[-1].application
    return Approval(
        application_id=application.pk, unit_id=application.unit_id,
        is_urgent=application.lane == application.Lane.URGENT, round=last.round,
        state=core.AFTER[Act(last.act)], starts_on=submission.plan.starts_on,
        until=submission.plan.until,
        codes=tuple(codes[unit] for unit in submission.line[: last.level + 1]),
        acts=tuple((Act(step.act), step.at) for step in steps),
        rests=tuple(_rest(one, refuted) for one in submission.rests_on.all()),
    )  # fmt: skip


def _rest(attestation: Any, refuted: set[int]) -> Rest:
    return Rest(
        condition=attestation.condition, starts=attestation.valid.lower,
        ends=attestation.valid.upper, is_refuted=attestation.pk in refuted,
    )  # fmt: skip


def is_locked(unit_id: int, condition: str, starts: date, ends: date | None) -> bool:
    """Tell whether an approval rests on what was attested of a condition for any of these days.

    What begins when an approval is over does not touch it.
    """
    return any(
        rest.condition == condition
        and not rest.is_refuted
        and (ends is None or rest.starts < ends)
        and (rest.ends is None or starts < rest.ends)
        for approval in find_approvals([unit_id]).get(unit_id, ())
        if approval.state is State.APPROVED and (approval.until is None or starts < approval.until)
        for rest in approval.rests
    )
