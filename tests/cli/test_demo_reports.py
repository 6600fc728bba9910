"""The demo's reports go the path of all reports, and none of them is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.cli import demo, demo_reports
from taishan.reporting import actions, queries, recounting
from taishan.reporting.models import Report
from taishan.reporting.submissions import Accepted, Rejected
from tests.reporting import building


@pytest.mark.usefixtures("cast")
def test_a_demo_morning_is_half_reported_and_the_days_before_nearly_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    building.hire(*(f"A{number}" for number in range(60)))
    told: list[Accepted | Rejected] = []
    submit = actions.submit_reports

    def watched(**given: object) -> list[Accepted | Rejected]:
        told.extend(submit(**given))  # type: ignore[arg-type]
        return told

    monkeypatch.setattr(actions, "submit_reports", watched)
    demo_reports.fill(building.people.ACTOR, demo.STARTS)

    assert [one for one in told if isinstance(one, Rejected)] == []
    today = Report.objects.filter(period=date(2020, 2, 12)).count()
    assert 20 < today < 50
    yesterday = date(2020, 2, 12) - timedelta(days=1)
    assert Report.objects.filter(period=yesterday, door=1).count() > 55
    assert recounting.recount().differences == ()
    assert queries.find_corrections(range(10_000)) == []
