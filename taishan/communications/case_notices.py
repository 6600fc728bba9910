"""What those whom it concerns are told of an accountability case."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from taishan.communications import actions
from taishan.communications.actions import Words
from taishan.communications.models import News, Notice
from taishan.core.accountability import Act
from taishan.duties.case_models import Case
from taishan.kit.actor import Actor
from taishan.organisation import history
from taishan.organisation import queries as organisation
from taishan.organisation.models import Role, UnitVersion

OPENED = "opened"
TO_OFFICE = frozenset({OPENED, Act.EXPLAINED})
TO_DEBTOR = frozenset({OPENED, Act.FOUND, Act.MEASURED, Act.CLOSED})
NEWS = {
    Act.EXPLAINED: ("An explanation was given", "当事人已作出说明"),
    Act.FOUND: ("There is a finding in the case about you", "对你的问责事项已作出认定"),
    Act.MEASURED: ("There is a measure in the case about you", "对你的问责事项已作出处理"),
    Act.CLOSED: ("The case about you is closed", "对你的问责事项已办结"),
}


def tell(*, actor: Actor, now: datetime, case_id: int, what: str) -> None:
    """Tell the debtor, or the discipline office, or both, what happened in a case; each once.

    Where there is nobody to tell, the list of cases shows it.
    """
    case = Case.objects.get(pk=case_id)
    version = organisation.get_last_version(case.unit_id, now)
    page = reverse("cases:case", args=[case.pk])
    if what in TO_DEBTOR:
        words = _asked(case, version) if what == OPENED else _news(Act(what), version)
        address = reverse("cases:explanation", args=[case.pk]) if what == OPENED else page
        _send(actor, now, case, _find_debtors(case, now), words, f"{what}:debtor", address)
    if what in TO_OFFICE:
        words = _opened(version) if what == OPENED else _news(Act(what), version)
        _send(actor, now, case, _find_office(case, now), words, f"{what}:office", page)


def _send(
    actor: Actor, now: datetime, case: Case, people: set[int], words: Words, what: str, address: str
) -> None:
    about = ("case", f"{case.pk}:{what}")
    is_told = Notice.objects.filter(about_kind=about[0], about_id=about[1]).exists()
    if people and not is_told:
        actions.send(
            actor=actor, now=now, unit_id=case.office_id, person_ids=people, words=words,
            about=about, address=address, news=News.URGENT, is_private=True,
        )  # fmt: skip


def _find_debtors(case: Case, now: datetime) -> set[int]:
    """Return who answers: of a unit that is closed, those above, as ``cases.is_debtor`` has it."""
    if case.person_id is not None:
        return {case.person_id}
    return _find_holders(organisation.get_answering(case.unit_id, now), Role.UNIT_HEAD, now)


def _find_office(case: Case, now: datetime) -> set[int]:
    return _find_holders(case.office_id, Role.DISCIPLINE_OFFICE, now)


def _find_holders(unit_id: int, role: Role, now: datetime) -> set[int]:
    return organisation.find_holders([unit_id], [role], history.day_of(unit_id, now))


def _asked(case: Case, version: UnitVersion) -> Words:
    until = case.hear_until.astimezone(ZoneInfo(version.time_zone))
    return Words(
        title_en="You are asked to explain what was not done",
        title_zh="请就未履行的责任事项作出说明",
        text_en=f"{version.name_en}: something that was owed was not done in time. Until"
        f" {until:%Y-%m-%d %H:%M} you may say why; nobody judges before. The page shows all that is"
        " held against you.",
        text_zh=f"{version.name_zh}：有责任事项未按期履行。请于 {until:%Y-%m-%d %H:%M} 前说明情况，"
        "此前不作任何认定。页面列明对你的全部依据。",
    )


def _opened(version: UnitVersion) -> Words:
    return Words(
        title_en=f"Accountability case opened: {version.name_en}"[:120],
        title_zh=f"新增问责事项：{version.name_zh}"[:120],
        text_en="A duty lapsed. Its facts are attached, and the debtor was asked to explain.",
        text_zh="有责任事项未按期履行，相关事实已自动归集，并已要求当事人说明情况。",
    )


def _news(act: Act, version: UnitVersion) -> Words:
    en, zh = NEWS[act]
    return Words(
        title_en=f"{en}: {version.name_en}"[:120], title_zh=f"{zh}：{version.name_zh}"[:120],
        text_en=f"{en}. The page of the case shows all of it.", text_zh=f"{zh}，详情见该事项页面。",
    )  # fmt: skip
