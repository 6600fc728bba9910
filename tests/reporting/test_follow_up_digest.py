"""What a unit's officers are told each morning of who is newly followed up: numbers and a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from taishan.communications.models import Delivery, Notice
from taishan.core.followup import Act
from taishan.kit import clock
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.reporting import follow_up_digest, tasks
from taishan.reporting.following import Details
from tests import people
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit
from tests.reporting.test_follow_ups import follow, look, take

pytestmark = pytest.mark.usefixtures("group")
SEVEN = datetime(2020, 2, 12, 23, 0, tzinfo=UTC)
"""07:00 of the 13th in Wenzhou, 06:00 in Phnom Penh."""
EIGHT, NINE = SEVEN + timedelta(hours=1), SEVEN + timedelta(hours=2)
DAY = timedelta(days=1)


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    """Nobody is followed up at 08:00 of the 12th, when the officers are told for the first time."""
    building.add_schedules()
    building.hire("A1", "A2", unit="W1")
    building.hire("P9", unit="P1")
    tell(people.NOW)
    return cast


def tell(now: datetime) -> int:
    return follow_up_digest.tell(actor=tasks.ACTOR, now=now)


def test_the_officers_of_a_unit_are_told_once_at_eight_of_their_own_morning(
    cast: dict[str, Account],
) -> None:
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D9", name="Chan Sophea",
        role="safety_officer", unit="P1",
    )  # fmt: skip
    submit(report("A1", FEVER), report("P9", FEVER))
    look(people.NOW + timedelta(hours=2))

    assert [tell(at) for at in (SEVEN, EIGHT, EIGHT, NINE)] == [0, 1, 0, 1]
    told = Delivery.objects.order_by("pk").values_list("notice__unit__code", "person__staff_no")
    assert list(told) == [("W1", "D3"), ("P1", "D9")]
    assert tell(EIGHT + DAY) == 0, "nobody is new since"


def test_a_message_says_how_many_and_where_and_nothing_of_anybody(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow("A1")
    take(follow("A2"), Act.INSTRUCT, Details(text="Stay", given_by="x", manner="verbal"))
    take(follow("P9"), Act.RELEASE, Details(text="Sunstroke"))
    tell(EIGHT)

    notice = Notice.objects.get()
    assert (notice.title_en, notice.title_zh) == ("New follow-ups: 2", "新增人员跟踪：2 人")
    assert notice.text_en.splitlines() == [
        "Unit W1: 2 people are newly followed up since 2020-02-12 08:00.",
        "2 people wait for a decision.",
    ]
    assert notice.text_zh.splitlines() == [
        "单位W1：自 2020-02-12 08:00 起新增跟踪 2 人。", "2 人待处置。",
    ]  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: EIGHT)
    officer = Client()
    officer.force_login(cast["safety_officer"])
    assert [row["one"].person.staff_no for row in officer.get(notice.address).context["rows"]] == [
        "A1", "A2",
    ]  # fmt: skip


def test_a_worker_that_slept_for_days_tells_once_of_all_that_came() -> None:
    follow("A1")
    submit(report("A2", FEVER))
    look(EIGHT + DAY)

    assert tell(EIGHT + 3 * DAY) == 1
    assert Notice.objects.get().title_en == "New follow-ups: 2"


def test_nobody_new_and_a_unit_without_an_officer_are_told_to_nobody() -> None:
    follow("P9")

    assert tell(NINE) == 0
    assert not Notice.objects.exists()
