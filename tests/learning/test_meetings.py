"""Meetings: calling, coming, the minutes, and what was decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from taishan.communications import directives
from taishan.communications.models import Delivery
from taishan.core.duties import State
from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.learning import decisions, meetings
from taishan.learning.decisions import Debtor
from taishan.learning.meetings import MeetingRefused
from taishan.learning.models import Decision, Meeting, Minutes
from taishan.organisation import posts
from taishan.organisation.models import Account
from tests import jobs
from tests.communications.directing import acting, unit_id
from tests.learning.calling import HOUR, call, person
from tests.people import ACTOR, FOUNDED, NOW
from tests.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def decide(meeting: Meeting, debtor: Debtor | None = None, **more: object) -> Decision:
    values = {"what_en": "Count masks", "what_zh": "清点口罩", "due_at": NOW + 30 * HOUR} | more
    return decisions.decide(
        actor=ACTOR, now=NOW + HOUR, meeting=meeting, debtor=debtor, **values
    )  # type: ignore[arg-type] # fmt: skip


def confirmed(cast: dict[str, Account], meeting: Meeting) -> None:
    meetings.write(actor=ACTOR, now=NOW + 2 * HOUR, meeting=meeting, edition=0, text="Agreed.")
    meetings.confirm(
        actor=acting(cast["unit_head"]), now=NOW + 3 * HOUR, meeting=meeting, edition=1
    )


def test_those_invited_and_the_chair_are_told(cast: dict[str, Account]) -> None:
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="W1-S", unit="W1", title_en="Storekeeper",
        title_zh="库管员",
    )  # fmt: skip
    posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=person("D6"), post=post)

    call(cast, post_ids=(post.pk,))

    told = set(Delivery.objects.values_list("person__staff_no", flat=True))
    assert told == {"D2", "D3", "D6"}


def test_a_meeting_needs_an_agenda(cast: dict[str, Account]) -> None:
    with pytest.raises(MeetingRefused, match="agenda"):
        call(cast, agenda=())


def test_somebody_signs_with_the_code_of_the_room(cast: dict[str, Account]) -> None:
    meeting, officer = call(cast), acting(cast["safety_officer"])
    code = meetings.code_of(meeting)

    came = meetings.sign_in(
        actor=officer, now=NOW + HOUR, meeting=meeting, code=f" {code[:4].lower()} {code[4:]}"
    )

    assert (came.person_id, came.at, came.by_label) == (officer.person_id, NOW + HOUR, "")
    with pytest.raises(MeetingRefused, match="already"):
        meetings.sign_in(actor=officer, now=NOW + HOUR, meeting=meeting, code=code)


@pytest.mark.parametrize(
    ("code", "after", "said"),
    [
        ("WRONGONE", HOUR, "code"),
        (None, -timedelta(minutes=1), "hour before"),
        (None, 13 * HOUR, "twelve hours"),
    ],
)
def test_nobody_signs_from_elsewhere_or_at_another_time(
    cast: dict[str, Account], code: str | None, after: timedelta, said: str
) -> None:
    meeting = call(cast)

    with pytest.raises(MeetingRefused, match=said):
        meetings.sign_in(
            actor=acting(cast["safety_officer"]), now=NOW + after, meeting=meeting,
            code=code or meetings.code_of(meeting),
        )  # fmt: skip


def test_the_code_of_one_meeting_opens_no_other(cast: dict[str, Account]) -> None:
    one, other = call(cast), call(cast)

    assert meetings.code_of(one) != meetings.code_of(other)


def test_who_came_without_signing_is_recorded_by_name(cast: dict[str, Account]) -> None:
    came = meetings.record_presence(
        actor=ACTOR, now=NOW + HOUR, meeting=call(cast), person=person("D6")
    )

    assert came.by_label == "test"


def test_the_chair_alone_confirms_the_minutes(cast: dict[str, Account]) -> None:
    meeting = call(cast)
    meetings.write(actor=ACTOR, now=NOW, meeting=meeting, edition=0, text="Agreed.")

    with pytest.raises(MeetingRefused, match="chair"):
        meetings.confirm(
            actor=acting(cast["safety_officer"]), now=NOW + 2 * HOUR, meeting=meeting, edition=1
        )
    with pytest.raises(MeetingRefused, match="not been held"):
        meetings.confirm(actor=acting(cast["unit_head"]), now=NOW, meeting=meeting, edition=1)


def test_the_chair_confirms_what_was_read_and_not_what_was_written_since(
    cast: dict[str, Account],
) -> None:
    meeting = call(cast)
    for edition, text in enumerate(("Agreed.", "Not agreed.")):
        meetings.write(actor=ACTOR, now=NOW, meeting=meeting, edition=edition, text=text)

    with pytest.raises(MeetingRefused, match="meanwhile"):
        meetings.confirm(
            actor=acting(cast["unit_head"]), now=NOW + 2 * HOUR, meeting=meeting, edition=1
        )


def test_nothing_is_added_to_confirmed_minutes(cast: dict[str, Account]) -> None:
    meeting = call(cast)
    confirmed(cast, meeting)
    photo = attachments.inspect("a.png", png())

    for add in (
        lambda: meetings.write(actor=ACTOR, now=NOW, meeting=meeting, edition=1, text="More"),
        lambda: decide(meeting),
        lambda: meetings.add_material(actor=ACTOR, now=NOW, meeting=meeting, file=photo),
        lambda: meetings.record_presence(
            actor=ACTOR, now=NOW + HOUR, meeting=meeting, person=person("D6")
        ),
    ):
        with pytest.raises(MeetingRefused, match="confirmed"):
            add()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Minutes.objects.update(text="Otherwise")


def test_news_of_confirmed_minutes_names_the_unit_and_the_kind(cast: dict[str, Account]) -> None:
    jobs.run()

    confirmed(cast, call(cast))

    assert jobs.waiting() == ["outbox.deliver"]
    assert "outbox.deliver" in jobs.run()


@pytest.mark.parametrize("debtor", ["unit", "below", "person"])
def test_a_decision_becomes_a_duty_on_the_spot(cast: dict[str, Account], debtor: str) -> None:
    officer = cast["safety_officer"].person_id
    debtors = {
        "unit": Debtor(unit_id=unit_id("W1")),
        "below": Debtor(unit_id=unit_id("W2")),
        "person": Debtor(unit_id=unit_id("W1"), person_id=officer),
    }

    duty = decisions.get_duty(decide(call(cast), debtors[debtor]))

    assert (duty.kind, duty.creditor_id, duty.unit_id, duty.person_id) == (
        "decision", unit_id("W1"), debtors[debtor].unit_id, debtors[debtor].person_id,
    )  # fmt: skip


def test_a_decision_binds_nobody_beside_the_unit(cast: dict[str, Account]) -> None:
    with pytest.raises(MeetingRefused, match="below it"):
        decide(call(cast), Debtor(unit_id=unit_id("T1")))


def test_a_decision_binds_nobody_who_was_not_called(cast: dict[str, Account]) -> None:
    with pytest.raises(MeetingRefused, match="called"):
        decide(call(cast), Debtor(unit_id=unit_id("W1"), person_id=cast["employee"].person_id))


def test_a_decision_for_an_hour_that_has_passed_is_none(cast: dict[str, Account]) -> None:
    with pytest.raises(MeetingRefused, match="yet to come"):
        decide(call(cast), due_at=NOW)


def test_a_decision_was_carried_out_when_somebody_says_how(cast: dict[str, Account]) -> None:
    decision = decide(call(cast), Debtor(unit_id=unit_id("W1")))
    act = {"actor": ACTOR, "now": NOW + 2 * HOUR, "decision": decision}

    with pytest.raises(MeetingRefused, match="done"):
        decisions.report_done(**act, evidence=" ")

    assert decisions.report_done(**act, evidence="12,000").ended == State.ON_TIME


def test_a_decision_for_units_below_becomes_the_draft_of_a_directive(
    cast: dict[str, Account],
) -> None:
    meeting = call(cast)

    decision = decide(meeting)

    directive = decision.directive
    assert directive is not None
    assert (directive.origin_kind, directive.origin_id) == ("meeting", str(meeting.pk))
    assert directive.draft.content["measures"][0]["what_zh"] == "清点口罩"
    with pytest.raises(directives.DirectiveRefused, match="below"):
        directives.issue(actor=Actor(label="x"), now=NOW, directive_id=directive.pk)
