"""A proof convinces somebody who has nothing but one script and a published seal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from taishan.ledger import proving, queries, sealing, verifier
from taishan.ledger.models import Entry, Seal
from tests import people
from tests.ledger.building import happen

pytestmark = pytest.mark.django_db
SCRIPT = Path(verifier.__file__)
KEPT_BYTES = 2048


@pytest.fixture
def entries() -> list[Entry]:
    sealing.seal_all(now=people.NOW)
    happen(300)
    sealing.seal_all(now=people.NOW)
    happen(41)
    sealing.seal_all(now=people.NOW)
    return list(Entry.objects.filter(verb="tried", subject_id="7"))


def seals() -> list[Seal]:
    return list(Seal.objects.order_by("size"))


def told(proof: str, seal: str, lang: str = "en") -> tuple[bool, list[str]]:
    """Return whether all of the proof is shown, and the first line of each answer."""
    try:
        words = verifier.WORDS[lang]
        found = list(verifier.check(verifier.read_proof(proof), seal, words))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return False, []
    return all(shown for shown, _ in found), [text.splitlines()[0] for _, text in found]


def test_the_script_says_yes_by_itself(entries: list[Entry], tmp_path: Path) -> None:
    seal = seals()[-1]
    proof, script = tmp_path / "proof.json", tmp_path / "verify.py"
    proof.write_text(verifier.write(proving.prove(entries, seal)), encoding="utf-8")
    script.write_bytes(SCRIPT.read_bytes())

    done = subprocess.run(
        [sys.executable, "-I", "-S", script, proof, seal.code],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        f"YES. Entry {queries.find_numbers(entries)[entries[0].id]} of {seal.size}" in done.stdout
    )
    assert "record test 7, unit 1" in done.stdout
    assert "All that the proof holds is shown: 2 of 2 entries." in done.stdout


@pytest.mark.parametrize("arguments", [[], ["nowhere.json", "1:00"], ["a", "b", "c"]])
def test_the_script_says_no_to_what_it_cannot_read(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_any_byte_changed_in_a_proof_makes_it_none(entries: list[Entry]) -> None:
    seal, earlier = seals()[-1], seals()[-2]
    proof = verifier.write(proving.prove(entries[:1], seal, earlier)).encode()
    assert told(proof.decode(), seal.code)[0]

    for at in range(len(proof)):
        for bit in (1, 32):
            changed = proof[:at] + bytes([proof[at] ^ bit]) + proof[at + 1 :]
            assert not told(changed.decode("utf-8", "replace"), seal.code)[0], (at, bit)


def test_another_seal_shows_nothing(entries: list[Entry]) -> None:
    seal, earlier = seals()[-1], seals()[-2]
    proof = verifier.write(proving.prove(entries, seal))

    assert not told(proof, earlier.code)[0]
    assert not told(proof, f"{seal.size}:{'0' * 64}")[0]
    assert not told(proof, seal.code.upper())[0]


def test_an_earlier_seal_is_shown_to_be_the_beginning_of_a_later(entries: list[Entry]) -> None:
    seal, earlier = seals()[-1], seals()[-2]

    is_shown, lines = told(verifier.write(proving.prove(entries, seal, earlier)), earlier.code)

    assert is_shown
    assert lines[0].startswith(
        f"YES. The seal of {earlier.size} entries is the beginning of the later seal of {seal.size}"
    )
    assert told(verifier.write(proving.prove([], seal, earlier)), earlier.code)[0]


def test_an_entry_that_a_seal_does_not_take_in_is_left_out(entries: list[Entry]) -> None:
    found = proving.prove(entries, seals()[-2])

    assert len(entries) == 2
    assert len(found["entries"]) == 1
    assert told(verifier.write(proving.prove([], seals()[-1])), seals()[-1].code) == (
        False,
        ["NO. The proof shows no entry.", "All that the proof holds is shown: 0 of 0 entries."],
    )


def test_the_script_says_it_in_chinese_too(entries: list[Entry]) -> None:
    seal = seals()[-1]

    lines = told(verifier.write(proving.prove(entries, seal)), seal.code, "zh")[1]

    assert lines[-1] == "证明文件所含内容全部得到证实:2 / 2 条。"
    assert verifier.WORDS["zh"].keys() == verifier.WORDS["en"].keys()


def test_the_proof_of_one_entry_is_short(entries: list[Entry]) -> None:
    assert len(verifier.write(proving.prove(entries[:1], seals()[-1]))) <= KEPT_BYTES


def test_a_proof_of_many_takes_as_many_statements_as_of_one(
    entries: list[Entry], django_assert_num_queries: object
) -> None:
    many, seal = list(Entry.objects.filter(verb="tried")), seals()[-1]

    with django_assert_num_queries(4):  # type: ignore[operator]
        found = proving.prove(many, seal)

    assert told(verifier.write(found), seal.code)[0]
    assert len(found["entries"]) == 341
