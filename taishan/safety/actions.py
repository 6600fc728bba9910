"""Stopping work, asking for it to go on, and letting it.

Whoever stops work is protected: unless they choose to be shown to everybody, the ledger, notices
and duties name nobody, so that no page can show what the unit's head is not to know.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.communications.channel_models import News
from taishan.core import red_lines as core
from taishan.core.red_lines import Bar, Case
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.kit import clock, outbox
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.organisation.models import Unit, UnitVersion
from taishan.safety import queries, red_line_queries, words
from taishan.safety.models import LiftingAnswer, LiftingFile, LiftingRequest, StopPhoto, StopWork
from taishan.safety.red_line_models import RedLine

PROTECTED = Actor(label="—")
"""Who stands in the ledger for somebody who stopped work and is not shown to everybody."""
TO_ANSWER = timedelta(days=1)
"""How long the authority has for its answer to a request."""
DUTY = "stop_lifting"
WAITED = timedelta(minutes=1)
"""What takes less to come in has not waited for a network."""


class StopRefused(ValueError):
    """The act cannot be; the message says why."""


@transaction.atomic
def stop_work(
    *,
    actor: Actor,
    now: datetime,
    version: UnitVersion,
    ground: str,
    place: str = "",
    with_below: bool = False,
    shown_to: str = StopWork.ShownTo.AUTHORITY,
    photo: Attachment | None = None,
    red_line: RedLine | None = None,
    key: UUID | None = None,
    said_at: datetime | None = None,
) -> StopWork:
    """Stop work at a unit from this instant. Raises StopRefused without a ground.

    The same ``key`` again is the same stop: a phone whose answer was lost sends it twice. Where it
    waited for a network, ``said_at`` is when it was said there.

    ``red_lines.report_breach`` gives the red line that was crossed, and asks whether it holds.
    """
    if not ground.strip():
        raise StopRefused(_("Say what is dangerous: that is the ground of the stop."))
    keeps_name = shown_to != StopWork.ShownTo.NOBODY
    stop, is_new = StopWork.objects.get_or_create(
        key=key or uuid4(),
        defaults={
            "unit_id": version.unit_id, "with_below": with_below, "ground": ground.strip(),
            "place": place.strip(), "shown_to": shown_to,
            "by_id": actor.account_id if keeps_name else None, "stopped_at": now,
            "authority_id": _find_authority(red_line, version, now), "red_line": red_line,
            "said_at": said_at if said_at and said_at <= now - WAITED else None,
        },
    )  # fmt: skip
    if is_new:
        _tell_of_stop(actor, now, stop, photo)
    return stop


def _find_authority(red_line: RedLine | None, version: UnitVersion, now: datetime) -> int:
    if red_line is None:
        return queries.find_authority(version, now)
    return red_line_queries.find_authority(red_line, version, now)


def _tell_of_stop(actor: Actor, now: datetime, stop: StopWork, photo: Attachment | None) -> None:
    shown_to = stop.shown_to
    voice = actor if shown_to == StopWork.ShownTo.EVERYBODY else PROTECTED
    kept = {"photo": StopPhoto.keep(photo, stop=stop).about()} if photo else {}
    ledger.record(
        actor=voice, now=now, verb="work.stopped", subject=("stop_work", str(stop.pk)),
        unit_id=stop.unit_id,
        data={"with_below": stop.with_below, "authority": stop.authority_id}
        | _crossed(stop) | _waited(stop) | kept,
    )  # fmt: skip
    people = queries.find_leaders(stop.unit_id, now)
    _tell(voice, now, stop, people | queries.find_lifters(stop, now), "stopped")
    outbox.publish("work.stopped", unit_id=stop.unit_id)


def _crossed(stop: StopWork) -> dict[str, str]:
    return {"red_line": f"{stop.red_line.code}#{stop.red_line.pk}"} if stop.red_line else {}


def _waited(stop: StopWork) -> dict[str, str]:
    return {"said_at": stop.said_at.isoformat()} if stop.said_at else {}


@transaction.atomic
def ask_lifting(
    *,
    actor: Actor,
    now: datetime,
    stop: StopWork,
    evidence: str,
    file: Attachment | None = None,
) -> LiftingRequest:
    """Ask the authority to lift a stop, with what shows that it is safe. Raises StopRefused."""
    if not evidence.strip():
        raise StopRefused(_("Say what was done and what shows that it is safe now."))
    if stop.red_line_id and file is None:
        raise StopRefused(words.BARS[Bar.NO_FILE])
    _lock(stop)
    last = stop.requests.order_by("-number").first()
    if last is not None and not hasattr(last, "answer"):
        raise StopRefused(_("A request waits for its answer already."))
    request = LiftingRequest.objects.create(
        stop=stop, number=last.number + 1 if last else 1, evidence=evidence.strip(),
        by_id=actor.account_id, asked_at=now,
    )  # fmt: skip
    kept = {"file": LiftingFile.keep(file, request=request).about()} if file else {}
    ledger.record(
        actor=actor, now=now, verb="stop.lifting_asked", subject=("stop_work", str(stop.pk)),
        unit_id=stop.unit_id, data={"request": request.number} | kept,
    )  # fmt: skip
    duties.assign(actor=actor, now=now, owed=[_answer_owed(request, now)])
    return request


def _lock(stop: StopWork) -> None:
    """Let requests and answers of one stop come one after the other. Raises StopRefused if over."""
    # Without "no key", every report that comes in for the unit would wait.
    Unit.objects.select_for_update(no_key=True).get(pk=stop.unit_id)
    if StopWork.objects.filter(pk=stop.pk).exclude(lifted_at=None).exists():
        raise StopRefused(_("This stop has been lifted already."))


def _answer_owed(request: LiftingRequest, now: datetime) -> Owed:
    stop = request.stop
    code = stop.unit.code
    return Owed(
        unit_id=stop.authority_id, post_id=queries.find_post(stop), creditor_id=stop.unit_id,
        kind="approval", subject=(DUTY, f"{stop.pk}:{request.number}"),
        address=reverse("safety:stop", args=[stop.pk]),
        what_en=f"Answer whether work may go on at {code}: it asks to have the stop lifted",
        what_zh=f"答复 {code} 解除停工的申请", due_at=now + TO_ANSWER,
    )  # fmt: skip


@transaction.atomic
def lift(
    *, actor: Actor, viewer: Viewer, now: datetime, request: LiftingRequest, reason: str
) -> LiftingAnswer:
    """Lift a stop on a request of somebody else; say on what. Raises StopRefused."""
    return _answer(actor, viewer, now, request, reason, is_lifted=True)


@transaction.atomic
def refuse_lifting(
    *, actor: Actor, viewer: Viewer, now: datetime, request: LiftingRequest, reason: str
) -> LiftingAnswer:
    """Leave a stop in force and say what is still missing. Raises StopRefused."""
    return _answer(actor, viewer, now, request, reason, is_lifted=False)


def _answer(
    actor: Actor, viewer: Viewer, now: datetime, request: LiftingRequest, reason: str, *,
    is_lifted: bool,
) -> LiftingAnswer:  # fmt: skip
    stop = request.stop
    has_file = LiftingFile.objects.filter(request=request).exists()
    case = Case(breaks_red_line=bool(stop.red_line_id), has_file=has_file, reason=reason)
    position = queries.find_position(viewer, stop, clock.day_at(now), request)
    bars = core.find_bars(position, case, is_lifted=is_lifted)
    if bars:
        raise StopRefused(" ".join(str(words.BARS[bar]) for bar in bars))
    _lock(stop)
    try:
        with transaction.atomic():
            answer = LiftingAnswer.objects.create(
                request=request, is_lifted=is_lifted, reason=reason.strip(), by_id=actor.account_id,
                answered_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise StopRefused(_("This request has been answered already.")) from None
    _conclude(actor, now, request, is_lifted=is_lifted)
    return answer


def _conclude(actor: Actor, now: datetime, request: LiftingRequest, *, is_lifted: bool) -> None:
    stop = request.stop
    ledger.record(
        actor=actor,
        now=now,
        verb="stop.lifted" if is_lifted else "stop.lifting_refused",
        subject=("stop_work", str(stop.pk)),
        unit_id=stop.unit_id,
        data={"request": request.number},
    )
    subject = (DUTY, f"{stop.pk}:{request.number}")
    duties.discharge_subject(actor=actor, now=now, kind="approval", subject=subject)
    _tell_of_answer(actor, now, stop, "lifted" if is_lifted else f"refused:{request.number}")
    if is_lifted:
        StopWork.objects.filter(pk=stop.pk, lifted_at=None).update(lifted_at=now)
        outbox.publish("work.resumed", unit_id=stop.unit_id)


def _tell_of_answer(actor: Actor, now: datetime, stop: StopWork, what: str) -> None:
    """Tell the unit's leaders, and who stopped work: among them, or where nobody else sees it."""
    people, stopper = queries.find_leaders(stop.unit_id, now), set[int]()
    if stop.by and stop.by.person_id:
        stopper = {stop.by.person_id}
    if stop.shown_to == StopWork.ShownTo.EVERYBODY:
        people, stopper = people | stopper, set()
    _tell(actor, now, stop, people, what)
    _tell(actor, now, stop, stopper - people, f"{what}:stopper", is_private=True)


_TOLD = {
    "stopped": ("Work is stopped at %s", "%s 已停工"),
    "lifted": ("The stop at %s is lifted: work may go on as the rules allow", "%s 已解除停工"),
    "refused": ("The stop at %s stays in force: see what is still missing", "%s 继续停工"),
}


def _tell(
    actor: Actor, now: datetime, stop: StopWork, people: set[int], what: str, *,
    is_private: bool = False,
) -> None:  # fmt: skip
    if not people:
        return
    code = stop.unit.code
    english, chinese = _TOLD[what.partition(":")[0]]
    red_line = stop.red_line
    communications.send(
        actor=actor, now=now, unit_id=stop.authority_id, person_ids=people,
        words=Words(
            title_en=english % code, title_zh=chinese % code,
            text_en=f"Red line: {red_line.what_en}. {stop.ground}" if red_line else stop.ground,
            text_zh=f"红线：{red_line.what_zh}。{stop.ground}" if red_line else stop.ground,
        ),
        about=("stop_work", f"{stop.pk}:{what}"), address=reverse("safety:stop", args=[stop.pk]),
        news=News.URGENT, is_private=is_private, is_inside_only=is_private,
    )  # fmt: skip
