"""The demo's applications to resume work, at every stage, and a stop-work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.queries import UnitOnDay
    from taishan.resumption.models import Application

STARTS = date(2020, 2, 10)
LARGE, RULE_FROM, PARENT_UP_TO = 500, date(2020, 1, 28), 300
APPLIED, RETURNED, URGENT, STOPPED = "M19", "M42", "M07", "M15"
"""Units that show a stage each; the other large units are approved, and a stop suspends one."""


def fill(officers: dict[str, Actor], office: Actor, now: datetime) -> None:
    """Record the rule, an application of each large unit, an urgent one, and what stops work."""
    from taishan.organisation.models import UnitVersion
    from taishan.organisation.queries import find_units
    from taishan.resumption import actions, approval_rules, deciding
    from taishan.resumption.approval_rules import Rule

    rule = Rule(parent_up_to=PARENT_UP_TO, days=3)
    approval_rules.set_rule(actor=office, now=now, starts=RULE_FROM, rule=rule)
    units = {
        one.code: one for one in find_units(UnitVersion.objects.filter(valid__contains=now.date()))
    }
    large = [one for one in units.values() if (one.head_count or 0) > LARGE]
    for unit in (one for one in large if one.code not in (APPLIED, RETURNED)):
        _apply(officers[unit.code], office, now - timedelta(days=2), unit)
    _returned(officers[RETURNED], office, now - timedelta(hours=20), units[RETURNED])
    _submit(officers[APPLIED], now - timedelta(hours=16), units[APPLIED])
    _urgent(officers[URGENT], now - timedelta(hours=3), units[URGENT])
    _stop(officers[STOPPED], now - timedelta(hours=1))
    deciding.follow(actor=Actor(label="Taishan", door="job"), now=now)
    actions.record_verdicts(actor=office, now=now)


def _apply(officer: Actor, office: Actor, at: datetime, unit: UnitOnDay) -> None:
    from taishan.core.approvals import Act

    application = _submit(officer, at, unit)
    _decide(office, at + timedelta(hours=5), application, Act.APPROVE, 1, "方案可行，同意复工。")


def _returned(officer: Actor, office: Actor, at: datetime, unit: UnitOnDay) -> None:
    from taishan.core.approvals import Act

    application = _submit(officer, at, unit)
    reason = (
        "首批人数偏多，请按每批不超过一成调整。 The first phase is too large: a tenth at a time."
    )
    _decide(office, at + timedelta(hours=4), application, Act.RETURN, 1, reason)


def _urgent(officer: Actor, at: datetime, unit: UnitOnDay) -> None:
    _submit(
        officer, at, unit, until=STARTS + timedelta(days=15), lane="urgent", kind_of_work="EPI",
        ground="承担方舱医院医用物资生产，2 月 14 日前须交付。 Supplies for a field hospital.",
    )  # fmt: skip


def _submit(
    officer: Actor, at: datetime, unit: UnitOnDay, *, until: date | None = None, **lane: Any
) -> Application:
    from taishan.resumption import applications

    application = applications.draft(
        actor=officer, now=at, unit_id=unit.id, plan=_plan(unit, until), **lane
    )
    applications.submit(actor=officer, now=at, application=application, unit=unit, seen=0)
    return application


def _plan(unit: UnitOnDay, until: date | None) -> Any:
    from taishan.resumption.applications import Planned

    people = unit.head_count or 100
    return Planned(
        starts_on=STARTS, until=until,
        principle="先防控、后复工；错峰分批，宁缓勿急。 Control first, then work.",
        phases=tuple(
            {"day": str(STARTS + timedelta(days=day)), "persons": people * share // 100, "who": who}
            for day, share, who in (
                (0, 10, "值守与设备检修 duty and maintenance"),
                (7, 30, "本地人员 staff who live here"),
                (14, 50, "隔离期满人员 staff out of quarantine"),
            )
        ),
        pace="每周评估一次，无异常再进入下一批。 A look each week, then the next phase.",
        who_first="应急、保供、在建重点项目。 Emergency, supply and key projects.",
    )  # fmt: skip


def _decide(
    office: Actor, at: datetime, application: Application, act: Any, seen: int, reason: str
) -> None:
    from taishan.resumption import deciding

    deciding.decide(
        actor=office, now=at, application=application, act=act, seen=seen, reason=reason
    )


def _stop(officer: Actor, at: datetime) -> None:
    from taishan.organisation import history
    from taishan.safety import actions

    actions.stop_work(
        actor=officer, now=at, version=history.get_version(STOPPED, at.date()),
        ground="三号车间脚手架倾斜，随时可能倒塌。 The scaffold in hall 3 leans and may fall.",
        place="三号车间北侧 hall 3, north side",
    )  # fmt: skip
