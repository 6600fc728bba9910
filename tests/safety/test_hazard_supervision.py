"""Major hazards: listed by headquarters, and told to who must know, as duties with proof."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from taishan.core.duties import State as DutyState
from taishan.core.hazards import Grade
from taishan.duties.models import Duty
from taishan.organisation.models import Account
from taishan.safety import hazard_supervision
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_supervision import SupervisionRefused
from tests.people import NOW
from tests.safety.building import viewer
from tests.safety.finding import found, graded, photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
HOUR = timedelta(hours=1)


def owed() -> dict[str, Duty]:
    rows = Duty.objects.filter(kind="hazard_telling")
    return {row.subject_id.partition(":")[2]: row for row in rows}


@pytest.fixture
def major(cast: dict[str, Account], media: Path) -> Hazard:
    return graded(cast["safety_officer"], found(cast["unit_head"]), Grade.MAJOR)


def tell(account: Account, hazard: Hazard, whom: str = "regulator", *, proof: bool = True) -> None:
    hazard_supervision.tell(
        viewer=viewer(account), now=NOW + 2 * HOUR, hazard=hazard, whom=whom,
        who="District bureau, by letter", told_at=NOW + HOUR, file=photo() if proof else None,
    )  # fmt: skip


def test_who_must_know_of_a_major_hazard_is_told_as_a_duty_with_its_proof(
    cast: dict[str, Account], major: Hazard
) -> None:
    tell(cast["safety_officer"], major)

    told, open_one = owed()["regulator"], owed()["congress"]
    assert (told.ended, told.ended_at) == (DutyState.ON_TIME, NOW + HOUR)
    assert open_one.ended is None
    assert open_one.due_at == NOW + timedelta(days=7)
    assert major.tellings.get().file.name == "seen.png"


def test_nothing_is_told_without_proof_or_by_who_does_not_handle_it(
    cast: dict[str, Account], major: Hazard
) -> None:
    with pytest.raises(SupervisionRefused, match="show what proves it"):
        tell(cast["safety_officer"], major, proof=False)
    with pytest.raises(SupervisionRefused, match="Only who handles"):
        tell(cast["employee"], major)
    assert owed()["regulator"].ended is None


def test_a_hazard_graded_down_is_told_to_nobody_any_more(
    cast: dict[str, Account], major: Hazard
) -> None:
    graded(cast["safety_officer"], major)

    assert {row.ended for row in owed().values()} == {DutyState.WAIVED}


def test_headquarters_lists_what_is_major_and_says_what_it_asks_for(
    cast: dict[str, Account], major: Hazard
) -> None:
    found(cast["unit_head"])
    office, officer = viewer(cast["duty_office"]), viewer(cast["safety_officer"])

    hazard_supervision.remark(viewer=office, now=NOW, hazard=major, text="Report every day")

    listed = list(hazard_supervision.find_major(office, is_open=True))
    assert listed == [major]
    assert hazard_supervision.find_listed_at([major.pk]) == {major.pk: NOW}
    with pytest.raises(SupervisionRefused):
        hazard_supervision.remark(viewer=officer, now=NOW, hazard=major, text="Enough")
