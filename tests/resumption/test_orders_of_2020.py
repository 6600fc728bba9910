"""Orders of 2020 that are unlike the others, read from the shipped library."""

from datetime import date

import pytest

from taishan.core.gate import Permission
from taishan.core.readings import Effect
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.regulations import risk_levels
from taishan.regulations.risk_levels import DatedLevel
from tests import people
from tests.resumption.test_verdicts import verdict

pytestmark = pytest.mark.usefixtures("library")


def effects(cast: dict[str, Account], code: str, day: date) -> dict[str, Effect]:
    return {r.clause.key: r.effect for r in verdict(cast, code, day).reasons}


def asked(cast: dict[str, Account], code: str, day: date) -> dict[str, float]:
    """Return what a unit that has shown nothing is asked to show: amounts by dimension."""
    return {u.demand.dimension: u.demand.amount for u in verdict(cast, code, day).unmet}


def test_beijing_asks_for_work_from_home_but_not_of_exempt_work(cast: dict[str, Account]) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("B1", "CN-BJ", kinds_of_work=("EPI",))],
    )  # fmt: skip
    day = date(2020, 2, 5)

    assert verdict(cast, "HQ", day).permitted is Permission.REMOTE
    assert verdict(cast, "B1", day).permitted is Permission.OPEN
    assert effects(cast, "B1", day)["cn-bj-20200131/1"] is Effect.EXEMPT


def test_beijings_order_ends_with_9_february(cast: dict[str, Account]) -> None:
    assert verdict(cast, "HQ", date(2020, 2, 9)).permitted is Permission.REMOTE
    assert verdict(cast, "HQ", date(2020, 2, 10)).permitted is Permission.OPEN


def test_hainan_sets_no_day_and_its_wish_shuts_nobody(cast: dict[str, Account]) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("HN1", "CN-HI")],
    )  # fmt: skip
    day = date(2020, 2, 5)

    assert verdict(cast, "HN1", day).permitted is Permission.OPEN
    found = effects(cast, "HN1", day)
    assert found["cn-hi-20200131/1"] is Effect.RECOMMENDS
    assert found["cn-hi-20200131/2"] is Effect.BINDS


def test_wenzhou_stays_shut_after_zhejiang_opens(cast: dict[str, Account]) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("Z1", "CN-330100")],
    )  # fmt: skip
    day = date(2020, 2, 10)

    assert verdict(cast, "Z1", day).permitted is Permission.OPEN
    assert verdict(cast, "W1", day).permitted is Permission.SHUT
    assert effects(cast, "W1", day)["cn-330300-20200131/1"] is Effect.BINDS


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        (date(2020, 2, 12), "cn-hb-20200129/1"),
        (date(2020, 2, 14), "cn-hb-20200213/1"),
        (date(2020, 2, 21), "cn-hb-20200220/1"),
        (date(2020, 3, 10), "cn-hb-20200220/1"),
    ],
)
def test_each_of_hubeis_three_notices_shuts_in_its_turn(
    cast: dict[str, Account], day: date, notice: str
) -> None:
    assert verdict(cast, "H1", day).permitted is Permission.SHUT
    assert effects(cast, "H1", day)[notice] is Effect.BINDS


def test_cangshan_stays_shut_after_fujian_opens_and_then_asks_for_leave(
    cast: dict[str, Account],
) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("F1", "CN-350104"), people.unit("F2", "CN-350600")],
    )  # fmt: skip
    day, later = date(2020, 2, 10), date(2020, 2, 15)

    assert verdict(cast, "F2", day).permitted is Permission.OPEN
    assert verdict(cast, "F1", day).permitted is Permission.SHUT
    assert effects(cast, "F1", day)["cn-350104-20200207/1"] is Effect.BINDS
    assert verdict(cast, "F1", later).permitted is Permission.OPEN
    assert asked(cast, "F1", later)["filing:CN-350104"] == 2


def test_suzhous_own_delay_gives_way_to_jiangsus_longer_one(cast: dict[str, Account]) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("S1", "CN-320500")],
    )  # fmt: skip

    first = effects(cast, "S1", date(2020, 1, 27))
    assert first["cn-320500-20200126/1"] is Effect.BINDS
    assert "cn-js-20200128/1" not in first

    last = effects(cast, "S1", date(2020, 2, 9))
    assert "cn-320500-20200126/1" not in last
    assert last["cn-320500-20200128/1"] is last["cn-js-20200128/1"] is Effect.BINDS
    assert verdict(cast, "S1", date(2020, 2, 9)).permitted is Permission.SHUT


@pytest.mark.parametrize(
    ("facility", "day", "filing"),
    [
        ("karaoke", date(2020, 3, 27), 2),
        ("hotel", date(2020, 3, 27), 1),
        ("karaoke", date(2020, 3, 28), None),
        ("hotel", date(2020, 3, 28), None),
    ],
)
def test_shandong_asks_services_for_leave_or_filing_until_28_march(
    cast: dict[str, Account], facility: str, day: date, filing: int | None
) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("Q1", "CN-370102", facilities=(facility,))],
    )  # fmt: skip
    low = DatedLevel(place="CN-370102", level="low", starts=date(2020, 3, 1))
    risk_levels.enter(actor=people.ACTOR, now=people.NOW, level=low)

    assert asked(cast, "Q1", day).get("filing:CN-SD") == filing


def test_jiangxi_lets_delivery_and_key_projects_work_by_its_order_10(
    cast: dict[str, Account],
) -> None:
    organisation.open_units(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=[people.unit("J1", "CN-360100", kinds_of_work=("LOGI",))],
    )  # fmt: skip

    assert verdict(cast, "J1", date(2020, 2, 3)).permitted is Permission.SHUT
    assert verdict(cast, "J1", date(2020, 2, 4)).permitted is Permission.OPEN
    assert effects(cast, "J1", date(2020, 2, 4))["cn-jx-20200204/1"] is Effect.EXEMPT
    assert asked(cast, "J1", date(2020, 2, 17))["filing:CN-JX"] == 1
