"""Taking a measure apart level by level, and confirming it upward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.communications import cascading, directives
from taishan.communications.cascading import PartWanted
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Answer, Confirmation, Reach
from taishan.core.duties import State
from taishan.duties import queries
from taishan.duties.models import Duty
from taishan.kit import attachments, clock
from taishan.organisation import actions as organisation
from taishan.organisation import posts
from taishan.organisation.models import Account, Post
from tests import people
from tests.communications.directing import DAY, LIST, MASKS, acting, issued, owed, unit_id
from tests.people import ACTOR, FOUNDED, NOW
from tests.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "media")]
HOUR = timedelta(hours=1)


def photo() -> attachments.Attachment:
    return attachments.inspect("masks.png", png())


def part(unit: str = "W2", **more: object) -> PartWanted:
    values: dict[str, object] = {"unit_id": unit_id(unit), "due_at": NOW + 2 * DAY}
    return PartWanted(**values | more)  # type: ignore[arg-type]


def decompose(duty: Duty, *parts: PartWanted) -> list[Duty]:
    return cascading.decompose(actor=ACTOR, now=NOW, duty=duty, parts=parts or [part()])


def confirm(duty: Duty, after_h: int = 1, **more: object) -> Confirmation:
    given: dict[str, object] = {"actor": ACTOR, "text": "Counted", "files": [photo()]} | more
    return cascading.confirm(now=NOW + after_h * HOUR, duty=duty, **given)  # type: ignore[arg-type]


def accept(confirmation: Confirmation, after_h: int = 2) -> Duty:
    return cascading.accept(actor=ACTOR, now=NOW + after_h * HOUR, confirmation_id=confirmation.pk)


def now_of(duty: Duty) -> Duty:
    return queries.get_duty(duty.unit_id, duty.id)


def test_confirmation_climbs_from_the_site_to_headquarters() -> None:
    directive = issued("W1")
    top = owed(directive, "W1")
    (child,) = decompose(
        top, part(what_zh="清点库房", what_en="Count the store", needs_evidence=True)
    )

    with pytest.raises(DirectiveRefused, match="beneath"):
        confirm(top)
    accept(confirm(child))
    accept(confirm(top, after_h=3, files=[]), after_h=4)

    assert child.creditor_id == unit_id("W1")
    assert (now_of(child).ended, now_of(child).ended_at) == (State.ON_TIME, NOW + HOUR)
    assert (now_of(top).ended, now_of(top).ended_at) == (State.ON_TIME, NOW + 3 * HOUR)
    assert Reach.objects.filter(directive=directive).count() == 2


def test_what_was_confirmed_in_time_is_done_in_time_though_it_is_accepted_late() -> None:
    duty = owed(issued(), "W1", LIST)

    accept(confirm(duty, after_h=71), after_h=100)

    assert now_of(duty).ended == State.ON_TIME


def test_a_returned_confirmation_stays_with_its_reason_and_is_made_again() -> None:
    duty = owed(issued(), "W1")
    first = confirm(duty)

    with pytest.raises(DirectiveRefused, match="wanting"):
        cascading.give_back(actor=ACTOR, now=NOW, confirmation_id=first.pk, reason=" ")
    cascading.give_back(
        actor=ACTOR, now=NOW + HOUR, confirmation_id=first.pk, reason="The photo is of last year"
    )
    accept(confirm(duty, after_h=5), after_h=6)

    assert Answer.objects.get(confirmation=first).reason == "The photo is of last year"
    assert now_of(duty).ended_at == NOW + 5 * HOUR


def test_nothing_is_changed_while_a_confirmation_waits() -> None:
    duty = owed(issued(), "W1")
    confirm(duty)

    with pytest.raises(DirectiveRefused, match="waits"):
        confirm(duty)
    with pytest.raises(DirectiveRefused, match="waits"):
        decompose(duty)


def test_of_two_who_answer_one_wins_and_the_other_is_told(cast: dict[str, Account]) -> None:
    confirmation = confirm(owed(issued(), "W1"))
    accept(confirmation)

    with pytest.raises(DirectiveRefused, match="test has answered"):
        cascading.give_back(
            actor=acting(cast["unit_head"]), now=NOW + 2 * HOUR, confirmation_id=confirmation.pk,
            reason="no",
        )  # fmt: skip


def test_nobody_accepts_what_they_confirmed_themselves(cast: dict[str, Account]) -> None:
    office = acting(cast["duty_office"])
    confirmation = confirm(owed(issued(), "W1"), actor=office)

    with pytest.raises(DirectiveRefused, match="yourself"):
        cascading.accept(actor=office, now=NOW + HOUR, confirmation_id=confirmation.pk)


def test_evidence_is_a_file_where_it_is_asked() -> None:
    with pytest.raises(DirectiveRefused, match="photo"):
        confirm(owed(issued(), "W1"), files=[])


def test_all_files_of_a_confirmation_are_kept_by_one_statement() -> None:
    duty = owed(issued(), "W1")

    with CaptureQueriesContext(connection) as asked:
        confirmation = confirm(duty, files=[photo(), photo()])

    table = confirmation.files.model._meta.db_table
    assert confirmation.files.count() == 2
    assert sum(f'INSERT INTO "{table}"' in one["sql"] for one in asked) == 1


def test_a_part_is_not_due_later_than_the_whole() -> None:
    with pytest.raises(DirectiveRefused, match="later"):
        decompose(owed(issued(), "W1"), part(due_at=MASKS.due_at + HOUR))


@pytest.mark.parametrize("unit", ["W1", "T1", "HQ"])
def test_parts_go_only_to_units_below(unit: str) -> None:
    with pytest.raises(DirectiveRefused, match="below"):
        decompose(owed(issued(), "W1"), part(unit))


def test_a_unit_owes_a_measure_once() -> None:
    directive = issued("W1", "W2")

    with pytest.raises(DirectiveRefused, match="already"):
        decompose(owed(directive, "W1"))
    assert owed(directive, "W2").creditor_id == unit_id("HQ")


def test_a_post_of_the_unit_takes_a_part_and_gives_none_on() -> None:
    post = open_post("W1")
    top = owed(issued(), "W1")

    (child,) = decompose(top, part("W1", post_id=post.pk))

    assert (child.post_id, child.address) == (
        post.pk,
        f"/directives/measures/{top.subject_id}/posts/W1-S/",
    )
    with pytest.raises(DirectiveRefused, match="Only a unit"):
        decompose(child)


def open_post(unit: str) -> Post:
    return posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code=f"{unit}-S", unit=unit, title_en="Storekeeper",
        title_zh="库管员",
    )  # fmt: skip


def test_a_unit_that_opens_on_the_units_own_day_takes_a_part_and_stands_on_the_page(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation.open_units(
        actor=ACTOR, now=NOW, on=date(2020, 2, 13),
        details=[people.unit("W3", "CN-330300", parent="W1")],
    )  # fmt: skip
    early = NOW + 23 * HOUR  # 07:00 of the 13th in Shanghai, the 12th in UTC
    top = owed(issued(), "W1")

    cascading.decompose(actor=ACTOR, now=early, duty=top, parts=[part("W3")])

    monkeypatch.setattr(clock, "now", lambda: early)
    client = Client()
    client.force_login(cast["unit_head"])
    for path in (top.address, f"/directives/measures/{top.subject_id}/"):
        assert "Unit W3" in client.get(path).content.decode()


def test_a_post_of_another_unit_takes_no_part() -> None:
    post = open_post("T1")

    with pytest.raises(DirectiveRefused, match="own posts"):
        decompose(owed(issued(), "W1"), part("W1", post_id=post.pk))


def test_what_is_overdue_can_still_be_given_on() -> None:
    duty, late = owed(issued(), "W1"), NOW + 9 * DAY

    (child,) = cascading.decompose(
        actor=ACTOR, now=late, duty=duty, parts=[part(due_at=MASKS.due_at)]
    )

    assert child.standing(late) is State.OVERDUE


def test_a_waiver_falls_on_all_beneath_from_the_leaves_up() -> None:
    organisation.open_units(
        actor=ACTOR, now=NOW, on=FOUNDED, details=[people.unit("W3", "CN-330300", parent="W2")]
    )
    directive = issued("W1")
    top = owed(directive, "W1")
    (child,) = decompose(top)
    decompose(child, part("W3", due_at=NOW + DAY))

    assert cascading.waive(actor=ACTOR, now=NOW, duty=child, reason="site closed") == 2

    assert now_of(top).ended is None
    assert owed(directive, "W3").ended == State.WAIVED
    accept(confirm(top))


def test_a_recall_falls_on_every_level() -> None:
    directive = issued("W1", "T1")
    decompose(owed(directive, "W1"))

    directives.recall(actor=ACTOR, now=NOW, directive_id=directive.pk, reason="overtaken")

    assert not Duty.objects.filter(ended=None).exists()
