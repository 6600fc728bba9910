"""Ordering units below to do something: drafts, versions, acknowledgement, recall."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from taishan.communications import acknowledging, directive_content, directives
from taishan.communications.directive_content import Content
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Delivery, Directive, DirectiveVersion, Measure, Reach
from taishan.core.duties import State
from taishan.duties.models import Duty
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from tests.communications.directing import (
    DAY,
    LIST,
    MASKS,
    acting,
    draft,
    issued,
    owed,
    unit_id,
)
from tests.people import ACTOR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]
READ = {"acknowledgement": "read", "acknowledge_by": NOW + DAY}
SIGN = {"acknowledgement": "sign", "acknowledge_by": NOW + DAY}


def rewrite(directive: Directive, **changes: object) -> DirectiveVersion:
    """Issue a next version that differs as given."""
    directives.begin_version(actor=ACTOR, now=NOW, directive_id=directive.pk)
    last = directive.versions.latest("number")
    said = {
        name: getattr(directive_content.of_version(last), name)
        for name in Content.__dataclass_fields__
    }
    directives.revise(
        actor=ACTOR, now=NOW, directive_id=directive.pk, edition=1,
        content=Content(**said | changes),  # type: ignore[arg-type]
    )  # fmt: skip
    return directives.issue(actor=ACTOR, now=NOW, directive_id=directive.pk)


def acknowledgement(version: DirectiveVersion, unit: str = "W1") -> Duty:
    return Duty.objects.get(
        subject_kind="directive_version", subject_id=str(version.pk), unit__code=unit
    )


def test_a_draft_asks_nothing_of_anybody() -> None:
    draft()

    assert not Duty.objects.exists()
    assert not Reach.objects.exists()


def test_an_issued_directive_is_owed_by_each_unit_and_measure() -> None:
    directive = issued("W1", "T1")

    rows = Duty.objects.order_by("unit__code", "due_at").values_list(
        "unit__code", "what_zh", "kind", "creditor__code", "needs_evidence"
    )
    assert list(rows) == [
        ("T1", LIST.what_zh, "directive", "HQ", False),
        ("T1", MASKS.what_zh, "directive", "HQ", True),
        ("W1", LIST.what_zh, "directive", "HQ", False),
        ("W1", MASKS.what_zh, "directive", "HQ", True),
    ]
    assert not hasattr(Directive.objects.get(pk=directive.pk), "draft")


def test_numbers_of_a_unit_and_year_have_no_gap_whatever_drafts_are_given_up() -> None:
    first, given_up, second = draft(), draft(), draft()
    directives.discard(actor=ACTOR, now=NOW, directive_id=given_up.pk)
    directives.issue(actor=ACTOR, now=NOW, directive_id=second.pk)
    directives.issue(actor=ACTOR, now=NOW, directive_id=first.pk)

    assert (second.numbered.year, second.numbered.number) == (2020, 1)
    assert first.numbered.number == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_zh": ""}, "title"),
        ({"measures": ()}, "asks nothing"),
        ({"measures": (), **READ, "acknowledge_by": NOW}, "yet to come"),
        ({"acknowledgement": "read"}, "yet to come"),
    ],
)
def test_a_directive_is_not_issued_unfit(wrong: dict[str, object], said: str) -> None:
    directive = draft(**wrong)

    with pytest.raises(DirectiveRefused, match=said):
        directives.issue(actor=ACTOR, now=NOW, directive_id=directive.pk)


@pytest.mark.parametrize("units", [("HQ",), ("W1", "HQ")])
def test_a_directive_goes_only_to_units_below(units: tuple[str, ...]) -> None:
    directive = draft(*units)

    with pytest.raises(DirectiveRefused, match="below"):
        directives.issue(actor=ACTOR, now=NOW, directive_id=directive.pk)


def test_what_another_wrote_meanwhile_is_not_lost() -> None:
    directive = draft()
    content = Content(title_zh="一")
    directives.revise(actor=ACTOR, now=NOW, directive_id=directive.pk, edition=1, content=content)

    with pytest.raises(DirectiveRefused, match="meanwhile"):
        directives.revise(
            actor=ACTOR, now=NOW, directive_id=directive.pk, edition=1, content=content
        )


def test_the_officers_of_an_addressed_unit_are_told(cast: dict[str, Account]) -> None:
    issued("W1")

    told = set(Delivery.objects.values_list("person_id", flat=True))
    assert told == {cast["unit_head"].person_id, cast["safety_officer"].person_id}


@pytest.mark.parametrize("rows", [DirectiveVersion, Measure])
def test_what_was_issued_cannot_be_changed(rows: type[DirectiveVersion | Measure]) -> None:
    issued()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.objects.update(directive_id=1)


def test_reading_is_acknowledged_once_by_a_person_for_the_unit(cast: dict[str, Account]) -> None:
    directive = issued("W1", "T1", **READ)
    head = acting(cast["unit_head"])
    asked = {"now": NOW, "directive_id": directive.pk, "version": 1, "unit_id": unit_id("W1")}

    acknowledging.acknowledge(actor=head, **asked)

    version = directive.versions.get()
    assert acknowledgement(version).ended == State.ON_TIME
    assert acknowledging.find_waiting(version) == [unit_id("T1")]
    with pytest.raises(DirectiveRefused, match="already"):
        acknowledging.acknowledge(actor=acting(cast["safety_officer"]), **asked)


@pytest.mark.parametrize(
    ("name", "proof", "said"),
    [("林建", "password", "own name"), ("林建国", "", "password"), ("", "password", "own name")],
)
def test_a_signature_needs_the_own_name_and_a_proof(
    cast: dict[str, Account], name: str, proof: str, said: str
) -> None:
    directive = issued(**SIGN)

    with pytest.raises(DirectiveRefused, match=said):
        acknowledging.acknowledge(
            actor=acting(cast["unit_head"]), now=NOW, directive_id=directive.pk, version=1,
            unit_id=unit_id("W1"), typed_name=name, proof=proof,
        )  # fmt: skip


def test_a_signature_is_kept_with_how_its_signer_was_proved(cast: dict[str, Account]) -> None:
    directive = issued(**SIGN)

    noted = acknowledging.acknowledge(
        actor=acting(cast["unit_head"]), now=NOW, directive_id=directive.pk, version=1,
        unit_id=unit_id("W1"), typed_name=" 林建国 ", proof="passkey",
    )  # fmt: skip

    assert (noted.way, noted.proof, noted.person_id) == (
        "sign", "passkey", cast["unit_head"].person_id,
    )  # fmt: skip
    assert Entry.objects.get(verb="directive.acknowledged").data["proof"] == "passkey"


def test_only_those_who_have_not_acknowledged_are_reminded(cast: dict[str, Account]) -> None:
    directive = issued("W1", "P1", **READ)
    acknowledging.acknowledge(
        actor=acting(cast["unit_head"]), now=NOW, directive_id=directive.pk, version=1,
        unit_id=unit_id("W1"),
    )  # fmt: skip
    from tests.communications.test_notices import hire

    head = hire("P9", "P1")
    from taishan.organisation import actions
    from tests.people import FOUNDED

    actions.grant_role(
        actor=ACTOR, now=NOW, on=FOUNDED, staff_no="P9", name=head.name, role="unit_head", unit="P1"
    )

    assert acknowledging.remind(actor=ACTOR, now=NOW, directive_id=directive.pk) == 1

    reminded = Delivery.objects.filter(notice__title_en__startswith="Still to")
    assert [one.person_id for one in reminded] == [head.pk]


def test_a_new_version_asks_again_and_both_are_kept(cast: dict[str, Account]) -> None:
    directive = issued(**READ)
    first = directive.versions.get()

    second = rewrite(directive, text_zh="分批返岗，先报后返。")

    assert acknowledgement(first).ended == State.WAIVED
    assert acknowledgement(second).ended is None
    assert [one.text_zh for one in directive.versions.order_by("number")] == [
        "分批返岗。", "分批返岗，先报后返。",
    ]  # fmt: skip
    assert Duty.objects.filter(kind="directive", ended=None).count() == 2
    with pytest.raises(DirectiveRefused, match="newer version"):
        acknowledging.acknowledge(
            actor=acting(cast["unit_head"]), now=NOW, directive_id=directive.pk, version=1,
            unit_id=unit_id("W1"),
        )  # fmt: skip


def test_a_new_version_waives_what_it_asks_no_longer() -> None:
    directive = issued("W1", "T1")

    rewrite(directive, measures=(MASKS,), unit_ids=(unit_id("W1"), unit_id("P1")))

    still = Duty.objects.filter(ended=None).values_list("unit__code", "what_en").order_by("unit")
    assert set(still) == {("W1", MASKS.what_en), ("P1", MASKS.what_en)}
    assert owed(directive, "T1").ended == State.WAIVED
    assert owed(directive, "W1", LIST).ended == State.WAIVED


def test_a_unit_that_was_let_off_is_not_silently_left_out_again() -> None:
    directive = issued("W1", "T1")
    rewrite(directive, unit_ids=(unit_id("W1"),))

    with pytest.raises(DirectiveRefused, match="let off"):
        rewrite(directive, unit_ids=(unit_id("W1"), unit_id("T1")))


def test_a_regulation_that_reads_otherwise_asks_again_with_as_much_time() -> None:
    directive = issued(cites=("zj-1", "Shut until 9 February.", "停工至2月9日。"), **READ)
    later = NOW + 10 * DAY
    renewed = {"actor": ACTOR, "now": later, "directive_id": directive.pk}

    version = directives.ask_again(cited_en="Open.", cited_zh="复工。", **renewed)

    assert version is not None
    assert (version.number, version.text_zh) == (2, "分批返岗。")
    assert acknowledgement(version).due_at == later + DAY
    assert directives.ask_again(cited_en="Open.", cited_zh="复工。", **renewed) is None


def recall_cost(*units: str) -> int:
    directive = issued(*units)
    with CaptureQueriesContext(connection) as asked:
        directives.recall(actor=ACTOR, now=NOW, directive_id=directive.pk, reason="overtaken")
    return len(asked)


def test_a_recall_costs_as_many_statements_for_many_units_as_for_one() -> None:
    assert recall_cost("W1") == recall_cost("H1", "T1", "X1")
    assert not Duty.objects.filter(ended=None).exists()


def test_a_recall_waives_all_with_its_reason() -> None:
    directive = issued("W1", "T1", **READ)

    with pytest.raises(DirectiveRefused, match="reason"):
        directives.recall(actor=ACTOR, now=NOW, directive_id=directive.pk, reason=" ")
    directives.recall(actor=ACTOR, now=NOW, directive_id=directive.pk, reason="overtaken")

    assert set(Duty.objects.values_list("ended", flat=True)) == {State.WAIVED}
    with pytest.raises(DirectiveRefused, match="recalled"):
        directives.begin_version(actor=ACTOR, now=NOW, directive_id=directive.pk)
