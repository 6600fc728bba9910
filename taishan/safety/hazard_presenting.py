"""A hazard as its page shows it: the banner, the plan, the photos and what happened, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from taishan.core.hazards import ENDED, Act, Cause, Grade, Position, State
from taishan.kit import clock
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding
from taishan.safety import hazard_standing, hazard_steps, hazard_words
from taishan.safety.hazard_criteria_models import Criterion
from taishan.safety.hazard_models import Hazard, HazardAct, HazardPhoto
from taishan.safety.hazard_supervision_models import Whom

TONES = {State.CLOSED: "good", State.DISMISSED: "note", State.MERGED: "note"}


def local(at: datetime) -> str:
    """Return an instant in the time zone of the page."""
    return date_format(timezone.localtime(at), "Y-m-d H:i")


def banner(hazard: Hazard, position: Position, now: datetime) -> dict[str, str]:
    """Return the callout: its state, who acts next, and if not you, why not."""
    state = State(hazard.state)
    late = hazard_standing.is_overdue(hazard, now)
    text = _("Overdue since %s.") % local(hazard.due_at) if late and hazard.due_at else ""
    if not text and state in {State.ASSIGNED, State.RECTIFYING} and hazard.due_at:
        text = _("To be put right by %s.") % local(hazard.due_at)
    tone = "bad" if late or (hazard.grade == Grade.MAJOR and state not in ENDED) else "warn"
    return {
        "tone": TONES.get(state, tone), "title": _capital(str(hazard_words.STATES[state])),
        "text": text, "next": "" if state in ENDED else _next(hazard, position),
    }  # fmt: skip


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _next(hazard: Hazard, position: Position) -> str:
    who = str(hazard_words.NEXT[State(hazard.state)])
    if "%s" in who:
        who = who % (hazard.post.title if hazard.post else "—")
    bars = hazard_steps.find_bars_to_next(hazard, position)
    return f"{who} {hazard_words.say_why(bars) if bars else _('You can.')}"


def find_named(
    viewer: Viewer, position: Position, hazard: Hazard, path: str
) -> frozenset[int]:  # fmt: skip
    """Return the reports, of it and of those merged into it, whose reporters the viewer may know.

    Whoever handles or inspects hazards there knows all of them, and anybody their own.
    """
    knows_all = position.manages or viewer.may(Capability.INSPECT, path)
    return frozenset(
        one.pk for one in (hazard, *hazard.merged.all())
        if knows_all or (one.reporter_id is not None and one.reporter_id == viewer.account_id)
    )  # fmt: skip


def story(hazard: Hazard, *, named: frozenset[int] = frozenset()) -> list[dict[str, Any]]:
    """Return what happened to it and to those merged into it, the latest first, for a timeline.

    Who reported it is said of those ``named`` (``find_named``).
    """
    rows = HazardAct.objects.filter(hazard__in=[hazard, *hazard.merged.all()])
    rows = rows.select_related("by__person", "hazard").order_by("-at", "-pk")
    return [_event(act, hazard, named) for act in rows]


def _event(act: HazardAct, hazard: Hazard, named: frozenset[int]) -> dict[str, Any]:
    title = str(hazard_words.ACTS[Act(act.act)])
    if act.hazard_id != hazard.pk:
        title = _("%(what)s (hazard %(number)d)") % {"what": title, "number": act.hazard_id}
    hidden = act.act == Act.FIND and act.hazard_id not in named
    return {
        "when": local(act.at), "iso": act.at.isoformat(), "title": _capital(title),
        "text": _text(act), "who": _("name not shown") if hidden else _who(act),
    }  # fmt: skip


def _who(act: HazardAct) -> str:
    if act.by and act.by.person:
        return str(act.by.person.name)
    return _("without a name") if act.act == Act.FIND else ""


def _text(act: HazardAct) -> str:
    parts = [act.reason] if act.reason else []
    if act.act == Act.GRADE and "grade" in act.data:
        grade = hazard_words.GRADES[Grade(act.data["grade"])]
        parts.insert(0, f"{grade} · {hazard_words.CAUSES.get(act.data.get('cause'), '')}")
    if "due_at" in act.data:
        parts.append(_("by %s") % local(datetime.fromisoformat(act.data["due_at"])))
    return " — ".join(str(part) for part in parts)


@dataclass(slots=True, kw_only=True)
class Photos:
    """``before`` it was put right, ``after`` as handed in last, ``seen`` by who verified it."""

    before: list[HazardPhoto] = field(default_factory=list)
    after: list[HazardPhoto] = field(default_factory=list)
    seen: list[HazardPhoto] = field(default_factory=list)


def photos(hazard: Hazard) -> Photos:
    """Return the photos of a hazard and, from before, of those merged into it."""
    rows = HazardPhoto.objects.filter(act__hazard__in=[hazard, *hazard.merged.all()])
    found = list(rows.select_related("act").order_by("act__at", "pk"))
    last = max((one.act.number for one in found if one.act.act == Act.SUBMIT), default=0)
    return Photos(
        before=[one for one in found if one.act.act == Act.FIND],
        after=[one for one in found if one.act.act == Act.SUBMIT and one.act.number == last],
        seen=[one for one in found if one.act.act == Act.VERIFY],
    )


def reporters(named: frozenset[int]) -> list[str]:
    """Return who made the reports whose reporters may be known (``find_named``)."""
    rows: Iterable[Hazard] = Hazard.objects.filter(pk__in=named).select_related("reporter__person")
    return [
        one.reporter.person.name if one.reporter and one.reporter.person else _("without a name")
        for one in rows
    ]


def criterion(hazard: Hazard) -> Criterion | None:
    """Return the criterion that graded it, as it read in the version of that day."""
    act = hazard.acts.filter(act=Act.GRADE).order_by("-number").first()
    library, _slash, number = (act.data.get("library", "") if act else "").partition("/")
    if not number:
        return None
    return Criterion.objects.filter(
        version__from_library=library, version__number=int(number), code=hazard.criterion
    ).first()


def cause(hazard: Hazard) -> str:
    return str(hazard_words.CAUSES[Cause(hazard.cause)]) if hazard.cause else ""


def responsible(hazard: Hazard, now: datetime) -> str:
    """Return the responsible post and who holds it."""
    if hazard.post is None:
        return ""
    held = PostHolding.objects.filter(post=hazard.post, valid__contains=clock.day_at(now))
    holder = held.select_related("person").first()
    return f"{hazard.post.title} · {holder.person.name if holder else _('vacant')}"


def tellings(hazard: Hazard) -> list[dict[str, Any]]:
    """Return, for each who must know of a major hazard, what is recorded of its being told."""
    rows = list(hazard.tellings.select_related("by__person", "file").order_by("told_at"))
    return [
        {"whom": label, "code": value, "rows": [one for one in rows if one.whom == value]}
        for value, label in Whom.choices
    ]
