"""The demo's situation reports: two published, and one of today that waits for a review."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Account
    from taishan.situation.models import SituationReport
    from taishan.situation.situation_reports import Words

EVENING = timedelta(hours=10)
"""After 08:00 in Shanghai, when the demo's day begins: 18:00."""


def fill(writer: Account, reviewer: Account, now: datetime) -> None:
    """Record the reports of two evenings, written by one and reviewed by another, and a draft."""
    from taishan.organisation import access
    from taishan.situation import situation_reports

    office, head = (access.viewer_for(one, now.date()) for one in (writer, reviewer))
    for ago in (2, 1):
        at = now - timedelta(days=ago) + EVENING
        given: dict[str, Any] = {"now": at, "report": _draft(office, at), "edition": 1}
        situation_reports.submit(actor=office.actor, **given)
        situation_reports.review(actor=head.actor, **given)
        situation_reports.publish(actor=head.actor, **given)
    today = _draft(office, now)
    situation_reports.submit(actor=office.actor, now=now, report=today, edition=1)


def _draft(office: Viewer, at: datetime) -> SituationReport:
    from taishan.organisation import history
    from taishan.situation import freezing, situation_reports
    from taishan.web.report_views import count_verdicts

    version = history.get_version("HQ", at.date())
    verdicts = count_verdicts(office, "HQ", at.date())
    numbers = freezing.take(office, version, at.date(), at, verdicts)
    return situation_reports.draft(
        actor=office.actor, now=at, unit_id=version.unit_id, day=at.date(), numbers=numbers,
        words=_words(numbers),
    )  # fmt: skip


def _words(numbers: dict[str, Any]) -> Words:
    from taishan.situation.situation_reports import Words

    daily = numbers["forms"][0]
    expected, received, _on_time = daily["reporting"]
    seen = {sign["key"]: sign["now"] for sign in daily["signs"]}
    open_units = sum(one["units"] for one in numbers["verdicts"] if one["state"] != "shut")
    return Words(
        epidemic=f"应报 {expected} 人，已报 {received} 人。"
        f"发热 {seen['fever']} 人，均已离岗并就医；"
        f"居家或集中隔离 {seen['quarantine']} 人。无确诊病例。\n\n"
        f"{received} of {expected} people reported. {seen['fever']} have a fever, are off work and "
        f"have seen a doctor; {seen['quarantine']} are in quarantine. No case is confirmed.",
        resumption=f"各地陆续发布复工通知，目前 {open_units} 家单位可以不同方式开展工作。\n\n"
        f"Provinces go on issuing notices; {open_units} units may work in one way or another.",
        supplies="口罩仍然紧张，各单位库存不均，由集团统一调剂。\n\n"
        "Masks remain scarce and unevenly held; headquarters moves them between units.",
        difficulties="部分返岗人员途经湖北，14 天行程核实需要时间。\n\n"
        "Some of those who return came through Hubei; checking where they were takes time.",
        next_steps="催报未报人员；明日 18 时前复核隔离期满人员名单。\n\n"
        "Chase who has not reported; by 18:00 tomorrow check who is out of quarantine.",
    )
