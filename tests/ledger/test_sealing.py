"""Entries get their numbers once, whatever order their transactions end in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from taishan.core import merkle
from taishan.ledger import actions, proving, queries, sealing, tasks, verifying
from taishan.ledger.models import Entry, Leaf, Node, Seal, Unsealed
from tests import people
from tests.ledger.building import happen, leaf_of

pytestmark = pytest.mark.django_db


def test_a_seal_is_the_head_of_the_tree_of_all_entries() -> None:
    sealing.seal_all(now=people.NOW)
    before = Leaf.objects.count()
    for count in (1, 15, 16, 300):
        happen(count)
        found = sealing.seal(now=people.NOW)

        leaves = [leaf_of(number) for number in range(before + count)]
        assert found is not None
        assert found.size == before + count
        assert bytes(found.root) == merkle.root(leaves)
        before += count
    assert not Unsealed.objects.exists()


def test_nothing_new_makes_no_new_seal() -> None:
    happen(1)
    sealing.seal_all(now=people.NOW)

    assert sealing.seal(now=people.NOW) is None
    assert sealing.seal_all(now=people.NOW) == []


def test_more_than_one_batch_makes_more_than_one_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.seal_all(now=people.NOW)
    size = Leaf.objects.count()
    monkeypatch.setattr(sealing, "BATCH", 10)
    happen(25)

    assert [one.size - size for one in sealing.seal_all(now=people.NOW)] == [10, 20, 25]


def test_numbers_follow_the_instants_at_which_entries_were_recorded() -> None:
    sealing.seal_all(now=people.NOW)
    happen(3, minutes=(2, 0, 1))
    sealing.seal_all(now=people.NOW)

    numbers = queries.find_numbers(Entry.objects.filter(verb="tried"))
    by_time = Entry.objects.filter(verb="tried").order_by("recorded_at")
    assert [numbers[entry.id] for entry in by_time] == sorted(numbers.values())


def test_many_entries_at_once_say_each_what_it_was_given_to_say() -> None:
    awkward = ["", "NULL", "{a,b}", 'a "quoted" \\ word', "逗,号", "\n'"]
    about = [(("test", word), at or None, {"said": word}) for at, word in enumerate(awkward)]
    with transaction.atomic():
        actions.record_many(actor=people.ACTOR, now=people.NOW, verb="tried", about=about)

    entries = Entry.objects.filter(verb="tried").order_by("unit_id")
    found = [(one.unit_id, one.subject_id, one.data["said"]) for one in entries]
    assert found == [(at, word, word) for at, word in enumerate(awkward)]
    assert list(verifying.verify()) == []


def test_the_text_of_an_entry_is_json_that_says_what_the_row_says() -> None:
    words = 'a "quoted" \\ 字 \n 😀'
    with transaction.atomic():
        actions.record(
            actor=people.ACTOR, now=people.NOW, verb="tried", subject=("test", words), unit_id=7,
            data={"b": [1, 2.5, None], "aa": words},
        )  # fmt: skip
    entry = Entry.objects.get(verb="tried")

    text = proving.read_texts([entry.id], [7])[entry.id]

    assert json.loads(text) == {
        "unit": 7, "id": str(entry.id), "verb": "tried", "subject": ["test", words],
        "actor": "test", "account": None, "person": None, "post": "", "door": "cli",
        "happened_at": "2020-02-12T00:00:00", "recorded_at": "2020-02-12T00:00:00",
        "data": {"b": [1, 2.5, None], "aa": words},
    }  # fmt: skip
    assert text.startswith('{"unit":7,"id":"')
    assert text.endswith(
        '"data":{"b": [1, 2.5, null], "aa": ' + json.dumps(words, ensure_ascii=False) + "}}"
    )


@pytest.mark.parametrize("table", ["leaf", "node", "seal", "publication"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_the_tree(table: str, statement: str) -> None:
    column = {"leaf": "number", "node": "number", "seal": "size", "publication": "seal_id"}[table]

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(f"ledger_{table}", column, column))


def test_the_application_cannot_change_what_waits_to_be_sealed() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE ledger_unsealed SET digest = ''")


def test_an_event_without_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "in_atomic_block", False)

    with pytest.raises(transaction.TransactionManagementError):
        actions.record(actor=people.ACTOR, now=people.NOW, verb="tried", subject=("test", "1"))


def test_a_person_is_referenced_and_not_named(cast: dict[str, object]) -> None:
    from taishan.organisation import access
    from taishan.organisation.models import Account

    account = Account.objects.get(person__staff_no="D4")
    viewer = access.viewer_for(account, people.NOW.date())
    with transaction.atomic():
        actions.record(actor=viewer.actor, now=people.NOW, verb="tried", subject=("test", "1"))

    entry = Entry.objects.get(verb="tried")
    assert (entry.actor_label, entry.account_id) == ("", account.pk)
    assert entry.person_id == account.person_id


def test_the_job_seals_and_publishes(tmp_path: Path, settings: object) -> None:
    file = tmp_path / "seals.txt"
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"seal_file": str(file)})  # type: ignore[attr-defined]
    happen(2)

    tasks.seal.func(timestamp=0)
    tasks.seal.func(timestamp=60)

    [line] = file.read_text().splitlines()
    assert line.split()[1] == Seal.objects.latest("size").code
    assert Node.objects.exists() == (Leaf.objects.count() >= merkle.WIDTH)
