"""Orders of 2020 that are unlike the others, read from the shipped library."""

from datetime import date

import pytest

from taishan.core.gate import Permission
from taishan.core.readings import Effect
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from tests import people
from tests.resumption.test_verdicts import verdict

pytestmark = pytest.mark.usefixtures("library")


def effects(cast: dict[str, Account], code: str, day: date) -> dict[str, Effect]:
    return {r.clause.key: r.effect for r in verdict(cast, code, day).reasons}


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
