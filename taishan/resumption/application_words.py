"""Applications as people read them: states, steps, differences, and why one is suspended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from taishan.core.approvals import Act, Breach, Cause, State
from taishan.kit import clock
from taishan.regulations import words
from taishan.resumption.models import Plan, Step

OWED = (
    "Decide on the application of %s to resume work",
    "审批 %s 的复工申请",
)
OWED_AGAIN = (
    "Look again at the approval of %s: what had suspended it is put right",
    "复核 %s 的复工批准：暂停原因已消除",
)
TOLD = {
    Act.APPROVE: ("%s: approved to resume work", "%s：复工申请已批准"),
    Act.RETURN: ("%s: the application to resume work is returned", "%s：复工申请已退回"),
    Act.SUSPEND: ("%s: the approval to resume work is suspended", "%s：复工批准已暂停"),
    Act.CONFIRM: ("%s: the approval to resume work holds again", "%s：复工批准恢复有效"),
    Act.UNLOCK: ("%s: the approved plan is unlocked", "%s：已批准的方案已解锁"),
}
_TONES = {
    State.DRAFT: "warn", State.SUBMITTED: "note", State.RETURNED: "bad", State.APPROVED: "good",
    State.UNLOCKED: "warn", State.SUSPENDED: "bad",
}  # fmt: skip


def state(of: State) -> str:
    return {
        State.DRAFT: _("Draft"),
        State.SUBMITTED: _("Applied"),
        State.RETURNED: _("Returned"),
        State.APPROVED: _("Approved"),
        State.UNLOCKED: _("Approved, unlocked"),
        State.SUSPENDED: _("Suspended"),
    }[of]


def tone(of: State) -> str:
    """Return the tone of its callout."""
    return _TONES[of]


def act(of: Act) -> str:
    return {
        Act.SUBMIT: _("Submitted"),
        Act.FORWARD: _("Forwarded"),
        Act.RETURN: _("Returned"),
        Act.APPROVE: _("Approved"),
        Act.SUSPEND: _("Suspended"),
        Act.CONFIRM: _("Confirmed anew"),
        Act.UNLOCK: _("Unlocked"),
    }[of]


def applied(
    found: tuple[int, State] | None, broken: Mapping[int, Iterable[Breach]]
) -> dict[str, Any] | None:
    """Return what a board or a unit's page says of its latest application."""
    if found is None:
        return None
    pk, stands = found
    return {
        "pk": pk, "word": state(stands), "tone": tone(stands), "why": breaches(broken.get(pk, ())),
    }  # fmt: skip


def done_meanwhile(last: Step) -> str:
    """Tell who was first: what they did, and when."""
    return _("%(who)s was first, at %(at)s: %(what)s. Look at it again.") % {
        "who": name_of(last) or _("Taishan"),
        "at": date_format(last.at.astimezone(ZoneInfo(clock.HOME)), "Y-m-d H:i"),
        "what": act(Act(last.act)),
    }


def name_of(of: Any) -> str:
    """Return who did something, as people call them."""
    return of.by.person.name if of.by and of.by.person else ""


def breach(of: Breach) -> str:
    """Say one reason for which an approval holds no more."""
    about = words.condition(of.about) if of.cause not in (Cause.STOPPED, Cause.SHUT) else of.about
    return {
        Cause.STOPPED: _("work is stopped on safety grounds: stop-work %s") % about,
        Cause.SHUT: _("the rules shut the unit"),
        Cause.UNMET: _("not met: %s") % about,
        Cause.REFUTED: _("refuted: %s") % about,
        Cause.LAPSED: _("has run out: %s") % about,
    }[of.cause]


def breaches(found: Iterable[Breach]) -> str:
    return "; ".join(breach(one) for one in found)


def breaches_of(step: Step) -> list[Breach]:
    """Return why a step suspended."""
    return [Breach(cause=Cause(cause), about=about) for cause, about in step.breaches]


def why_in_both(step: Step) -> tuple[str, str]:
    """Return the reason of a step in English and in Chinese; a person's own words are both."""
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.append(step.reason or breaches(breaches_of(step)) or act(Act(step.act)))
    return found[0], found[1]


def phases(plan: Plan) -> list[str]:
    return [
        _("from %(day)s: %(persons)s persons, %(who)s") % one for one in plan.phases
    ]  # fmt: skip


def fields(plan: Plan) -> list[tuple[str, str]]:
    """Return what a plan says, part by part."""
    return [
        (_("Work is to begin on"), str(plan.starts_on)),
        (_("Until (exclusive)"), str(plan.until or "")),
        (_("Principle"), plan.principle),
        (_("Phases"), "\n".join(phases(plan))),
        (_("Pace"), plan.pace),
        (_("Who first"), plan.who_first),
    ]


def differences(before: Plan, after: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield what a plan says otherwise than the one before: the part, as it was, as it is."""
    for (word, was), (_word, now) in zip(fields(before), fields(after), strict=True):
        if was != now:
            yield word, was, now
