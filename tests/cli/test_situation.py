"""``taishan situation``."""

import pytest

from taishan.reporting.models import Counter, Indicator, Report
from tests.cli.conftest import Run
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit


@pytest.mark.usefixtures("cast")
def test_a_recount_tells_what_differs_and_fails(taishan: Run) -> None:
    building.add_schedules()
    building.hire("A1", "A2")
    submit(report("A1"), report("A2", FEVER))
    assert "2 reports" in taishan("situation", "recount").output

    fever = Indicator.objects.get(name="fever")
    Counter.objects.filter(indicator_id=fever.pk).update(amount=3)
    Report.objects.filter(answers__0="well").delete()

    done = taishan("situation", "recount", "--form", "daily_health", "--from", "2020-02-12")
    assert done.exit_code == 1
    assert "daily_health 2020-02-12 W1 fever: counter 3, reports 1" in done.output
    assert "daily_health 2020-02-12 W1 received: counter 2, reports 1" in done.output
    assert "0 differences" in taishan("situation", "recount", "--until", "2020-02-12").output
