"""The demo's notices: one that hundreds are still reading, one for officers; and their channels."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.communications.models import Address, Notice
    from taishan.organisation.models import Account

EMAILS = {
    "chenjing@m15.example.org": "zh",
    "linjianguo@m27.example.org": "zh",
    "sokdara@pp2.example.org": "en",
}
"""With their languages: of a safety officer, a unit head and an employee; each is confirmed."""
ROBOTS = (
    ("HQ", "wecom", "集团复工复产工作群", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo"),
    ("M15", "dingtalk", "M15 安全员群", "https://oapi.dingtalk.com/robot/send?access_token=demo"),
    ("PP2", "feishu", "Phnom Penh office", "https://open.feishu.cn/open-apis/bot/v2/hook/demo"),
)  # fmt: skip
OF_TEN_CONFIRM, OF_TEN_OPEN = 6, 8


def fill(office: Account, readers: list[Account], now: datetime) -> None:
    """Record channels, and notices of yesterday and of this morning, read as people read."""
    from taishan.organisation import access, scope

    actor = access.viewer_for(office, now.date()).actor
    for (target, lang), account in zip(EMAILS.items(), readers, strict=True):
        scope.remember_language(account, lang)
        _confirmed_email(account, target, now - timedelta(days=2))
    for unit, channel, name, target in ROBOTS:
        _robot(actor, unit, (channel, name, target), now - timedelta(days=2))
    yesterday = now - timedelta(days=1) + timedelta(hours=2)
    notice = _publish(
        actor, yesterday, audience="everybody",
        confirm_by=now + timedelta(hours=10), valid_until=now + timedelta(days=48), words=_BACK,
    )  # fmt: skip
    _read(notice, yesterday)
    _publish(
        actor, now - timedelta(minutes=40), audience="officers",
        confirm_by=now + timedelta(hours=4), words=_MASKS,
    )  # fmt: skip


def _confirmed_email(account: Account, target: str, now: datetime) -> None:
    from django.core import signing

    from taishan.communications import channels, wording
    from taishan.communications.models import News

    person = account.person
    assert person is not None  # noqa: S101 - the cast's accounts are people's
    actor = Actor(label=person.name, account_id=account.pk, person_id=person.pk)
    wishes = channels.Wishes(
        wanted=tuple(News.values), quiet_from=time(22), quiet_until=time(7)
    )  # fmt: skip
    address = channels.add_email(
        actor=actor, now=now, person=person, target=target, time_zone="Asia/Shanghai",
        wishes=wishes,
    )  # fmt: skip
    token = signing.dumps(address.pk, salt=wording.SALT)
    channels.confirm_email(actor=actor, now=now + timedelta(minutes=5), token=token)


def _robot(actor: Actor, unit: str, robot: tuple[str, str, str], now: datetime) -> Address:
    from taishan.communications import channels
    from taishan.communications.models import News
    from taishan.organisation.models import Unit

    channel, name, target = robot
    address, _secret = channels.add_of_unit(
        actor=actor, now=now, unit=Unit.objects.get(code=unit), channel=channel, name=name,
        target=target, secret="", language="en" if unit == "PP2" else "zh",
        time_zone="Asia/Shanghai",
        wishes=channels.Wishes(wanted=(News.NOTICE, News.URGENT)),
    )  # fmt: skip
    return address


def _publish(
    actor: Actor,
    now: datetime,
    *,
    audience: str,
    words: dict[str, str],
    confirm_by: datetime,
    valid_until: datetime | None = None,
) -> Notice:
    from taishan.communications import actions
    from taishan.organisation import history

    version = history.get_version("HQ", now.date())
    return actions.publish(
        actor=actor, now=now, on=now.date(), unit_id=version.unit_id, path=version.path,
        audience=audience,
        words=actions.Words(**words),
        terms=actions.Terms(confirm_by=confirm_by, valid_until=valid_until, remind_every_h=4),
    )  # fmt: skip


def _read(notice: Notice, sent_at: datetime) -> None:
    """Let people open and confirm it over the day, as many as usually do."""
    from taishan.communications import actions

    told = notice.deliveries.select_related("person").order_by("person_id")
    for number, one in enumerate(told):
        actor = Actor(label=one.person.name, person_id=one.person_id)
        at, share = sent_at + timedelta(minutes=3 * number + 5), number * 7 % 10
        if share < OF_TEN_CONFIRM:
            actions.confirm(actor=actor, now=at, notice_id=notice.pk)
        elif share < OF_TEN_OPEN:
            actions.open_(actor=actor, now=at, notice_ids=[notice.pk])


_BACK = {
    "title_zh": "返岗前请先完成健康申报",
    "text_zh": "返岗前连续 14 天如实填报健康日报；来自疫情重点地区的员工，未满观察期不得返岗。"
    "进入单位须测温、戴口罩，分时段就餐。如有发热、咳嗽，立即向本单位安全员报告，不得带病上岗。",
    "title_en": "Report your health before you come back",
    "text_en": "For 14 days before you come back, report your health every day. Whoever comes from "
    "an area of concern stays away until their days are over. At the gate your temperature is "
    "taken; wear a mask, eat in shifts. With fever or a cough tell your safety officer at once.",
}
_MASKS = {
    "title_zh": "今日 12:00 前上报口罩库存天数",
    "text_zh": "请各单位负责人和安全员核对口罩、消毒液库存，按在岗人数折算可用天数，于今日 12:00 "
    "前上报。不足 7 天的，同时说明补充计划。",
    "title_en": "Report by noon how many days your masks last",
    "text_en": "Heads and safety officers: count masks and disinfectant, divide by the people on "
    "site, and report the days by noon. Below seven days, say how you will get more.",
}
