"""The shipped rules of 2020 on real days, through the whole house."""

from datetime import UTC, date, datetime

import pytest

from taishan.core.gate import Permission, Verdict
from taishan.core.readings import Effect
from taishan.organisation import access
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.regulations import actions as regulations
from taishan.regulations import schemas
from taishan.resumption import actions, queries
from tests import people
from tests.people import signed_in
from tests.regulations.test_library import GOOD

pytestmark = pytest.mark.usefixtures("library")
DAY = date(2020, 2, 12)


def verdict(
    cast: dict[str, Account], code: str, day: date, as_known: datetime | None = None
) -> Verdict:
    viewer = access.viewer_for(cast["inspector"], day)
    units = queries.find_units(viewer, day, codes=[code])
    return queries.find_verdicts(units, day, as_known=as_known)[0].verdict


@pytest.mark.parametrize(
    ("code", "day", "permitted"),
    [
        ("HQ", date(2020, 1, 30), "HOLIDAY"),
        ("HQ", date(2020, 2, 3), "REMOTE"),
        ("HQ", date(2020, 2, 10), "OPEN"),
        ("W1", date(2020, 2, 10), "SHUT"),
        ("W1", date(2020, 2, 17), "SHUT"),
        ("W1", date(2020, 2, 18), "OPEN"),
        ("H1", date(2020, 2, 12), "SHUT"),
        ("H1", date(2020, 3, 10), "SHUT"),
        ("H1", date(2020, 3, 20), "SHUT"),
        ("H1", date(2020, 3, 21), "OPEN"),
        ("T1", date(2020, 4, 30), "SHUT"),
        ("X1", date(2020, 1, 31), "HOLIDAY"),
        ("X1", date(2020, 2, 9), "SHUT"),
        ("X1", date(2020, 2, 10), "OPEN"),
    ],
)
def test_what_the_law_alone_permits(
    cast: dict[str, Account], code: str, day: date, permitted: str
) -> None:
    assert verdict(cast, code, day).permitted.name == permitted


@pytest.mark.parametrize("day", [date(2020, 3, 21), date(2020, 4, 7), date(2020, 4, 8)])
def test_wuhan_waits_for_leave_after_20_march_and_no_longer_for_the_day(
    cast: dict[str, Account], day: date
) -> None:
    """The order for high-risk counties leaves Wuhan out; when its approval ended is unknown."""
    before, after = verdict(cast, "H1", date(2020, 3, 20)), verdict(cast, "H1", day)

    assert "cn-hb-20200311/1" in {r.clause.key for r in before.reasons if r.effect is Effect.BINDS}
    assert {r.clause.key for r in after.reasons}.isdisjoint(
        {"cn-hb-20200311/1", "cn-hb-20200311/2", "cn-hb-20200311/3", "cn-hb-20200311/7"}
    )
    assert (after.permitted, after.state) == (Permission.OPEN, Permission.SHUT)
    assert "filing:CN-420100" in {u.demand.dimension for u in after.unmet}
    assert any(u.about.startswith("cn-hb-20200324#") for u in after.unknown)


def test_hubei_outside_wuhan_goes_by_risk_and_needs_leave_until_21_march(
    cast: dict[str, Account],
) -> None:
    """No level is recorded for Yichang: the order for high risk keeps it shut, and that is said."""
    organisation.open_units(
        actor=people.ACTOR,
        now=people.NOW,
        on=people.FOUNDED,
        details=[people.unit("Y1", "CN-420500")],
    )

    before, after = (verdict(cast, "Y1", date(2020, 3, n)) for n in (20, 21))

    assert "cn-hb-20200311/2" in {r.clause.key for r in after.reasons}
    assert after.permitted is Permission.SHUT
    assert "risk_level" in {u.what for u in after.unknown}
    assert "filing:CN-HB" in {u.demand.dimension for u in before.unmet}
    assert not any(u.demand.dimension.startswith("filing:") for u in after.unmet)


def test_hubei_expects_14_february_until_the_second_notice(cast: dict[str, Account]) -> None:
    assert verdict(cast, "H1", date(2020, 2, 12)).changes_on == date(2020, 2, 14)
    assert verdict(cast, "H1", date(2020, 2, 13)).changes_on == date(2020, 2, 21)
    assert verdict(cast, "H1", date(2020, 2, 20)).changes_on == date(2020, 3, 11)


