"""``taishan safety``."""

import pytest

from taishan.safety.hazard_board_models import HazardCount
from taishan.safety.incident_models import IncidentSum
from tests.cli.conftest import Run
from tests.safety.finding import found
from tests.safety.incident_building import hurt, report


@pytest.mark.usefixtures("cast")
def test_a_recount_names_wrong_sums_of_hazards_and_incidents_and_mends_them(taishan: Run) -> None:
    found(None)
    hurt(report(serious=1), days_away=12)
    assert "0 sums differ" in taishan("safety", "recount", "--check").output
    HazardCount.objects.update(found=7)
    IncidentSum.objects.update(lost_days=1)

    wrong = taishan("safety", "recount", "--check")
    mended = taishan("safety", "recount")
    right = taishan("safety", "recount", "--check")

    assert (wrong.exit_code, mended.exit_code, right.exit_code) == (1, 0, 0)
    assert "lost_days 12 1" in wrong.output
    assert wrong.output == mended.output
    assert "0 sums differ" in right.output
