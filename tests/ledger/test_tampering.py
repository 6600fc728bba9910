"""Whoever owns the database changes what happened, and each change is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from django.db import connection, connections

from taishan.ledger import leaves, queries, sealing, verifying
from taishan.ledger.models import Entry, Leaf, Seal
from taishan.ledger.verifying import Kind
from tests import people
from tests.ledger.building import happen

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def as_owner() -> Iterator[None]:
    """Do everything as the role that owns the tables, in a transaction that is undone."""
    was = connections["default"]
    connections["default"] = connections["owner"]
    yield
    connections["default"] = was


@pytest.fixture(autouse=True)
def published() -> str:
    """Forty entries under two seals; return the published one."""
    sealing.seal_all(now=people.NOW)
    happen(20)
    sealing.seal_all(now=people.NOW)
    happen(20)
    sealing.seal_all(now=people.NOW)
    return Seal.objects.latest("size").code


def change(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def found(*published: str) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in verifying.verify(published) if not one.is_remark]


def number_of(at: int) -> int:
    entry = Entry.objects.filter(verb="tried", subject_id=str(at)).earliest("recorded_at", "id")
    return queries.find_numbers([entry])[entry.id]


def key(number: int) -> tuple[int, object]:
    leaf = Leaf.objects.get(pk=number)
    return leaf.unit_id, leaf.entry_id


def test_what_nobody_touched_is_as_it_was_sealed(published: str) -> None:
    happen(1)

    assert found(published) == []


@pytest.mark.parametrize(
    "column",
    ["verb = 'x'", "subject_kind = 'x'", "subject_id = 'x'", "actor_label = 'x'", "account_id = 9",
     "person_id = 9", "post = 'x'", "door = 'x'", "happened_at = now()", "recorded_at = now()",
     "data = '{}'"],
)  # fmt: skip
def test_an_altered_entry_is_named(column: str) -> None:
    number = number_of(7)

    change(f"UPDATE ledger_entry SET {column} WHERE (unit_id, id) = (%s, %s)", *key(number))

    assert found() == [(Kind.ALTERED, f"Entry {number} was altered.")]


def test_a_deleted_entry_is_named() -> None:
    number = number_of(7)

    change("DELETE FROM ledger_entry WHERE (unit_id, id) = (%s, %s)", *key(number))

    assert found() == [(Kind.DELETED, f"Entry {number} was deleted.")]


def test_an_entry_deleted_with_its_leaf_is_named() -> None:
    number = number_of(7)
    change("DELETE FROM ledger_entry WHERE (unit_id, id) = (%s, %s)", *key(number))
    change("DELETE FROM ledger_leaf WHERE number = %s", number)

    assert (Kind.DELETED, f"Entry {number}: its leaf was deleted.") in found()


INSERT = """
INSERT INTO ledger_entry SELECT unit_id, gen_random_uuid(), verb, subject_kind, subject_id,
  actor_label, account_id, person_id, post, door, happened_at, recorded_at, data
