"""The story of a unit's verdicts on its page: what changed, when, and why."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from taishan.organisation.models import Account, Unit
from taishan.regulations import queries as regulations
from taishan.resumption import actions, changes, queries
from taishan.resumption.models import RecordedVerdict
from tests import people

pytestmark = pytest.mark.usefixtures("library")
REOPENED = datetime.fromisoformat("2020-02-18T00:02:00+08:00")
ASKED = {"condition": "stock:mask", "needed": 14, "at_most": False, "clause": "group/1"}


@pytest.fixture
def officer(cast: dict[str, Account]) -> Client:
    client = Client()
    client.force_login(cast["safety_officer"])
    return client


def record(now: datetime = people.NOW) -> None:
    actions.record_verdicts(actor=people.ACTOR, now=now)


def story(lang: str = "en") -> list[changes.Change]:
    """Return what is told of Wenzhou's unit."""
    rows = list(queries.find_history(Unit.objects.get(code="W1").pk))
    return changes.in_words(rows, library=regulations.get_library(), lang=lang)


def keep(number: int, **given: object) -> RecordedVerdict:
    content = {"permitted": "open", "state": "open", "reasons": [], "unmet": []} | given
    return RecordedVerdict(number=number, computed_at=people.NOW, **content)


def change(now: RecordedVerdict, before: RecordedVerdict) -> changes.Change:
    return changes.in_words([now, before], library=regulations.get_library(), lang="en")[0]


def reasons(now: RecordedVerdict, before: RecordedVerdict) -> list[str]:
    return list(change(now, before).reasons)


def test_a_unit_the_law_lets_open_again_is_told_which_order_ended() -> None:
    record()
    record(REOPENED)

    latest, first = story()

    assert first.title == "first recorded verdict"
    assert latest.title == "the law alone: open, was: shut"
    order = "Wenzhou"
    assert any("binds from now on" in reason and order in reason for reason in first.reasons)
    assert any("binds no more" in reason and order in reason for reason in latest.reasons)


def test_the_story_is_told_in_the_readers_language(officer: Client) -> None:
    record()

    page = officer.get("/units/W1/?lang=zh").content.decode()

    assert "首次记录的结论" in page
    assert any("温州" in reason for reason in story("zh")[0].reasons)


def test_a_change_is_dated_by_the_units_own_clock(officer: Client) -> None:
    record(REOPENED)

    assert "2020-02-18 00:02" in officer.get("/units/W1/").content.decode()


def test_a_condition_is_told_when_asked_shown_in_part_met_and_dropped() -> None:
    bound = {"reasons": [{"clause": "group/1", "effect": "binds"}]}
    free, asked = keep(1), keep(2, **bound, unmet=[ASKED | {"have": None}], state="shut")
    part, met = keep(3, **bound, unmet=[ASKED | {"have": 5}], state="shut"), keep(4, **bound)

    what = "days of supply of: masks: at least 14"
    assert reasons(asked, free) == ["binds from now on: group", f"to be shown: {what}"]
    assert reasons(part, asked) == [f"{what}; shown so far: 5"]
    assert reasons(met, part) == [f"shown: {what}"]
    assert reasons(free, part) == ["binds no more: group", f"asked no more: {what}"]


def test_a_change_of_state_names_the_state_before() -> None:
    assert change(keep(2), keep(1, state="shut")).title == "was: shut"


def test_a_limit_that_moved_is_told() -> None:
    tight, wide = keep(1, on_site_limit=50), keep(2, on_site_limit=80)

    assert reasons(wide, tight) == ["at most 80 on site"]


def test_the_page_shows_the_latest_twenty_and_leads_to_all(officer: Client) -> None:
    w1 = Unit.objects.get(code="W1")
    rows = [keep(n, unit=w1, day=people.NOW.date(), on_site_limit=n) for n in range(1, 72)]
    for row in rows:
        row.computed_at = people.NOW + timedelta(hours=row.number)
    RecordedVerdict.objects.bulk_create(rows)

    unit = officer.get("/units/W1/").content.decode()
    first = officer.get("/units/W1/verdicts/").content.decode()
    second = officer.get("/units/W1/verdicts/?page=2").content.decode()

    told = [
        [f"at most {n} on site" in page for n in range(1, 72)] for page in (unit, first, second)
    ]
    assert [sum(page) for page in told] == [20, 50, 21]
    assert told[1][21:] == [True] * 50
    assert "/units/W1/verdicts/" in unit


def test_a_unit_without_a_recorded_verdict_says_so(officer: Client) -> None:
    assert "No verdict of this unit" in officer.get("/units/W1/verdicts/").content.decode()