def test_xian_lets_work_go_on_from_home_but_its_province_shuts(cast: dict[str, Account]) -> None:
    found = verdict(cast, "X1", date(2020, 2, 5))

    binding = {r.clause.regulation for r in found.reasons if r.effect is Effect.BINDS}
    assert {"cn-610100-20200131", "cn-sn-20200201"} <= binding
    assert found.permitted is Permission.SHUT
    assert found.conflicts


def test_xian_is_looser_than_its_province_whose_floor_holds(cast: dict[str, Account]) -> None:
    """The city asked for home or staggered work on 31 January; Shaanxi suspended on 1 February."""
    found = verdict(cast, "X1", date(2020, 2, 5))

    assert [(c.looser.key, c.holds.key) for c in found.conflicts] == [
        ("cn-610100-20200131/1", "cn-sn-20200201/1")
    ]
    alone = [r.clause for r in found.reasons if r.clause.key == "cn-610100-20200131/1"]
    assert type(alone[0].requirement).__name__ == "RemoteOnly"


def test_tianjins_open_end_has_no_next_change(cast: dict[str, Account]) -> None:
    assert verdict(cast, "T1", DAY).changes_on is None


def test_what_had_not_been_recorded_is_not_known(cast: dict[str, Account]) -> None:
    earlier = datetime(2020, 2, 11, tzinfo=UTC)

    known = verdict(cast, "T1", DAY, as_known=earlier)

    assert known.permitted is Permission.OPEN
    assert "rules" in {u.what for u in known.unknown}


def test_a_refuted_attestation_counts_no_more(cast: dict[str, Account]) -> None:
    unit_id = queries.find_units(access.viewer_for(cast["inspector"], DAY), DAY, codes=["HQ"])[0].id
    content = GOOD.replace("CN-ZJ", "CN-BJ").replace("suspend", "attest, condition: plan")
    library = schemas.parse(content.replace("02-09T24", "03-09T24"))
    regulations.import_library(actor=people.ACTOR, now=people.NOW, library=library)
    more = [("quarantine:any", 14.0), ("attest:plan", 1.0)]
    made = [
        actions.attest(
            actor=people.ACTOR,
            now=people.NOW,
            unit_id=unit_id,
            condition=condition,
            amount=amount,
            starts=people.FOUNDED,
            ends=None,
            evidence="seen",
        )
        for condition, amount in more
    ]
    assert verdict(cast, "HQ", DAY).state is Permission.OPEN

    actions.refute(
        actor=people.ACTOR, now=people.NOW, attestation_id=made[-1].pk, reason="no plan found"
    )

    assert verdict(cast, "HQ", DAY).state is Permission.SHUT


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_board_shows_every_unit_in_both_languages(cast: dict[str, Account], lang: str) -> None:
    page = signed_in(cast["duty_office"]).get(f"/board/?day=2020-02-12&lang={lang}")

    text = page.content.decode()
    assert all(
        (f"Unit {u.code}" if lang == "en" else f"单位{u.code}") in text for u in people.GROUP
    )


def test_the_boards_queries_do_not_grow_with_the_units(
    cast: dict[str, Account], django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from taishan.organisation import actions as organisation

    client = signed_in(cast["duty_office"])
    client.get("/board/?day=2020-02-12")
    counts = []
    for n in (0, 30):
        more = [people.unit(f"N{i}", "CN-SH") for i in range(n)]
        organisation.open_units(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, details=more)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/board/?day=2020-02-12")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_api_answers_as_the_board_does(cast: dict[str, Account]) -> None:
    rows = signed_in(cast["inspector"]).get("/api/v1/verdicts?on=2020-02-12&unit=W1").json()

    assert [(r["unit"], r["permitted"], r["changes_on"]) for r in rows] == [
        ("W1", "shut", "2020-02-18")
    ]
    assert "cn-330300-20200131/1" in {r["clause"] for r in rows[0]["reasons"]}


def test_what_if_saves_nothing(cast: dict[str, Account]) -> None:
    client = signed_in(cast["unit_head"])

    page = client.get("/units/W1/?day=2020-02-12&kind=UTIL&met=quarantine:epidemic_area")

    assert "nothing is saved" in page.content.decode()
    assert verdict(cast, "W1", DAY).permitted is Permission.SHUT
