"""Stopping work: it counts at once, nothing overrides it, and only its authority lifts it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taishan.communications.models import Delivery, Notice
from taishan.core.gate import Permission
from taishan.duties.models import Duty, Ending
from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, UnitVersion
from taishan.resumption import actions as resumption
from taishan.resumption import changes, queries
from taishan.safety import actions
from taishan.safety import queries as safety
from taishan.safety.actions import StopRefused
from taishan.safety.models import StopWork
from tests import people
from tests.safety.building import PNG, ask, granted, lift, stop, viewer

DAY = people.NOW.date()
LATER = people.NOW + timedelta(hours=3)


def state(cast: dict[str, Account], code: str, day: object = DAY) -> Permission:
    units = queries.find_units(viewer(cast["inspector"]), DAY, codes=[code])
    return queries.find_verdicts(units, day)[0].verdict.state  # type: ignore[arg-type]


def client(account: Account) -> Client:
    signed_in = Client()
    signed_in.force_login(account)
    return signed_in


def test_a_stop_shuts_the_unit_at_once_and_its_lifting_opens_it_at_once(
    cast: dict[str, Account],
) -> None:
    before = state(cast, "X1")
    found = stop(cast["employee"], "X1")
    stopped = state(cast, "X1")
    request = ask(cast["duty_office"], found)
    lift(granted("D9", "许言"), request)

    assert (before, stopped, state(cast, "X1")) == (Permission.OPEN, Permission.SHUT, before)


def test_a_stop_that_lasted_over_night_stays_on_the_days_it_held(cast: dict[str, Account]) -> None:
    found = stop(cast["employee"], "W2")
    at = people.NOW + timedelta(days=2)
    lift(cast["duty_office"], ask(cast["unit_head"], found, at), at)

    days = [DAY + timedelta(days=n) for n in (-1, 0, 1, 2)]
    assert [state(cast, "W2", day) is Permission.SHUT for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("with_below", "below"), [(False, Permission.OPEN), (True, Permission.SHUT)]
)
def test_a_stop_holds_for_the_units_below_only_where_it_says_so(
    cast: dict[str, Account], with_below: bool, below: Permission
) -> None:
    stop(cast["unit_head"], "W1", with_below=with_below)

    assert (state(cast, "W1"), state(cast, "W2")) == (Permission.SHUT, below)


@pytest.mark.parametrize("role", ["unit_head", "safety_officer", "employee", "inspector"])
def test_nobody_but_the_authority_above_lifts_a_stop(cast: dict[str, Account], role: str) -> None:
    request = ask(cast["duty_office"], stop(cast["employee"]))

    with pytest.raises(StopRefused, match="authority named"):
        lift(cast[role], request)
    assert state(cast, "W1") is Permission.SHUT


def test_a_head_who_is_of_the_authority_too_does_not_lift_the_stop_of_the_own_unit(
    cast: dict[str, Account],
) -> None:
    head = granted("D2", "林建国")
    request = ask(cast["safety_officer"], stop(cast["employee"]))

    with pytest.raises(StopRefused, match="own head never"):
        lift(head, request)


@pytest.mark.parametrize("with_below", [True, False])
def test_a_head_below_lifts_no_stop_that_stops_the_own_unit_too(
    cast: dict[str, Account], with_below: bool
) -> None:
    head = granted("D9", "许言", "unit_head", "W2")
    granted("D9", "许言")
    request = ask(cast["safety_officer"], stop(cast["employee"], with_below=with_below))

    if with_below:
        with pytest.raises(StopRefused, match="own head never"):
            lift(head, request)
    else:
        assert lift(head, request).is_lifted


def test_a_role_counts_from_the_first_hour_of_its_day(cast: dict[str, Account]) -> None:
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=DAY + timedelta(days=1), staff_no="D9",
        name="许言", role="safety_officer", unit="W1",
    )  # fmt: skip
    stop(cast["employee"], now=datetime.fromisoformat("2020-02-13T00:30+08:00"))

    assert Delivery.objects.filter(person__staff_no="D9").exists()


def test_who_asked_for_the_lifting_does_not_lift(cast: dict[str, Account]) -> None:
    request = ask(cast["duty_office"], stop(cast["employee"]))

    with pytest.raises(StopRefused, match="second person"):
        lift(cast["duty_office"], request)


def test_a_lifting_needs_its_evidence_and_is_answered_once(cast: dict[str, Account]) -> None:
    found = stop(cast["employee"])
    with pytest.raises(StopRefused, match="safe now"):
        actions.ask_lifting(actor=people.ACTOR, now=people.NOW, stop=found, evidence=" ")
    request = ask(cast["unit_head"], found)
    with pytest.raises(StopRefused, match="waits for its answer"):
        ask(cast["safety_officer"], found)
    (owed,) = Duty.objects.filter(ended=None)
    lift(cast["duty_office"], request)

    assert owed.unit.code == "HQ"
    assert not Duty.objects.filter(ended=None).exists()
    with pytest.raises(StopRefused, match="lifted already"):
        lift(cast["duty_office"], request)


def test_the_application_cannot_alter_or_delete_a_stop(cast: dict[str, Account]) -> None:
    stop(cast["employee"])

    for change in (lambda: StopWork.objects.update(ground="-"), StopWork.objects.all().delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()  # type: ignore[no-untyped-call]
    assert StopWork.objects.exists()


@pytest.mark.parametrize(
    ("shown_to", "head", "office", "discipline"),
    [
        ("authority", False, True, True),
        ("nobody", False, False, False),
        ("everybody", True, True, True),
    ],
)
def test_the_name_of_who_stopped_is_shown_to_whom_they_chose(
    cast: dict[str, Account], shown_to: str, head: bool, office: bool, discipline: bool
) -> None:
    found = stop(cast["employee"], shown_to=shown_to)

    def sees(role: str) -> bool:
        paths = (f"/stop-work/{found.pk}/", "/units/W1/", "/board/", "/", "/notices/")
        shown = [client(cast[role]).get(path).content.decode() for path in paths]
        return any("Sok Dara" in page for page in shown)

    roles = ("unit_head", "duty_office", "discipline_office")
    assert [sees(role) for role in roles] == [head, office, discipline]


@pytest.mark.parametrize("shown_to", ["authority", "nobody"])
def test_neither_ledger_nor_notice_nor_duty_names_who_is_protected(
    cast: dict[str, Account], shown_to: str
) -> None:
    found = stop(cast["employee"], shown_to=shown_to)
    lift(cast["duty_office"], ask(cast["unit_head"], found))

    (entry,) = Entry.objects.filter(verb="work.stopped")
    assert (entry.account_id, entry.person_id, entry.post) == (None, None, "")
    told = [*Notice.objects.values_list("sent_by", flat=True), entry.actor_label]
    assert "Sok Dara" not in {*told, *Ending.objects.values_list("by_label", flat=True)}


def test_who_is_protected_is_told_what_became_of_it_where_nobody_else_sees_it(
    cast: dict[str, Account],
) -> None:
    found = stop(cast["employee"])
    lift(cast["duty_office"], ask(cast["unit_head"], found))
    stopper = client(cast["employee"])

    own = stopper.get("/notices/")
    (private,) = Notice.objects.filter(is_private=True)
    stopper.post(f"/notices/{private.pk}/confirmation/")

    assert f'href="/stop-work/{found.pk}/' in own.content.decode()
    told = Delivery.objects.filter(notice__about_id=f"{found.pk}:lifted")
    assert {one.person.staff_no for one in told} == {"D2", "D3"}
    entries = Entry.objects.filter(subject_kind="notice", subject_id=str(private.pk))
    read = entries.filter(verb__in=("notice.opened", "notice.confirmed"))
    assert [(one.person_id, one.account_id, one.actor_label) for one in read] == [
        (None, None, "—")
    ] * 2
    inspector = client(cast["duty_office"])
    assert inspector.get(f"/notices/{private.pk}/").status_code == 404
    listed = inspector.get("/notices/units/HQ/").content.decode()
    assert f"/notices/{private.pk}/" not in listed
    assert "is lifted" in listed


def test_a_name_for_nobody_cannot_be_kept(cast: dict[str, Account]) -> None:
    found = stop(cast["employee"], shown_to="nobody")
    assert found.by_id is None

    with pytest.raises(IntegrityError), transaction.atomic():
        StopWork.objects.create(
            unit_id=found.unit_id, with_below=False, ground="Gas", shown_to="nobody",
            by=cast["employee"], authority_id=found.authority_id, stopped_at=people.NOW,
        )  # fmt: skip


def test_the_unit_and_its_authority_are_told(cast: dict[str, Account]) -> None:
    stop(cast["employee"])

    told = set(Delivery.objects.values_list("person__staff_no", flat=True))
    assert told == {"D1", "D2", "D3"}


def test_a_stop_stands_on_the_board_the_units_page_and_the_heads_list(
    cast: dict[str, Account],
) -> None:
    stop(cast["employee"], now=clock.now(), shown_to="everybody")

    for path in ("/board/?q=W1", "/units/W1/", "/"):
        page = client(cast["unit_head"]).get(path).content.decode()
        assert "work stopped by Sok Dara since" in page, path
        assert "Gas smells in hall 3" in page, path


def test_stops_cost_one_query_however_many_they_are(cast: dict[str, Account]) -> None:
    units = queries.find_units(viewer(cast["inspector"]), DAY)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.find_verdicts(units, DAY)
        return len(asked)

    before = count()
    for code in ("W1", "W2", "X1"):
        stop(cast["unit_head"], code, with_below=True)
    assert count() == before


def test_the_gate_of_a_unit_reads_the_stops_over_it_and_no_others(cast: dict[str, Account]) -> None:
    for code in ("W1", "W2", "X1"):
        stop(cast["employee"], code, with_below=True)
    paths = dict(UnitVersion.objects.values_list("unit__code", "path"))

    with CaptureQueriesContext(connection) as asked:
        read = safety.find_stops([paths["W2"]], DAY, DAY + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(asked[0]["sql"])
        rows = len(cursor.fetchall())

    assert (rows, [one.unit_id for one in read.over(paths["W2"])]) == (
        2, [int(step) for step in paths["W2"].split(".")[1:]],
    )  # fmt: skip


def test_stops_that_were_lifted_before_the_days_asked_for_are_not_read(
    cast: dict[str, Account],
) -> None:
    found = stop(cast["employee"], "W2")
    at = people.NOW + timedelta(days=2)
    lift(cast["duty_office"], ask(cast["unit_head"], found, at), at)
    [path] = UnitVersion.objects.filter(unit=found.unit).values_list("path", flat=True)

    def over(days: int, as_known: datetime | None = None) -> list[datetime | None]:
        day = DAY + timedelta(days=days)
        stops = safety.find_stops([path], day, day + timedelta(days=1), as_known)
        return [one.lifted_at for one in stops.over(path)]

    assert (over(-2), over(0), over(2), over(4)) == ([], [at], [at], [])
    assert over(4, as_known=at - timedelta(hours=1)) == [None]
    assert over(0, as_known=people.NOW - timedelta(hours=1)) == []


def test_the_history_of_verdicts_says_that_work_was_stopped_and_went_on(
    cast: dict[str, Account],
) -> None:
    from taishan.organisation.models import Unit
    from taishan.regulations import queries as regulations

    def record(minutes: int) -> None:
        at = people.NOW + timedelta(minutes=minutes)
        resumption.record_verdicts(actor=people.ACTOR, now=at)

    record(0)
    found = stop(cast["employee"])
    record(1)
    lift(cast["duty_office"], ask(cast["unit_head"], found))
    record(2)

    rows = list(queries.find_history(Unit.objects.get(code="W1").pk))
    told = changes.in_words(rows, library=regulations.get_library(), lang="en")
    assert [one.reasons for one in told[:2]] == [
        [f"stop-work {found.pk} lifted"],
        [f"work stopped on safety grounds: stop-work {found.pk}"],
    ]


def test_what_one_person_says_offline_never_stops_work_in_the_next_ones_name(
    cast: dict[str, Account],
) -> None:
    page = client(cast["employee"]).get("/stop-work/new/").content.decode()
    mine = f'name="account" value="{cast["employee"].pk}"'
    sent = {"unit": "W1", "ground": "Gas", "shown_to": "nobody", "account": cast["employee"].pk}

    answer = client(cast["unit_head"]).post("/stop-work/new/", sent)

    assert mine in page
    assert (answer.status_code, StopWork.objects.count()) == (403, 0)


def test_an_employee_stops_work_by_the_phone_page_where_they_are_a_guest(
    cast: dict[str, Account], media: object
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {
        "unit": "W1", "ground": "The scaffold leans", "shown_to": "authority",
        "photo": SimpleUploadedFile("seen.png", PNG),
    }  # fmt: skip
    answer = client(cast["employee"]).post("/stop-work/new/", sent)

    found = StopWork.objects.get()
    assert (answer.status_code, found.unit.code, found.photo.name) == (200, "W1", "seen.png")
    assert client(cast["employee"]).get(f"/stop-work/{found.pk}/").status_code == 200
    assert client(cast["unit_head"]).get(f"/stop-work/{found.pk}/photo/").content == PNG


def test_only_who_leads_there_stops_the_units_below_too(cast: dict[str, Account]) -> None:
    sent = {"unit": "HQ", "ground": "Fire", "shown_to": "authority", "with_below": "on"}

    assert client(cast["unit_head"]).post("/stop-work/new/", sent).status_code == 422
    assert not StopWork.objects.exists()


def test_from_a_stop_to_its_lifting_by_the_pages(cast: dict[str, Account]) -> None:
    found = stop(cast["employee"], now=clock.now())
    address = f"/stop-work/{found.pk}/"
    head, office = client(cast["unit_head"]), client(cast["duty_office"])

    assert "Ask for it to be lifted" in head.get(address).content.decode()
    assert head.post(f"{address}requests/", {"evidence": "Aired"}).status_code == 302
    assert head.post(f"{address}lifting/", {"reason": "Fine"}).status_code == 403
    assert office.post(f"{address}refusal/", {"reason": "Measure it"}).status_code == 302
    assert "Measure it" in head.get(address).content.decode()
    head.post(f"{address}requests/", {"evidence": "Measured: none"})
    assert office.post(f"{address}lifting/", {"reason": "Seen"}).status_code == 302

    assert office.post(f"{address}lifting/", {"reason": "Seen"}).status_code == 404
    assert "Seen" in office.get(f"{address}").content.decode()


def test_an_old_page_answers_no_request_that_it_does_not_show(cast: dict[str, Account]) -> None:
    found, office = stop(cast["employee"]), client(cast["duty_office"])
    first = ask(cast["unit_head"], found)
    old = office.get(reverse("safety:stop", args=[found.pk])).content.decode()
    other = viewer(granted("D9", "许言"))
    actions.refuse_lifting(
        actor=other.actor, viewer=other, now=people.NOW, request=first, reason="Not dry"
    )
    ask(cast["unit_head"], found)
    address = reverse("safety:lifting", args=[found.pk])

    stale = office.post(address, {"reason": "Seen", "seen": first.number})
    fresh = office.post(address, {"reason": "Seen", "seen": first.number + 1})

    assert f'name="seen" value="{first.number}"' in old
    assert (stale.status_code, fresh.status_code) == (422, 302)