FROM ledger_entry WHERE verb = 'tried' LIMIT 1 RETURNING id
"""


def test_an_inserted_entry_is_named() -> None:
    change(INSERT)

    [(kind, text)] = found()
    assert kind == Kind.INSERTED
    assert "it has no number and does not wait for one" in text


def test_an_entry_taken_from_the_sealers_queue_is_found() -> None:
    happen(1)

    change("DELETE FROM ledger_unsealed")

    assert [kind for kind, _text in found()] == [Kind.INSERTED]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [("UPDATE ledger_entry SET verb = 'x'", Kind.ALTERED),
     ("DELETE FROM ledger_entry", Kind.DELETED)],
)  # fmt: skip
def test_what_is_changed_before_it_is_sealed_is_found(statement: str, kind: Kind) -> None:
    happen(1)

    change(f"{statement} WHERE id IN (SELECT entry_id FROM ledger_unsealed)")

    assert [one for one, _text in found()] == [kind]


def test_a_past_that_is_handed_to_the_sealer_now_is_remarked() -> None:
    sealing.seal_all(now=people.NOW)
    change(INSERT.replace("recorded_at,", "recorded_at - interval '2 hours',"))
    change(
        "INSERT INTO ledger_unsealed SELECT e.unit_id, e.id, e.recorded_at,"
        f" {leaves.DIGEST} FROM ledger_entry e"
        " WHERE recorded_at = (SELECT min(recorded_at) FROM ledger_entry WHERE verb = 'tried')"
    )
    sealing.seal_all(now=people.NOW)

    [remark] = list(verifying.verify())
    assert remark.is_remark
    assert "1 of its entries say that they were recorded more than an hour before" in remark.text


def test_two_entries_that_exchanged_their_numbers_are_named() -> None:
    first, second = sorted((number_of(3), number_of(12)))
    before, after = key(first), key(second)
    change("UPDATE ledger_leaf SET entry_id = gen_random_uuid() WHERE number = %s", second)
    swap = "UPDATE ledger_leaf SET (unit_id, entry_id) = (%s, %s) WHERE number = %s"
    change(swap, *after, first)
    change(swap, *before, second)

    text = "Entry {} was reordered: what stands there was sealed at another place."
    assert found() == [(Kind.REORDERED, text.format(n)) for n in (first, second)]


def test_leaves_that_exchanged_their_places_are_named() -> None:
    first, second = sorted((number_of(3), number_of(12)))
    renumber = "UPDATE ledger_leaf SET number = %s WHERE number = %s"
    change(renumber, -1, first)
    change(renumber, first, second)
    change(renumber, second, -1)

    kinds = [kind for kind, _text in found()]
    assert kinds.count(Kind.REORDERED) == 2


def forge(number: int) -> None:
    """Alter an entry and its leaf, so that the two agree."""
    change("UPDATE ledger_entry SET verb = 'x' WHERE (unit_id, id) = (%s, %s)", *key(number))
    change(
        f"UPDATE ledger_leaf l SET hash = {leaves.leaf_hash('l.number', leaves.DIGEST)}"
        " FROM ledger_entry e WHERE e.unit_id = l.unit_id AND e.id = l.entry_id AND l.number = %s",
        number,
    )


def forge_nodes() -> None:
    """Work out all nodes anew, so that they agree with the leaves."""
    from taishan.core.merkle import Frontier

    hashes = [bytes(one.hash) for one in Leaf.objects.order_by("number")]
    for (level, number), hash_ in Frontier().extended(hashes)[1].items():
        change(
            "UPDATE ledger_node SET hash = %s WHERE (level, number) = (%s, %s)",
            hash_, level, number,
        )  # fmt: skip


def forge_seals() -> None:
    from taishan.core import merkle

    hashes = [bytes(one.hash) for one in Leaf.objects.order_by("number")]
    for seal in Seal.objects.all():
        change("UPDATE ledger_seal SET root = %s WHERE size = %s",
               merkle.head(hashes[: seal.size]), seal.size)  # fmt: skip


def test_an_entry_altered_with_its_leaf_is_found_by_the_nodes() -> None:
    number = number_of(0)
    forge(number)

    [(kind, text)] = found()
    first = number // 16 * 16
    assert kind == Kind.TREE
    assert text.startswith(f"Entries {first} to {first + 15}: together they are not")


def test_an_entry_altered_with_leaf_and_nodes_is_found_by_the_seals() -> None:
    forge(number_of(0))
    forge_nodes()

    assert [kind for kind, _text in found()] == [Kind.SEAL]


def test_a_ledger_rewritten_as_a_whole_is_found_by_what_was_published(published: str) -> None:
    forge(number_of(0))
    forge_nodes()
    forge_seals()

    assert found() == []
    [(kind, text)] = found(published)
    assert kind == Kind.PUBLISHED
    assert "the ledger was rewritten" in text


def test_a_ledger_cut_off_at_the_end_is_found_by_what_was_published(published: str) -> None:
    before = Seal.objects.order_by("-size")[1].size
    change("DELETE FROM ledger_seal WHERE size > %s", before)
    assert [kind for kind, _text in found()] == [Kind.SEAL]
    change("DELETE FROM ledger_entry e USING ledger_leaf l WHERE l.number >= %s"
           " AND e.unit_id = l.unit_id AND e.id = l.entry_id", before)  # fmt: skip
    change("DELETE FROM ledger_leaf WHERE number >= %s", before)

    assert found() == []
    [(kind, text)] = found(published)
    assert kind == Kind.PUBLISHED
    assert "those at the end were deleted" in text


def test_an_altered_node_is_found() -> None:
    change("UPDATE ledger_node SET hash = %s WHERE (level, number) = (1, 0)", b"0" * 32)
    assert [kind for kind, _text in found()] == [Kind.TREE]


def test_an_altered_seal_is_found() -> None:
    wrong = hashlib.sha256(b"another").digest()
    change(
        "UPDATE ledger_seal SET root = %s WHERE size = (SELECT max(size) FROM ledger_seal)", wrong
    )

    assert [kind for kind, _text in found()] == [Kind.SEAL]
