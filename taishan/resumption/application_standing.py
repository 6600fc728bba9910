"""Where an application stands for who looks at it: its banner, who acts next, and its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from taishan.core.approvals import HOLDS, WRITTEN_IN, Act, Breach, State
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.resumption import application_steps, application_words, deciding
from taishan.resumption.models import Application, Step, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An application now: ``breaches`` are why an approval holds no more, or did when suspended."""

    state: State
    last: Step | None
    submission: Submission | None
    decider: UnitVersion | None
    """The unit whose turn it is, or that approved."""
    breaches: tuple[Breach, ...]
    is_own: bool
    """The viewer submitted it, so somebody else decides."""
    is_changed: bool
    """The plan was changed since it was submitted."""
    may_write: bool
    may_decide: bool

    @property
    def seen(self) -> int:
        return self.last.number if self.last else 0

    @property
    def may_edit(self) -> bool:
        return self.may_write and self.state in WRITTEN_IN

    @property
    def is_asked(self) -> bool:
        """Whether the viewer is to decide now."""
        return self.state is State.SUBMITTED and self.may_decide and not self.is_own

    @property
    def may_approve(self) -> bool:
        found = self.submission, self.last
        return self.is_asked and all(found) and found[1].level >= found[0].last  # type: ignore[union-attr]

    @property
    def may_forward(self) -> bool:
        found = self.submission, self.last
        return self.is_asked and found[1].level + 1 < len(found[0].line)  # type: ignore[union-attr]

    @property
    def may_confirm(self) -> bool:
        is_due = self.state is State.UNLOCKED or (
            self.state is State.SUSPENDED and not self.breaches
        )
        return is_due and self.may_decide and not self.is_own and not self.is_changed

    @property
    def may_unlock(self) -> bool:
        return self.state is State.APPROVED and self.may_decide and not self.is_own


def get_standing(
    viewer: Viewer, application: Application, path: str, now: datetime
) -> Standing:  # fmt: skip
    """Return where it stands at the instant, whether or not a job has run since."""
    last = application_steps.find_last(application)
    state = application_steps.state_of(last)
    submission = decider = None
    breaches: tuple[Breach, ...] = ()
    is_own = is_changed = False
    if last is not None:
        submission = application.submissions.select_related("plan").get(round=last.round)
        decider = organisation.get_last_version(submission.line[last.level])
        handed_in = application.steps.get(round=last.round, act=Act.SUBMIT)
        is_own = handed_in.by_id == viewer.account_id
        is_changed = submission.plan != application.plans.latest("number")
        if state in HOLDS or state is State.SUSPENDED:
            breaches = deciding.find_breaches(application, now)
        if state in HOLDS and breaches:
            state = State.SUSPENDED
    return Standing(
        state=state, last=last, submission=submission, decider=decider, breaches=breaches,
        is_own=is_own, is_changed=is_changed, may_write=viewer.may(Capability.ATTEST, path),
        may_decide=decider is not None and viewer.may(Capability.APPROVE, decider.path),
    )  # fmt: skip


def banner(found: Standing) -> dict[str, str]:
    """Return the callout: the state, its reason, who may act next, and if not you, why not."""
    return {
        "tone": application_words.tone(found.state),
        "title": application_words.state(found.state),
        "text": _reason(found),
        "next": _next(found),
    }


def _reason(found: Standing) -> str:
    if found.breaches:
        return application_words.breaches(found.breaches)
    if found.last is not None and found.last.act == Act.SUSPEND:
        why = application_words.breaches(application_words.breaches_of(found.last))
        return _("Put right meanwhile: %s") % why
    if found.last is not None and found.state in (State.RETURNED, State.UNLOCKED):
        return _("Why: %s") % found.last.reason
    return ""


def _next(found: Standing) -> str:
    if found.state in (State.DRAFT, State.RETURNED):
        who = _("The unit's head or a safety officer writes the plan and submits it.")
        return who if found.may_write else f"{who} {_not_yours()}"
    unit = {"unit": found.decider.name if found.decider else ""}
    if found.state is State.SUSPENDED and found.breaches:
        return _("The unit puts it right; then %(unit)s looks at it again.") % unit
    if found.is_changed:
        return _("The plan was changed since: the unit submits it anew.")
    who = {
        State.SUBMITTED: _("%(unit)s decides."),
        State.SUSPENDED: _("%(unit)s looks at it again and confirms it."),
        State.UNLOCKED: _("The unit changes what it has to; %(unit)s confirms it anew."),
        State.APPROVED: _("Its plan and what it rests on are locked; %(unit)s can unlock them."),
    }[found.state] % unit
    if found.is_own and found.may_decide:
        return f"{who} {_('You submitted it: somebody else decides.')}"
    return who if found.may_decide else f"{who} {_not_yours()}"


def _not_yours() -> str:
    return _("You hold no such role here.")


def story(application: Application, zone: str) -> list[dict[str, Any]]:
    """Return what happened, the latest first, for a timeline."""
    rows = application.steps.select_related("by__person", "unit").order_by("-number")
    return [
        {
            "when": date_format(one.at.astimezone(ZoneInfo(zone)), "Y-m-d H:i"),
            "iso": one.at.isoformat(),
            "title": application_words.act(Act(one.act))
            + (f" · {one.unit.code}" if one.unit else ""),
            "text": one.reason or application_words.breaches(application_words.breaches_of(one)),
            "who": application_words.name_of(one),
            "is_now": number == 0,
        }
        for number, one in enumerate(rows)
    ]
