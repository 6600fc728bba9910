"""Major hazards: listed by headquarters, and told to who must know, as duties with proof."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from taishan.core.duties import State as DutyState
from taishan.core.hazards import Bar, Grade
from taishan.duties.models import Duty
from taishan.organisation.models import Account
from taishan.safety import hazard_supervision, hazards
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_supervision import SupervisionRefused
from taishan.safety.hazards import HazardRefused
from tests.people import NOW
from tests.safety.building import viewer
from tests.safety.finding import assigned, found, graded, photo, post_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
HOUR = timedelta(hours=1)


def owed() -> dict[str, Duty]:
    rows = Duty.objects.filter(kind="hazard_telling")
    return {row.subject_id.split(":")[1]: row for row in rows.order_by("opened_at", "subject_id")}


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
    graded(cast["duty_office"], major, reason="Seen: it is covered")

    assert {row.ended for row in owed().values()} == {DutyState.WAIVED}


def test_the_unit_does_not_take_a_major_hazard_off_the_list_of_headquarters(
    cast: dict[str, Account], major: Hazard
) -> None:
    officer, other = cast["safety_officer"], found(cast["employee"])

    with pytest.raises(HazardRefused) as lowered:
        graded(officer, major, reason="Not so bad")
    with pytest.raises(HazardRefused) as unsaid:
        graded(cast["duty_office"], major)
    with pytest.raises(HazardRefused) as merged:
        hazards.merge(viewer=viewer(officer), now=NOW, hazard=major, into=other, reason="Same")

    assert lowered.value.bars == merged.value.bars == (Bar.NOT_THE_LISTER,)
    assert unsaid.value.bars == (Bar.NO_REASON,)
    assert list(hazard_supervision.find_major(viewer(cast["duty_office"]), is_open=True)) == [major]


def test_of_two_major_hazards_that_are_the_same_one_is_told(
    cast: dict[str, Account], major: Hazard
) -> None:
    officer = cast["safety_officer"]
    other = graded(officer, found(cast["employee"]), Grade.MAJOR)

    hazards.merge(viewer=viewer(officer), now=NOW, hazard=other, into=major, reason="Same")

    rows = Duty.objects.filter(kind="hazard_telling", ended=None)
    assert {row.subject_id.split(":")[0] for row in rows} == {str(major.pk)}
    assert rows.count() == 2


def test_what_headquarters_lets_go_on_in_a_report_is_neither_dismissed_nor_lowered_by_the_unit(
    cast: dict[str, Account], major: Hazard
) -> None:
    officer, office = viewer(cast["safety_officer"]), viewer(cast["duty_office"])
    other = found(cast["employee"])
    hazards.merge(viewer=office, now=NOW, hazard=major, into=other, reason="Same")

    with pytest.raises(HazardRefused) as dismissed:
        hazards.dismiss(viewer=office, now=NOW, hazard=other, reason="Nothing there")
    with pytest.raises(HazardRefused) as lowered:
        graded(cast["safety_officer"], other, reason="Not so bad")

    assert dismissed.value.bars == (Bar.HOLDS_GRADED,)
    assert lowered.value.bars == (Bar.NOT_THE_LISTER,)
    assert hazards.merge(
        viewer=officer, now=NOW, hazard=other,
        into=graded(cast["safety_officer"], found(cast["employee"]), Grade.MAJOR), reason="Same",
    ).ended_at == NOW  # fmt: skip


def test_who_accepted_a_hazard_does_not_merge_it_away(cast: dict[str, Account]) -> None:
    officer = cast["safety_officer"]
    hazard = assigned(officer, graded(officer, found(officer)), post_of(officer))
    hazards.accept(viewer=viewer(officer), now=NOW, hazard=hazard)
    graded(officer, hazard)

    with pytest.raises(HazardRefused) as refused:
        hazards.merge(
            viewer=viewer(officer), now=NOW, hazard=hazard, into=found(officer), reason="Same"
        )

    assert refused.value.bars == (Bar.IS_RECTIFIER,)


def test_a_hazard_graded_as_major_again_has_to_be_told(
    cast: dict[str, Account], major: Hazard
) -> None:
    tell(cast["safety_officer"], major, "congress")
    graded(cast["duty_office"], major, reason="Seen: it is covered")
    graded(cast["safety_officer"], major, Grade.MAJOR)
    graded(cast["safety_officer"], major, Grade.MAJOR)

    still = Duty.objects.filter(kind="hazard_telling", ended=None)
    assert [row.subject_id for row in still] == [f"{major.pk}:regulator:4"]
    tell(cast["safety_officer"], major)
    assert not still.all()


def test_what_was_owed_before_gradings_were_numbered_is_found(
    cast: dict[str, Account], major: Hazard
) -> None:
    Duty.objects.filter(subject_id=f"{major.pk}:regulator:2").update(
        subject_id=f"{major.pk}:regulator"
    )

    tell(cast["safety_officer"], major)

    assert owed()["regulator"].ended == DutyState.ON_TIME


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
