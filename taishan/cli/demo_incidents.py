"""The demo's incidents: one with clocks that run, one closed with its lessons, one abroad; and the
hours that the group's rates divide by.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.models import Account
    from taishan.safety.incident_models import Incident

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HURT = {
    "M03": ("搬运纸箱时扭伤腰部，已送医", "仓库二层", 9, "away", 5),
    "M09": ("切割时手指划伤，现场包扎后返岗", "机加车间", 20, "first_aid", 0),
    "M21": ("湿滑地面摔倒，手腕骨折", "食堂后厨", 33, "away", 24),
    "M33": ("碎屑入眼，门诊处理", "焊接工位", 16, "other", 0),
}
NEAR = {
    "M03": ("叉车倒车时险些撞到行人", "仓库装卸区", 4),
    "M15": ("脚手架扣件坠落，下方无人", "三号楼东侧", 2),
    "M27": ("消毒液与洁厕剂险些混用，及时制止", "隔离室", 6),
}


def fill(office: Account, officers: dict[str, Actor], now: datetime) -> None:
    """Report what happened since December, look into the gravest, and record the hours."""
    from taishan.organisation import access

    boss = access.viewer_for(office, now.date()).actor
    _worked(boss, now)
    for unit, (what, place, days, outcome, away) in HURT.items():
        incident = _report(officers[unit], now - days * DAY, unit, "injury", what, place, light=1)
        _course(officers[unit], now - days * DAY + HOUR, incident, outcome, away)
    for unit, (what, place, days) in NEAR.items():
        _report(officers[unit], now - days * DAY, unit, "near_miss", what, place)
    _closed(boss, officers["M21"], now - 40 * DAY)
    _running(officers["M15"], now)
    _abroad(boss, now - 3 * DAY)


def _report(
    actor: Actor, now: datetime, unit: str, kind: str, what: str, place: str, **numbers: int
) -> Incident:
    from taishan.core.incidents import Numbers
    from taishan.organisation import history
    from taishan.safety import incidents

    return incidents.report(
        actor=actor, now=now, version=history.get_version(unit, now.date()),
        numbers=Numbers(**numbers),
        what=incidents.What(
            kind=kind, what=what, place=place, occurred_at=now - HOUR / 2,
            first_measures="" if kind == "near_miss" else "停止作业，保护现场，伤者已送医",
        ),
    )  # fmt: skip


def _course(
    actor: Actor, now: datetime, incident: Incident, outcome: str, away: int, name: str = "张某某"
) -> None:
    from taishan.safety import incident_people

    incident_people.record_injury(
        actor=actor, now=now, incident=incident, number=None,
        course=incident_people.Course(outcome=outcome, ailment="injury", days_away=away),
        person={"name": name, "job_title": "操作工"},
    )  # fmt: skip
    for telling in incident.tellings.filter(code="cn-work-safety-first"):
        _prove(actor, now, telling)


def _prove(actor: Actor, now: datetime, telling: Any) -> None:
    from taishan.safety import incidents

    incidents.prove(
        actor=actor, now=now, telling=telling,
        told=incidents.Told(
            whom="区应急管理局值班室", how="电话12350", receipt=f"YJ-{telling.pk:04}",
            told_at=telling.began_at + HOUR / 2,
        ),
    )  # fmt: skip


def _worked(actor: Actor, now: datetime) -> None:
    from taishan.organisation.models import UnitVersion
    from taishan.safety import incident_hours

    months = [date(2019, 11, 1), date(2019, 12, 1), date(2020, 1, 1), date(2020, 2, 1)]
    rows = UnitVersion.objects.filter(valid__contains=now.date()).values_list(
        "unit__code", "head_count"
    )
    lines = [
        f"{code},{month:%Y-%m},{people * (72 if month.month == 2 else 168)},{people}"
        for code, people in rows for month in months if people
    ]  # fmt: skip
    incident_hours.import_hours(
        actor=actor, now=now, viewer=_everywhere(),
        content="\n".join(["unit,month,hours,workers", *lines]).encode(),
    )  # fmt: skip


def _everywhere() -> Any:
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Role, UnitVersion

    top = UnitVersion.objects.get(unit__code="HQ")
    return Viewer(
        account_id=0, person_id=None, name="demo", grants=((Role.DUTY_OFFICE, str(top.path)),)
    )


def _closed(boss: Actor, officer: Actor, now: datetime) -> None:
    """A fatality in January, from its first hour to its lessons."""
    from taishan.organisation import history
    from taishan.safety import investigations

    incident = _report(
        officer, now, "M21", "fatality", "检修配电柜时触电", "变配电室", deaths=1
    )  # fmt: skip
    _course(officer, now + HOUR / 2, incident, "death", 0, "李某某")
    for telling in incident.tellings.filter(proof=None):
        _prove(officer, now + HOUR, telling)
    given: dict[str, Any] = {"actor": boss, "incident": incident}
    investigations.appoint(**given, now=now + 3 * HOUR, staff_no=_outsider(), leads=True)
    _find_out(given, now + 5 * DAY)
    investigations.share(
        **given, now=now + 9 * DAY, within=history.get_version("HQ", now.date()), kind_of_work="",
        text="检修前必须停电、验电、挂牌上锁；排查配电室“五防”装置和两票执行情况。",
    )  # fmt: skip
    for condition, text in (
        ("cause", "未停电检修，作业票未审批，根本原因是停送电制度无人负责"),
        ("answered_for", "车间主任撤职，分管副总警告，见问责记录"),
        ("measures", "停送电制度已修订，上锁挂牌器具配齐，现场核验"),
        ("taught", "全集团通报，本单位电工全员复训并考核合格"),
    ):
        investigations.answer(**given, now=now + 10 * DAY, condition=condition, text=text)
    investigations.close(
        **given, now=now + 11 * DAY, text="一般事故：未停电检修触电，停送电管理缺失"
    )


def _outsider() -> str:
    """Return the staff number of somebody of another line: a plain member of another unit."""
    from taishan.organisation.models import Membership

    rows = Membership.objects.filter(unit__code="M40", person__grants=None)
    found = rows.order_by("pk").values_list("person__staff_no", flat=True).first()
    return str(found)


def _find_out(given: dict[str, Any], now: datetime) -> None:
    from taishan.duties import actions as duties
    from taishan.duties import queries as owed
    from taishan.organisation.models import Unit
    from taishan.safety import investigations

    act = given | {"now": now}
    began = given["incident"].occurred_at
    for minutes, text in ((-40, "未办作业票进入配电室"), (-5, "打开柜门，未验电"), (0, "触电倒地")):
        investigations.add_moment(**act, happened_at=began + timedelta(minutes=minutes), text=text)
    for step, text in enumerate(
        ("柜内母排带电", "检修前没有停电", "没有作业票也能领到钥匙", "停送电制度没有责任人")
    ):
        investigations.ask_why(
            **act, chain=1 if step else None, text=text, is_root=step == 3
        )  # fmt: skip
    for name, state, text in (
        ("作业票", "missing", "未申请，钥匙未管住"),
        ("验电", "failed", "验电器没电"),
        ("监护人", "missing", "单人作业"),
        ("漏电保护", "held", "跳闸，未扩大"),
    ):
        investigations.add_barrier(**act, name=name, state=state, text=text)
    unit_id = Unit.objects.get(code="M21").pk
    for text in ("修订停送电制度，明确钥匙责任人", "配电室上锁挂牌器具配齐"):
        row = investigations.add_measure(
            **act, unit_id=unit_id, post_id=None, text=text, due_at=now + 3 * DAY
        )
        duty = owed.find_of_subject(investigations.MEASURE, row.pk).get()
        duties.discharge(
            actor=given["actor"], now=now + 2 * DAY, duty=duty, evidence="制度文件和现场照片"
        )


def _running(officer: Actor, now: datetime) -> None:
    """An accident this morning: its first hour still runs, and the numbers have moved."""
    from taishan.core.incidents import Numbers
    from taishan.safety import incidents

    incident = _report(
        officer, now - HOUR * 0.75, "M15", "injury", "脚手架局部垮塌，多人被压", "三号楼东侧",
        serious=1, light=2, missing=1,
    )  # fmt: skip
    incidents.revise(
        actor=officer, now=now - HOUR * 0.25, incident=incident,
        numbers=Numbers(deaths=1, serious=1, light=2, hospitalised=3),
        note="失踪人员已找到，医院确认死亡",
    )  # fmt: skip


def _abroad(boss: Actor, now: datetime) -> None:
    _report(
        boss, now, "PP1", "injury", "Hit by a swinging load; leg broken", "Tower crane 2", serious=1
    )  # fmt: skip
