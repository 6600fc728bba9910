"""The demo's red lines, of which two were crossed and one is lifted, and two sites' risks."""

from __future__ import annotations

import struct
import zlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.models import UnitVersion
    from taishan.safety.models import StopWork
    from taishan.safety.risk_models import RiskPoint

SINCE, CHECKED_FROM = date(2020, 1, 1), date(2020, 2, 10)
SITE, FACTORY, CROSSED = "PP1", "M04", "M08"
WEEKLY, DAILY = "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
POINTS = (
    (SITE, "R-01", "塔吊吊装 Tower crane lifting", "activity", "A 区 Block A",
     "吊物坠落伤人 a load falls on people", (3, 6, 15),
     "engineering", "限位和力矩保护有效 Limiters and overload cut-out work", DAILY,
     ("高度限位 height limiter", "力矩限制器 overload cut-out", "吊钩保险 hook latch")),
    (SITE, "R-02", "临边洞口作业 Work at open edges", "activity", "A 区 Block A",
     "高处坠落 somebody falls", (6, 6, 15),
     "engineering", "临边洞口防护 Guard rails and covers", DAILY,
     ("防护栏杆 guard rails", "洞口盖板 covers over openings")),
    (SITE, "R-03", "脚手架 Scaffold", "equipment", "B 区 Block B",
     "坍塌 it collapses", (1, 6, 40),
     "administrative", "验收挂牌后使用 Used only once accepted and tagged", WEEKLY,
     ("连墙件 wall ties", "验收牌 acceptance tag")),
    (SITE, "R-04", "临时用电 Temporary power", "equipment", "B 区 Block B",
     "触电 electric shock", (3, 6, 7),
     "engineering", "三级配电两级漏保 Two stages of residual-current breakers", WEEKLY,
     ("漏电保护器 residual-current breaker", "电缆架空 cables off the ground")),
    (SITE, "R-05", "工人宿舍 Workers' dormitory", "place", "生活区 Camp",
     "火灾 fire", (0.5, 10, 40),
     "emergency", "疏散通道畅通 Escape ways kept free", DAILY,
     ("出口未锁 exits unlocked", "灭火器有效 extinguishers charged")),
    (SITE, "R-06", "食堂燃气 Canteen gas", "equipment", "生活区 Camp",
     "爆燃 a gas fire", (1, 6, 15),
     "engineering", "燃气报警切断 Gas alarm cuts the supply", WEEKLY, ()),
    (FACTORY, "R-01", "喷漆作业 Spray painting", "activity", "涂装车间 Paint shop",
     "爆炸、中毒 explosion, poisoning", (1, 6, 40),
     "engineering", "通风联锁 Ventilation interlock", DAILY, ("风量 air flow", "联锁 interlock")),
    (FACTORY, "R-02", "行车 Overhead crane", "equipment", "装配车间 Assembly hall",
     "起重伤害 crushed by a load", (3, 6, 7),
     "administrative", "持证上岗 Certified drivers only", WEEKLY, ("操作证 certificate",)),
    (FACTORY, "R-03", "叉车通道 Forklift lane", "place", "仓库 Warehouse",
     "车辆伤害 hit by a truck", (3, 6, 3),
     "training", "人车分流教育 People and trucks kept apart", WEEKLY, ()),
    (FACTORY, "R-04", "办公照明 Office lighting", "place", "办公楼 Offices",
     "绊倒 somebody trips", (1, 6, 1),
     "protection", "应急灯 Emergency lights", WEEKLY, ()),
)  # fmt: skip


def fill(officers: dict[str, Actor], held: list[Any], now: datetime) -> None:
    """Record the libraries, the points of two sites with their checks, and two crossed lines."""
    from taishan.safety import risk_checks

    office = _actor(held[0], now)
    _libraries(office, now - timedelta(days=3))
    for row in POINTS:
        _enter(officers[row[0]], row, now - timedelta(days=2))
    _failed(officers[SITE], now - timedelta(hours=2))
    risk_checks.open_checks(actor=Actor(label="Taishan", door="job"), now=now)
    _crossed(officers, held, now)


def _actor(account: Any, now: datetime) -> Actor:
    from taishan.organisation import access

    return access.viewer_for(account, now.date()).actor


