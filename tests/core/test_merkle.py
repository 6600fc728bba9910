"""The tree against the words of RFC 9162, and against known heads of other implementations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import merkle
from taishan.core.merkle import Frontier, Place

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The inputs of Certificate Transparency's own tests (merkle_tree_test.cc), and their heads."""
HEADS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = (
    (0, 8, ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
    (5, 8, ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
)  # fmt: skip
SIZES = st.integers(1, 700)


def head_in_words(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1: the head of n > 1 leaves is split at the largest power of two below n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + head_in_words(leaves[:k]) + head_in_words(leaves[k:])).digest()


def some(count: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(count)]


def keep(leaves: Sequence[bytes]) -> dict[Place, bytes]:
    """Return every hash that a tree of these leaves keeps."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    return {(0, at): one for at, one in enumerate(hashes)} | Frontier().extended(hashes)[1]


def path(runs: Sequence[range], kept: Mapping[Place, bytes]) -> list[bytes]:
    found = {place: kept[place] for place in merkle.needed(runs)}
    return [merkle.digest(run, found) for run in runs]


@pytest.mark.parametrize("size", range(9))
def test_the_heads_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == HEADS[size]


@pytest.mark.parametrize(("number", "size", "expected"), PATHS)
def test_the_paths_are_those_of_certificate_transparency(
    number: int, size: int, expected: tuple[str, ...]
) -> None:
    found = path(merkle.inclusion(number, size), keep(LEAVES[:size]))

    assert tuple(one.hex() for one in found) == expected


@given(size=st.integers(0, 700))
def test_a_head_is_as_the_standard_words_it(size: int) -> None:
    assert merkle.root(some(size)) == head_in_words(some(size))


@given(parts=st.lists(st.integers(0, 300), max_size=8))
def test_a_tree_grown_in_parts_is_the_tree_of_all(parts: list[int]) -> None:
    leaves, frontier, kept = some(sum(parts)), Frontier(), {}

    for part in parts:
        new = [merkle.leaf_hash(one) for one in leaves[frontier.size : frontier.size + part]]
        kept |= {(0, frontier.size + at): one for at, one in enumerate(new)}
        frontier, more = frontier.extended(new)
        assert not kept.keys() & more.keys()
        kept |= more

    assert frontier.root() == head_in_words(leaves)
    assert kept == keep(leaves)


@given(size=st.integers(0, 5000))
def test_the_edge_is_read_back_from_what_is_kept(size: int) -> None:
    hashes = [hashlib.sha256(bytes([n % 251])).digest() for n in range(size)]
    frontier, nodes = Frontier().extended(hashes)
    kept = {(0, at): one for at, one in enumerate(hashes)} | nodes

    rows = [[kept[place] for place in row] for row in merkle.frontier_places(size)]

    assert Frontier(size=size, open=tuple(map(tuple, rows))) == frontier
    assert sum(map(len, rows)) < merkle.WIDTH * 5


@given(data=st.data(), size=SIZES)
def test_a_path_leads_from_its_leaf_to_the_head_and_from_no_other(
    data: st.DataObject, size: int
) -> None:
    leaves = some(size)
    number = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 2))
    steps = path(merkle.inclusion(number, size), keep(leaves))

    def leads(leaf: bytes, number: int, steps: Sequence[bytes], size: int = size) -> bool:
        return merkle.is_included(
            leaf=merkle.leaf_hash(leaf), number=number, path=steps, size=size,
            head=head_in_words(leaves),
        )  # fmt: skip

    assert leads(leaves[number], number, steps)
    assert not leads(b"another", number, steps)
    assert leads(leaves[number], other, steps) == (other == number)
    assert not leads(leaves[number], number, [*steps, b"\0" * 32])
    if steps:
        assert not leads(leaves[number], number, steps[:-1])
        bent = data.draw(st.integers(0, len(steps) - 1))
        changed = bytes([steps[bent][0] ^ 1]) + steps[bent][1:]
        assert not leads(leaves[number], number, [*steps[:bent], changed, *steps[bent + 1 :]])


@given(data=st.data(), new=SIZES)
def test_a_tree_is_shown_to_begin_a_later_one_and_no_other_is(
    data: st.DataObject, new: int
) -> None:
    old, leaves = data.draw(st.integers(1, new)), some(new)
    altered = data.draw(st.integers(0, old - 1))
    steps = path(merkle.consistency(old, new), keep(leaves))

    def begins(before: bytes, after: bytes, steps: Sequence[bytes]) -> bool:
        return merkle.is_consistent(old=old, old_head=before, new=new, new_head=after, path=steps)

    was, is_now = head_in_words(leaves[:old]), head_in_words(leaves)
    rewritten = [*leaves[:altered], b"another", *leaves[altered + 1 :]]
    assert begins(was, is_now, steps)
    assert not begins(was, head_in_words(rewritten), steps)
    assert not begins(head_in_words(rewritten[:old]), is_now, steps)
    assert not begins(was, is_now, [*steps, b"\0" * 32])
    if steps:
        assert not begins(was, is_now, steps[:-1])


@pytest.mark.parametrize("size", [1, 2, 3, 16, 17, 255, 256, 257, 4095, 4097])
def test_a_proof_takes_few_kept_hashes(size: int) -> None:
    levels = (size.bit_length() + merkle.STEP - 1) // merkle.STEP

    for number in {0, size // 2, size - 1}:
        assert len(merkle.needed(merkle.inclusion(number, size))) <= 2 * merkle.WIDTH * levels


@pytest.mark.parametrize(("number", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_that_is_not_there_has_no_path(number: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(number, size)
    assert not merkle.is_included(leaf=b"", number=number, path=[], size=size, head=b"")


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3)])
def test_what_is_no_beginning_is_not_shown_to_be_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="not the beginning"):
        merkle.consistency(old, new)
    assert not merkle.is_consistent(old=old, old_head=b"", new=new, new_head=b"", path=[])


def test_an_empty_path_shows_nothing_of_a_longer_tree() -> None:
    assert not merkle.is_consistent(old=3, old_head=b"", new=5, new_head=b"", path=[])
