"""What a pass of escalation found, told to each person in one notice in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from taishan.communications import actions
from taishan.communications.actions import Words
from taishan.communications.models import News, Notice
from taishan.core.duties import OPEN, State
from taishan.core.escalation import To
from taishan.duties.escalation_models import Escalation
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.organisation import queries as organisation
from taishan.organisation.models import UnitVersion

LONGEST, WIDEST = 20, 180
"""Lines of a digest and letters of one: a notice holds 4,000; the list of duties has them all."""
STATES = {
    State.PENDING: ("due", "待办"),
    State.DUE_SOON: ("due soon", "即将到期"),
    State.OVERDUE: ("overdue", "已逾期"),
    State.MISSED: ("missed", "未履行"),
}
WORST = (State.MISSED, State.OVERDUE, State.DUE_SOON, State.PENDING)
TOLD_AS = {
    To.DEPUTY: ("as deputy", "副职知悉"),
    To.SUPERIOR: ("as superior", "上级知悉"),
    To.CREDITOR: ("owed to you", "应向你单位履行"),
    To.INSPECTOR: ("for inspection", "督查知悉"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One duty as one person is told of it."""

    duty: Duty
    state: State
    version: UnitVersion
    told_as: To

    @property
    def address(self) -> str:
        """Where it is done, for who owes it; for anybody else, where it is read."""
        if self.told_as == To.DEBTOR and self.duty.address:
            return self.duty.address
        return reverse("duties:one", args=[self.version.unit.code, self.duty.id])

    def in_words(self) -> tuple[str, str]:
        due = self.duty.due_at.astimezone(ZoneInfo(self.version.time_zone))
        en, zh = STATES[self.state]
        as_en, as_zh = TOLD_AS.get(self.told_as, ("", ""))
        line_en, line_zh = (
            f"{en} ({due:%Y-%m-%d %H:%M}) — {self.version.name_en}: {self.duty.what_en}"
            + (f" [{as_en}]" if as_en else ""),
            f"{zh}（{due:%Y-%m-%d %H:%M}）——{self.version.name_zh}：{self.duty.what_zh}"
            + (f"〔{as_zh}〕" if as_zh else ""),
        )
        return line_en[:WIDEST], line_zh[:WIDEST]


@transaction.atomic
def tell(*, actor: Actor, now: datetime, round_id: str) -> int:
    """Tell each person in one notice what a pass found for them; return how many were told.

    What was done meanwhile is left out. People with the same to hear share a notice. A pass is told
    of once, as a whole, however often the job runs.
    """
    if Notice.objects.filter(about_kind="escalation", about_id=round_id).exists():
        return 0
    rows = list(Escalation.objects.filter(round=round_id))
    duties = {duty.id: duty for duty in Duty.objects.filter(id__in={row.duty_id for row in rows})}
    versions = organisation.find_last_versions((one.unit_id for one in duties.values()), now)
    of_person: dict[int, list[Escalation]] = defaultdict(list)
    for row in rows:
        if duties[row.duty_id].standing(now) in OPEN | {State.MISSED}:
            of_person[row.person_id].append(row)
    shared: dict[frozenset[tuple[UUID, str]], set[int]] = defaultdict(set)
    for person_id, theirs in of_person.items():
        shared[frozenset((row.duty_id, row.told_as) for row in theirs)].add(person_id)
    for content, people in shared.items():
        lines = [_line(duties[pk], versions, told_as, now) for pk, told_as in content]
        _send(actor, now, round_id, people, lines)
    return len(of_person)


def _line(duty: Duty, versions: dict[int, UnitVersion], told_as: str, now: datetime) -> _Line:
    return _Line(
        duty=duty, state=duty.standing(now), version=versions[duty.unit_id], told_as=To(told_as)
    )


def _send(
    actor: Actor, now: datetime, round_id: str, people: set[int], lines: Sequence[_Line]
) -> None:
    """Send in the name of the group's top: a digest speaks of several units."""
    ordered = sorted(lines, key=lambda line: (WORST.index(line.state), line.duty.due_at))
    first = ordered[0]
    is_late = first.state in (State.MISSED, State.OVERDUE)
    address = first.address if len(ordered) == 1 else "/"
    actions.send(
        actor=actor, now=now, unit_id=int(first.version.path.split(".")[0]), person_ids=people,
        words=_words(ordered), about=("escalation", round_id),
        address=address, news=News.URGENT if is_late else News.DUTY,
    )  # fmt: skip


def _words(lines: Sequence[_Line]) -> Words:
    numbers = [(state, sum(line.state is state for line in lines)) for state in WORST]
    en = ", ".join(f"{n} {STATES[state][0]}" for state, n in numbers if n)
    zh = "，".join(f"{n} 项{STATES[state][1]}" for state, n in numbers if n)
    told = [line.in_words() for line in lines[:LONGEST]]
    more = len(lines) - len(told)
    return Words(
        title_en=f"What is owed: {en}",
        title_zh=f"责任事项提醒：{zh}",
        text_en="\n".join([*(one for one, _zh in told), *([f"and {more} more"] if more else [])]),
        text_zh="\n".join([*(one for _en, one in told), *([f"另有 {more} 项"] if more else [])]),
    )
