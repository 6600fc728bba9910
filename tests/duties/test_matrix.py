"""The duty matrix: recorded for a unit and all below it, opened day by day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from taishan.core.duties import State
from taishan.duties import actions, counting, matrix, matrix_files, opening, queries
from taishan.duties.matrix_files import Library, LibraryInvalid
from taishan.duties.models import Duty, DutyTemplate
from taishan.kit.editions import Imported, LibraryRefused
from taishan.organisation import actions as organisation
from taishan.organisation import post_sheet, posts
from taishan.organisation.models import Account, Person, Post
from tests import people
from tests.people import ACTOR, FOUNDED, NOW

pytestmark = pytest.mark.django_db
SHIPPED = Path(matrix_files.__file__).parent / "libraries" / "cn-work-safety.yaml"
WALK = {
    "code": "walk", "posts": ["workshop_head"], "what": {"en": "Walk round", "zh": "巡查"},
    "rule": "FREQ=WEEKLY;BYDAY=MO", "counted_from": "2020-01-06", "days": 5, "due": "17:00",
    "lapses_after_days": 2, "source": {"en": "group", "zh": "集团"},
}  # fmt: skip
DAY, TODAY = timedelta(days=1), NOW.date()


def templates(*entries: dict[str, object]) -> Library:
    """A library of the weekly walk, or of the given changes of it."""
    content = {
        "format": "taishan-duties/1", "library": "own", "title": {"en": "Own", "zh": "自有"},
        "templates": [WALK | one for one in entries or ({},)],
    }  # fmt: skip
    return matrix_files.parse(yaml.safe_dump(content, allow_unicode=True).encode(), "own.yaml")


def bring_in(found: Library, unit: str = "HQ", on: date = FOUNDED, now: datetime = NOW) -> Imported:
    return matrix.import_library(actor=ACTOR, now=now, on=on, unit=unit, library=found)


def open_post(code: str, unit: str, kind: str = "workshop_head") -> Post:
    return posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code=code, unit=unit, title_en=code, title_zh=code,
        kind=kind,
    )  # fmt: skip


def open_until(now: datetime) -> int:
    return opening.open_occurrences(actor=ACTOR, now=now)


def test_the_shipped_matrix_is_recorded_and_the_same_file_twice_changes_nothing(
    cast: dict[str, Account],
) -> None:
    shipped = matrix_files.parse(SHIPPED.read_bytes(), SHIPPED.name)

    first, second = bring_in(shipped), bring_in(shipped)

    assert len(first.created) == len(shipped.templates) == len(second.unchanged)
    assert all(row.source_en and row.source_zh for row in DutyTemplate.objects.all())


def test_a_file_that_is_no_library_is_explained_by_line() -> None:
    content = SHIPPED.read_text(encoding="utf-8").replace("FREQ=YEARLY", "FREQ=SOMETIMES")

    with pytest.raises(LibraryInvalid, match=r"cn.yaml:\d+: templates.3.*no rule such as"):
        matrix_files.parse(content.encode(), "cn.yaml")


def test_a_changed_template_holds_from_the_day_and_the_old_one_before_it(
    cast: dict[str, Account],
) -> None:
    bring_in(templates())

    done = bring_in(templates({"days": 3}), on=date(2020, 3, 2))

    assert done.changed == ["walk"]
    rows = DutyTemplate.objects.order_by("valid").values_list("days", "valid")
    assert [(days, valid.upper) for days, valid in rows] == [(5, date(2020, 3, 2)), (3, None)]


def test_what_a_library_no_longer_has_ends_on_the_day(cast: dict[str, Account]) -> None:
    bring_in(templates({}, {"code": "drill"}))

    assert bring_in(templates(), on=date(2020, 3, 2)).ended == ["drill"]


def test_a_unit_asks_more_of_its_own_posts_but_never_less(cast: dict[str, Account]) -> None:
    bring_in(templates())

    with pytest.raises(LibraryRefused, match="less often"):
        bring_in(templates({"rule": "FREQ=MONTHLY;BYMONTHDAY=1"}), unit="W1")
    assert bring_in(templates({"days": 1}), unit="W1").created == ["walk"]


def test_a_unit_that_asked_more_before_may_not_ask_less_later(cast: dict[str, Account]) -> None:
    bring_in(templates())
    bring_in(templates({"days": 1}), unit="W1")

    with pytest.raises(LibraryRefused, match="less often"):
        bring_in(templates({"days": 7}), unit="W1", on=date(2020, 3, 2))


def test_the_stricter_template_of_a_unit_takes_the_place_of_the_groups_below_it(
    cast: dict[str, Account],
) -> None:
    for code, unit in (("P-H1", "H1"), ("P-W1", "W1"), ("P-W2", "W2")):
        open_post(code, unit)
    bring_in(templates())
    bring_in(templates({"days": 1}), unit="W1")

    open_until(NOW)

    due = {duty.unit.code: duty.due_on for duty in Duty.objects.select_related("unit")}
    monday = date(2020, 2, 10)
    assert due == {"H1": monday + 4 * DAY}  # the walk of one day was over before it was asked for
    open_until(NOW + 7 * DAY)
    due = {duty.unit.code: duty.due_on for duty in Duty.objects.filter(due_on__gt="2020-02-15")}
    assert due == {"H1": date(2020, 2, 21), "W1": date(2020, 2, 17), "W2": date(2020, 2, 17)}


def test_nothing_is_opened_twice_and_nothing_that_was_over_before_it_was_asked_for(
    cast: dict[str, Account],
) -> None:
    open_post("P", "W1")
    bring_in(templates())

    assert open_until(NOW) == 1
    assert open_until(NOW) == 0
    assert Duty.objects.get().due_on == date(2020, 2, 14)


def test_a_post_of_another_kind_or_of_none_owes_nothing(cast: dict[str, Account]) -> None:
    open_post("P", "W1", kind="deputy")
    open_post("Q", "W1", kind="")
    bring_in(templates())

    assert open_until(NOW) == 0


def test_the_holder_of_the_day_owes_it_and_where_nobody_is_the_unit(
    cast: dict[str, Account],
) -> None:
    post = open_post("P", "W1")
    first, second = Person.objects.get(staff_no="D2"), Person.objects.get(staff_no="D3")
    bring_in(templates())
    open_until(NOW)

    def owed_by(person: Person, *units: int, on: date = TODAY) -> bool:
        return queries.find_open_of(person.pk, units, on).exists()

    assert owed_by(second, post.unit_id)
    assert not owed_by(first)
    posts.hold_post(actor=ACTOR, now=NOW, on=NOW.date(), person=first, post=post)
    assert owed_by(first)
    assert not owed_by(second, post.unit_id)
    posts.hold_post(actor=ACTOR, now=NOW, on=date(2020, 2, 13), person=second, post=post)
    assert not owed_by(first, on=date(2020, 2, 13))
    assert owed_by(second, on=date(2020, 2, 13))


def _a_year(*, asleep: tuple[int, int]) -> Counter[tuple[str, str]]:
    """Let a year go by with a worker that runs once a day, but for some days; nobody acts.

    Return how many were missed, by unit and by the local hour of their lapse.
    """
    start = datetime(2020, 1, 31, tzinfo=UTC)
    bring_in(templates(), now=start)
    for step in range(366):
        now = start + step * DAY
        if not asleep[0] <= step < asleep[1]:
            open_until(now)
            actions.settle(actor=ACTOR, now=now)
    end = start + 367 * DAY
    open_until(end)
    actions.settle(actor=ACTOR, now=end)
    found: Counter[tuple[str, str]] = Counter()
    for duty in Duty.objects.filter(ended=State.MISSED).select_related("unit"):
        zone = duty.unit.versions.get().time_zone
        assert duty.lapses_at == duty.ended_at
        found[duty.unit.code, _local(duty.lapses_at, zone)] += 1
    return found


def _local(instant: datetime | None, zone: str) -> str:
    from zoneinfo import ZoneInfo

    assert instant is not None
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


@pytest.mark.parametrize("asleep", [(0, 0), (40, 75), (1, 365)])
def test_over_a_year_every_missed_week_is_missed_once_at_five_by_the_local_clock(
    cast: dict[str, Account], asleep: tuple[int, int]
) -> None:
    organisation.open_units(
        actor=ACTOR, now=NOW, on=FOUNDED,
        details=[
            people.unit("B1", "DE-BE", time_zone="Europe/Berlin"),
            people.unit("N1", "US-NY", time_zone="America/New_York"),
        ],
    )  # fmt: skip
    for unit in ("B1", "N1", "W1"):
        open_post(f"P-{unit}", unit)

    found = _a_year(asleep=asleep)

    # From the week of 27 January on, which was running; that of 25 January 2021 has lapsed, too.
    assert found == {(unit, "17:00"): 53 for unit in ("B1", "N1", "W1")}
    assert counting.find_differences() == []


def test_kinds_of_posts_come_in_by_file_and_go_out_again(cast: dict[str, Account]) -> None:
    def bring(text: str) -> tuple[int, int, list[object]]:
        done = post_sheet.import_posts(actor=ACTOR, now=NOW, on=NOW.date(), content=text.encode())
        return done.created, done.changed, list(done.errors)

    assert bring("code,title_zh,unit,kind\nP,班长,W1,team_leader\n") == (1, 0, [])
    assert bring("code,title_zh,unit\nP,班长,W1\n") == (0, 0, [])
    assert Post.objects.get().kind == "team_leader"
    assert bring("code,title_zh,unit,kind\nP,班长,W1,workshop_head\n") == (0, 1, [])
    (row,) = post_sheet.export_posts(on=NOW.date())
    assert row[3] == "workshop_head"
    (error,) = bring("code,title_zh,unit,kind\nP,班长,W1,chief\n")[2]
    assert "team_leader" in str(error)
