"""Changing the tree in the browser: foreseen, confirmed, and refused where it is not one's own."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from taishan.organisation import actions, history, posts, staffing
from taishan.organisation.models import Account, Membership, Post, UnitVersion
from tests import people
from tests.organisation import building

MARCH = date(2020, 3, 1)
UNIT = "/organisation/units/W1/"


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return _client(cast["duty_office"])


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def _given(unit: str, /, **more: str) -> dict[str, str]:
    """Return what a form of the unit sends, as its page would."""
    seen = str(history.get_version(unit, people.NOW.date()).pk)
    return {"seen": seen, "on": "2020-03-01", **more}


def _mark(page: str) -> str:
    return re.findall(r'name="mark" value="(\w+)"', page)[0]


def _foresee(client: Client, path: str, given: dict[str, str]) -> str:
    answer = client.post(path, given)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def _record(client: Client, path: str, given: dict[str, str]) -> str:
    """See what would change, confirm it, and return where that leads."""
    answer = client.post(path, given | {"mark": _mark(_foresee(client, path, given))})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_move_is_foreseen_with_all_that_goes_along_and_changes_nothing_yet(
    office: Client,
) -> None:
    page = _foresee(office, f"{UNIT}move/", _given("W1", parent="H1"))
    assert "1 unit below goes along: W2" in page
    assert "<s>HQ</s> → H1" in page
    assert building.tree_on(MARCH)["W1"] == "HQ"


def test_a_confirmed_move_holds_from_its_day(office: Client) -> None:
    _record(office, f"{UNIT}move/", _given("W1", parent="H1"))
    assert building.tree_on(MARCH)["W1"] == "H1"
    assert building.tree_on(date(2020, 2, 29))["W1"] == "HQ"


def test_a_merger_tells_who_changes_unit_and_what_ends(office: Client) -> None:
    person = staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="E1", name="Name", unit="W1"
    )
    staffing.seat(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, person=person, unit="W1", role="lead"
    )
    given = _given("W1", into="H1")
    page = _foresee(office, f"{UNIT}merger/", given)
    for words in ("1 person changes unit", "1 seat in a leadership group ends", "2 roles end"):
        assert words in page
    location = _record(office, f"{UNIT}merger/", given)
    assert "/units/H1/" in location
    assert Membership.objects.get(person=person, valid__contains=MARCH).unit.code == "H1"
    assert building.tree_on(MARCH)["W2"] == "H1"


def test_a_split_opens_its_parts_and_one_more_where_asked(office: Client) -> None:
    parts = {
        f"{name}_{n}": value
        for n in (1, 2, 3, 4)
        for name, value in (("code", f"S{n}"), ("name_en", f"Part {n}"), ("name_zh", f"部分{n}"))
    }
    given = _given("W1", **parts)
    assert "New unit 4" in _foresee(office, f"{UNIT}split/", given)
    _record(office, f"{UNIT}split/", given)
    tree = building.tree_on(MARCH)
    assert {code: tree[code] for code in ("S1", "S2", "S3", "S4", "W2")} == {
        "S1": "HQ", "S2": "HQ", "S3": "HQ", "S4": "HQ", "W2": "S1",
    }  # fmt: skip
    assert "W1" not in tree


def test_a_half_filled_part_of_a_split_is_asked_for_the_rest(office: Client) -> None:
    parts = {"code_1": "S1", "name_en_1": "a", "name_zh_1": "a",
             "code_2": "S2", "name_en_2": "b", "name_zh_2": "b", "name_en_3": "c"}  # fmt: skip
    answer = office.post(f"{UNIT}split/", _given("W1", **parts))
    assert answer.status_code == 422
    assert "A new unit needs a code and its names." in answer.content.decode()


def test_a_unit_with_open_units_below_is_not_closed_and_they_are_named(office: Client) -> None:
    answer = office.post(f"{UNIT}closure/", _given("W1"))
    assert answer.status_code == 422
    assert "W1 still has open units: W2" in answer.content.decode()


def test_a_closed_unit_takes_its_posts_along(office: Client) -> None:
    post = posts.open_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, code="P-1", unit="W2",
        title_en="Guard", title_zh="保安",
    )  # fmt: skip
    given = _given("W2")
    assert "1 post ends" in _foresee(office, "/organisation/units/W2/closure/", given)
    _record(office, "/organisation/units/W2/closure/", given)
    assert "W2" not in building.tree_on(MARCH)
    assert Post.objects.get(pk=post.pk).valid.upper == MARCH


def test_a_new_unit_opens_below_with_its_place_by_either_code(office: Client) -> None:
    given = _given(
        "W1", code="W9", name_en="New", name_zh="新", kind="site", place="330300",
        time_zone="Asia/Shanghai", kinds_of_work="ORD",
    )  # fmt: skip
    assert "/units/W9/" in _record(office, f"{UNIT}parts/", given)
    assert UnitVersion.objects.get(unit__code="W9").place.code == "CN-330300"


def test_what_a_unit_is_changes_from_a_day(office: Client) -> None:
    given = _given(
        "W1", name_en="Renamed", name_zh="改名", kind="company", place="CN-330300",
        time_zone="Asia/Shanghai", kinds_of_work="ORD", head_count="100",
    )  # fmt: skip
    page = _foresee(office, f"{UNIT}facts/", given)
    assert "<s>Unit W1</s> → Renamed" in page
    _record(office, f"{UNIT}facts/", given)
    assert history.get_version("W1", MARCH).name_en == "Renamed"
    assert history.get_version("W1", date(2020, 2, 29)).name_en == "Unit W1"


def test_what_would_do_anything_else_than_was_shown_is_shown_again_first(office: Client) -> None:
    given = _given("W1", parent="H1")
    mark = _mark(_foresee(office, f"{UNIT}move/", given))
    office.post(f"{UNIT}parts/", given)
    actions.open_unit(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
        details=people.unit("W3", "CN-330300", parent="W1"),
    )  # fmt: skip
    answer = office.post(f"{UNIT}move/", given | {"mark": mark})
    assert answer.status_code == 409
    assert "2 units below go along" in answer.content.decode()
    assert building.tree_on(MARCH)["W1"] == "HQ"


def test_who_worked_on_an_older_page_is_told(office: Client) -> None:
    given = _given("W1", parent="H1")
    actions.move_unit(
        actor=people.ACTOR, now=people.NOW, on=people.NOW.date(), code="W1", parent="T1"
    )
    answer = office.post(f"{UNIT}move/", given)
    assert answer.status_code == 409
    assert "changed while you had this page open" in answer.content.decode()


def test_a_manager_of_a_part_moves_it_only_within_that_part(cast: dict[str, Account]) -> None:
    local = actions.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="M1", name="Manager",
        role="duty_office", unit="W1",
    )  # fmt: skip
    answer = _client(local).post("/organisation/units/W2/move/", _given("W2", parent="H1"))
    assert answer.status_code == 422
    assert "You do not manage H1" in answer.content.decode()
    assert _client(local).get("/organisation/units/H1/move/").status_code == 404


def test_only_who_may_change_a_unit_is_offered_to(cast: dict[str, Account]) -> None:
    assert "Change this unit" in _client(cast["duty_office"]).get(UNIT).content.decode()
    assert "Change this unit" not in _client(cast["inspector"]).get(UNIT).content.decode()


def test_a_units_page_tells_its_history_and_who_recorded_it(office: Client) -> None:
    _record(office, f"{UNIT}move/", _given("W1", parent="H1"))
    page = office.get(UNIT, {"day": "2020-03-02"}).content.decode()
    assert "Unit above: HQ → H1" in page
    assert "周晓晨" in page
    below = office.get("/organisation/units/W2/", {"day": "2020-03-02"}).content.decode()
    assert "A unit above it moved." in below


def test_a_units_page_shows_posts_with_and_without_a_holder(
    office: Client, cast: dict[str, Account]
) -> None:
    given = {"actor": people.ACTOR, "now": people.NOW, "on": people.FOUNDED}
    for code, title in (("P-1", "Guard"), ("P-2", "Fire warden")):
        post = posts.open_post(**given, code=code, unit="W1", title_en=title, title_zh=title)
    holder = cast["unit_head"].person
    assert holder is not None
    posts.hold_post(**given, person=holder, post=post)
    page = office.get(UNIT).content.decode()
    assert "vacant" in page
    assert "Fire warden" in office.get("/organisation/people/D2/").content.decode()


def test_a_persons_page_names_no_unit_that_is_not_the_readers_to_see(
    cast: dict[str, Account],
) -> None:
    person = cast["unit_head"].person
    assert person is not None
    staffing.hire(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no="D2",
                  name="", unit="H1")  # fmt: skip
    page = _client(cast["safety_officer"]).get("/organisation/people/D2/").content.decode()
    assert "Unit W1" in page
    assert "Unit H1" not in page