def _libraries(office: Actor, at: datetime) -> None:
    from taishan.safety import red_line_files, red_lines, risk_method_files, risk_methods

    folder = Path(red_line_files.__file__).parent / "libraries"
    for file in sorted(folder.glob("red-lines-*.yaml")):
        lines = red_line_files.parse(file.read_bytes(), file.name)
        red_lines.import_library(actor=office, now=at, on=SINCE, unit="HQ", library=lines)
    methods = folder / "risk-methods.yaml"
    risk_methods.import_library(
        actor=office, now=at, on=SINCE,
        library=risk_method_files.parse(methods.read_bytes(), methods.name),
    )  # fmt: skip


def _version(code: str, at: datetime) -> UnitVersion:
    from taishan.organisation import history

    return history.get_version(code, at.date())


def _enter(officer: Actor, row: Any, at: datetime) -> RiskPoint:
    from taishan.organisation.models import Post
    from taishan.safety import risks
    from taishan.safety.risk_models import RiskMethod
    from taishan.safety.risks import Control, Found, Scored

    unit, code, name, kind, area, harm, (likely, exposed, severe), of, text, rule, items = row
    scored = Scored(
        method=RiskMethod.objects.get(code="lec-cn"), reassess_on=date(2020, 8, 10),
        scores={"L": likely, "E": exposed, "C": severe}, reason="年初辨识 assessed in January",
    )  # fmt: skip
    found = Found(code=code, name=name, kind=kind, area=area, harm=harm)
    version = _version(unit, at)
    point = risks.enter(actor=officer, now=at, version=version, found=found, scored=scored)
    post = Post.objects.get(code=f"{unit}-P2")
    control = Control(kind=of, text=text, post=post, rule=rule, days=5 if rule == WEEKLY else 1,
                      items=items)  # fmt: skip
    risks.add_measure(actor=officer, now=at, point=point, control=control, on=CHECKED_FROM)
    return point


def _failed(officer: Actor, at: datetime) -> None:
    """The wall ties of the scaffold are missing: the check opens a hazard."""
    from taishan.safety import risk_checks
    from taishan.safety.risk_models import RiskMeasure

    measure = RiskMeasure.objects.get(point__unit__code=SITE, point__code="R-03")
    risk_checks.check(
        actor=officer, now=at, measure=measure, failed=measure.items[:1],
        note="三层连墙件缺失两处。 Two wall ties are missing on level 3.",
    )  # fmt: skip


def _crossed(officers: dict[str, Actor], held: list[Any], now: datetime) -> None:
    """A company locked an exit and the stop was lifted; another works in a vessel unwatched."""
    from taishan.kit import attachments
    from taishan.organisation import access
    from taishan.safety import actions

    lifted = _breach(officers[FACTORY], FACTORY, "exits-blocked", now - timedelta(hours=30),
                     "宿舍二层安全出口上锁。 The exit of the second floor is locked.")  # fmt: skip
    request = actions.ask_lifting(
        actor=officers[FACTORY], now=now - timedelta(hours=26), stop=lifted,
        evidence="锁已拆除，改装推杆锁。 The lock is off; a panic bar is fitted.",
        file=attachments.inspect("exit.png", _png()),
    )  # fmt: skip
    viewer = access.viewer_for(held[-1], now.date())
    actions.lift(
        actor=viewer.actor, viewer=viewer, now=now - timedelta(hours=24), request=request,
        reason="视频核查，出口可正常开启。 Seen by video: the exit opens.",
    )  # fmt: skip
    _breach(officers[CROSSED], CROSSED, "confined-space-unmeasured", now - timedelta(hours=3),
            "检修人员未检测即入罐。 Fitters went into the tank without measuring.")  # fmt: skip


def _breach(officer: Actor, unit: str, code: str, at: datetime, ground: str) -> StopWork:
    from taishan.safety import red_line_queries, red_lines

    version = _version(unit, at)
    held = {row.code: row for row in red_line_queries.find_holding(version, at.date())}
    return red_lines.report_breach(
        actor=officer, now=at, version=version, red_line=held[code], ground=ground
    )


def _png() -> bytes:
    """Return a small grey picture."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" + b"\x99" * 8 + (b"\0" + b"\xaa" * 8) * 7)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )
