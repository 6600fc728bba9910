"""Meetings: calling, coming, the minutes, and what was decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from taishan.communications import directives
from taishan.communications.models import Delivery
from taishan.core.duties import State
from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.learning import decisions, meetings, queries
from taishan.learning.decisions import Debtor
from taishan.learning.meetings import MeetingRefused
from taishan.learning.models import Cancellation, Decision, Meeting, Minutes, PresenceCorrection
from taishan.ledger.models import Entry
from taishan.organisation import access, posts
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from tests import jobs, people
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


def test_who_is_called_by_a_post_is_its_holder_on_the_units_own_day(
    cast: dict[str, Account],
) -> None:
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="W1-S", unit="W1", title_en="Storekeeper",
        title_zh="库管员",
    )  # fmt: skip
    early = NOW + 23 * HOUR  # 07:00 of the 13th in Shanghai, the 12th in UTC
    posts.hold_post(
        actor=ACTOR, now=NOW, on=date(2020, 2, 13), person=cast["employee"].person, post=post
    )

    meeting = call(cast, post_ids=(post.pk,), starts_at=early)

    employee = access.viewer_for(cast["employee"], FOUNDED)
    assert list(queries.find_visible(employee)) == [meeting]
    delivery = Delivery.objects.get(person=cast["employee"].person)
    assert "2020-02-13 07:00 (Asia/Shanghai)" in delivery.notice.text_en


def test_a_decision_binds_a_unit_that_opens_on_the_units_own_day(cast: dict[str, Account]) -> None:
    organisation.open_units(
        actor=ACTOR, now=NOW, on=date(2020, 2, 13),
        details=[people.unit("W3", "CN-330300", parent="W1")],
    )  # fmt: skip
    early = NOW + 23 * HOUR

    decision = decisions.decide(
        actor=ACTOR, now=early, meeting=call(cast), what_en="Count masks", what_zh="清点口罩",
        due_at=early + HOUR, debtor=Debtor(unit_id=unit_id("W3")),
    )  # fmt: skip

    assert decisions.get_duty(decision).unit_id == unit_id("W3")


def test_a_meeting_needs_an_agenda(cast: dict[str, Account]) -> None:
    with pytest.raises(MeetingRefused, match="agenda"):
        call(cast, agenda=())


def test_a_cancelled_meeting_tells_who_was_called_and_takes_nothing_any_more(
    cast: dict[str, Account],
) -> None:
    meeting = call(cast)
    act = {"actor": ACTOR, "now": NOW + timedelta(minutes=5), "meeting": meeting}

    with pytest.raises(MeetingRefused, match="reason"):
        meetings.cancel(**act, reason=" ")
    meetings.cancel(**act, reason="The road is shut")

    told = Delivery.objects.filter(notice__title_en="Cancelled: Return to work")
    assert set(told.values_list("person__staff_no", flat=True)) == {"D2", "D3"}
    assert "The road is shut" in told[0].notice.text_zh
    assert Entry.objects.get(verb="meeting.cancelled").data == {}
    for add in (
        lambda: meetings.cancel(**act, reason="again"),
        lambda: meetings.write(**act, edition=0, text="Agreed."),
        lambda: decide(meeting),
        lambda: meetings.record_presence(**act, person=person("D6")),
    ):
        with pytest.raises(MeetingRefused, match="cancelled"):
            add()


@pytest.mark.parametrize("why", ["held", "decided"])
def test_what_was_held_is_not_cancelled(cast: dict[str, Account], why: str) -> None:
    meeting = call(cast, starts_at=NOW if why == "held" else NOW + 2 * HOUR)
    if why == "decided":
        decide(meeting)

    with pytest.raises(MeetingRefused, match="no longer"):
        meetings.cancel(actor=ACTOR, now=NOW + HOUR, meeting=meeting, reason="late")


def test_a_cancellation_cannot_be_changed(cast: dict[str, Account]) -> None:
    meetings.cancel(actor=ACTOR, now=NOW, meeting=call(cast), reason="The road is shut")

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Cancellation.objects.update(reason="Otherwise")


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


def test_presence_is_corrected_with_the_reason_and_both_are_kept(cast: dict[str, Account]) -> None:
    meeting = call(cast)
    act = {"actor": ACTOR, "now": NOW + HOUR}
    came = meetings.record_presence(**act, meeting=meeting, person=person("D3"))

    with pytest.raises(MeetingRefused, match="reason"):
        meetings.correct_presence(**act, presence=came, came=False, reason=" ")
    with pytest.raises(MeetingRefused, match="so already"):
        meetings.correct_presence(**act, presence=came, came=True, reason="x")
    meetings.correct_presence(**act, presence=came, came=False, reason="It was somebody else")
    with pytest.raises(MeetingRefused, match="did not come"):
        meetings.record_presence(**act, meeting=meeting, person=person("D3"))

    assert not queries.find_present().filter(meeting=meeting).exists()
    assert queries.with_counts(Meeting.objects.all()).get().came == 0
    meetings.correct_presence(**act, presence=came, came=True, reason="It was them")
    assert queries.find_present().get().person == person("D3")
    said = came.corrections.order_by("pk").values_list("came", "reason", "by_label")
    assert list(said) == [
        (False, "It was somebody else", "test"), (True, "It was them", "test"),
    ]  # fmt: skip
    told = Entry.objects.filter(verb="meeting.attendance_corrected").order_by("recorded_at", "id")
    assert {one.data["came"] for one in told} == {False, True}
    assert "somebody" not in str([one.data for one in told])


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
    came = meetings.record_presence(
        actor=ACTOR, now=NOW + HOUR, meeting=meeting, person=person("D3")
    )
    correction = {"actor": ACTOR, "now": NOW + HOUR, "presence": came, "reason": "x"}
    meetings.correct_presence(**correction, came=False)
    confirmed(cast, meeting)
    photo = attachments.inspect("a.png", png())

    for add in (
        lambda: meetings.write(actor=ACTOR, now=NOW, meeting=meeting, edition=1, text="More"),
        lambda: decide(meeting),
        lambda: meetings.correct_presence(**correction, came=True),
        lambda: meetings.add_material(actor=ACTOR, now=NOW, meeting=meeting, file=photo),
        lambda: meetings.record_presence(
            actor=ACTOR, now=NOW + HOUR, meeting=meeting, person=person("D6")
        ),
    ):
        with pytest.raises(MeetingRefused, match="confirmed"):
            add()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Minutes.objects.update(text="Otherwise")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PresenceCorrection.objects.update(reason="Otherwise")


def test_news_of_confirmed_minutes_names_the_unit_and_the_kind(cast: dict[str, Account]) -> None:
    jobs.run()

    meeting = call(cast)

    confirmed(cast, meeting)

    told = ProcrastinateJob.objects.get(status="todo", task_name="outbox.deliver").args
    assert (told["kind"], told["about"]) == (
        "meeting.confirmed",
        {"meeting_id": meeting.pk, "unit_id": meeting.unit_id, "meeting_kind": "thematic"},
    )
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
