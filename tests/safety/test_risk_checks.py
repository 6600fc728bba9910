"""Control measures: checked as duties; what failed opens a hazard and weakens its point."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.core.hazards import Grade
from taishan.core.risk_points import Level
from taishan.duties.models import Duty
from taishan.organisation.models import Account
from taishan.safety import hazards, risk_checks, risk_queries, risks
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskMeasure
from taishan.safety.risks import RiskRefused
from tests import people
from tests.safety import finding
from tests.safety.building import viewer
from tests.safety.registering import failed, measure, point, post, standing
from tests.safety.test_stop_work import client

DAY = timedelta(days=1)
JUNE = (date(2020, 5, 31), date(2020, 6, 1))


def test_a_check_is_owed_by_its_post_on_each_day_and_done_by_looking(
    cast: dict[str, Account],
) -> None:
    foreman = post(cast["employee"])
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), foreman)
    at = people.NOW + timedelta(hours=1)

    assert risk_checks.open_checks(actor=people.ACTOR, now=at) == 1
    assert risk_checks.open_checks(actor=people.ACTOR, now=at) == 0
    owed = Duty.objects.get(kind="risk_check")
    assert (owed.post, owed.address) == (foreman, f"/safety/risks/measures/{one.pk}/check/")
    risk_checks.check(actor=viewer(cast["employee"]).actor, now=at, measure=one, failed=())
    assert risk_checks.open_checks(actor=people.ACTOR, now=at + DAY) == 1

    assert [str(d.ended) for d in Duty.objects.filter(kind="risk_check").order_by("due_at")] == [
        "on_time", "None",
    ]  # fmt: skip
    assert not Hazard.objects.exists()


def test_the_job_reads_only_the_measures_whose_check_begins(cast: dict[str, Account]) -> None:
    of, foreman = point(cast["safety_officer"]), post(cast["employee"])
    daily, yearly = (
        measure(cast["safety_officer"], of, foreman, rule=f"FREQ={often}")
        for often in ("DAILY", "YEARLY")
    )

    def read(at: timedelta) -> tuple[list[RiskMeasure], int]:
        due = list(risk_checks.find_due(people.NOW + at))
        return due, risk_checks.open_checks(actor=people.ACTOR, now=people.NOW + at)

    assert read(timedelta(hours=1)) == ([daily, yearly], 2)
    assert read(timedelta(hours=2)) == ([], 0)
    assert read(DAY) == ([daily], 1)
    assert read(366 * DAY) == ([daily, yearly], 366), "what was slept through too"
    risks.close(actor=people.ACTOR, now=people.NOW + 366 * DAY, point=of, reason="Dismantled")
    assert read(400 * DAY) == ([], 0)


def test_what_is_opened_late_of_a_point_that_was_closed_meanwhile_is_nothing(
    cast: dict[str, Account],
) -> None:
    of = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], of, post(cast["employee"]))
    risks.close(actor=people.ACTOR, now=people.NOW, point=of, reason="Dismantled")
    risk_checks.open_first(actor=people.ACTOR, now=people.NOW, measure=one)
    RiskMeasure.objects.filter(pk=one.pk, opens_at=None).update(opens_at=people.NOW)

    assert risk_checks.open_checks(actor=people.ACTOR, now=people.NOW + DAY) == 0
    assert not Duty.objects.filter(ended=None).exists()


def test_a_measure_that_holds_no_more_is_checked_no_more(cast: dict[str, Account]) -> None:
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), post(cast["employee"]))
    at = people.NOW + DAY
    risk_checks.open_checks(actor=people.ACTOR, now=at)
    risks.end_measure(
        actor=people.ACTOR, now=at, measure=one, on=at.date(), reason="Replaced by a rail"
    )
    risk_checks.open_checks(actor=people.ACTOR, now=at + DAY)

    with pytest.raises(RiskRefused, match="holds no more"):
        risk_checks.check(actor=people.ACTOR, now=at, measure=one, failed=())
    ended = Duty.objects.filter(kind="risk_check").order_by("due_at")
    # Yesterday's was missed before; nothing is owed for the day after.
    assert [str(duty.standing(at + DAY)) for duty in ended] == ["missed", "waived"]


def test_a_failed_check_opens_a_hazard_that_names_the_measure_that_failed(
    cast: dict[str, Account],
) -> None:
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), post(cast["employee"]))
    hazard = failed(cast["employee"], one)

    check = risk_queries.find_failed_check(hazard)
    assert check is not None
    assert (check.measure, check.failed) == (one, ["wall ties"])
    assert (hazard.unit.code, hazard.area) == ("W1", "Block B")
    assert "wall ties" in hazard.text
    page = client(cast["safety_officer"]).get(f"/safety/hazards/{hazard.pk}/").content.decode()
    assert f"/safety/risks/{one.point_id}/" in page


def test_an_open_hazard_shows_the_point_as_weakened_until_it_is_ended(
    cast: dict[str, Account],
) -> None:
    found = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], found, post(cast["employee"]))
    before = standing(found)
    hazard = failed(cast["employee"], one)
    during = standing(found)
    finding.graded(cast["safety_officer"], hazard, Grade.MAJOR)
    major = standing(found)

    assert (before.current, before.is_weakened) == (Level.GENERAL, False)
    assert (during.current, list(during.open_hazards)) == (Level.LARGER, [one.pk])
    assert major.current is Level.MAJOR
    other = failed(cast["employee"], one)
    Hazard.objects.filter(pk=hazard.pk).update(state="dismissed", ended_at=people.NOW)
    hazards.dismiss(viewer=viewer(cast["safety_officer"]), now=people.NOW, hazard=other, reason="-")
    assert standing(found).current is Level.GENERAL


def test_a_hazard_merged_into_an_open_one_weakens_its_measure_all_the_same(
    cast: dict[str, Account],
) -> None:
    found = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], found, post(cast["employee"]))
    hazard, other = failed(cast["employee"], one), finding.found(cast["employee"])
    hazards.merge(
        viewer=viewer(cast["safety_officer"]), now=people.NOW, hazard=hazard, into=other,
        reason="the same",
    )  # fmt: skip

    assert standing(found).open_hazards == {one.pk: [other]}
