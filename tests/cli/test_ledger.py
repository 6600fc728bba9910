"""``taishan ledger``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from taishan.ledger.models import Entry, Seal
from tests.cli.conftest import Run
from tests.ledger.building import happen

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    """The published file of seals, outside of the instance."""
    file = tmp_path / "seals.txt"
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"seal_file": str(file)})
    return file


def code(output: str) -> str:
    return next(word for word in output.split() if word == Seal.objects.latest("size").code)


def test_what_is_sealed_is_published_listed_and_verified(taishan: Run, file: Path) -> None:
    happen(3)

    seal = code(taishan("ledger", "seal").output)
    listed = taishan("ledger", "seals").output.splitlines()[0]
    verified = taishan("ledger", "verify", "--published", file)

    assert listed.endswith(f"{seal} file")
    assert file.read_text(encoding="utf-8").split()[-1] == seal
    assert verified.exit_code == 0
    assert f"All is as it was sealed: {seal}" in verified.output


def test_a_published_seal_that_is_not_found_fails_the_verification(
    taishan: Run, tmp_path: Path
) -> None:
    happen(3)
    size = code(taishan("ledger", "seal").output).partition(":")[0]
    file = tmp_path / "seals.txt"
    file.write_text(f"2020-02-12T00:00:00+00:00 {size}:{'0' * 64}\n", encoding="utf-8")

    done = taishan("ledger", "verify", "--published", file)

    assert done.exit_code == 1
    assert "the ledger was rewritten" in done.output


def test_a_record_is_proved_to_an_outsider(taishan: Run, tmp_path: Path) -> None:
    happen(20)
    seal = code(taishan("ledger", "seal").output)
    out, script = tmp_path / "proof.json", tmp_path / "verify.py"
    script.write_text(taishan("ledger", "verifier").output, encoding="utf-8")

    done = taishan("ledger", "prove", "test:5", "--out", out)

    assert done.exit_code == 0, done.output
    checked = subprocess.run(
        [sys.executable, "-I", script, out, seal], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0
    assert "record test 5" in checked.stdout


def test_one_entry_is_proved_by_its_id(taishan: Run, tmp_path: Path) -> None:
    happen(2)
    taishan("ledger", "seal")
    out = tmp_path / "proof.json"
    entry = Entry.objects.get(verb="tried", subject_id="1")

    taishan("ledger", "prove", entry.id, "--out", out)

    [one] = json.loads(out.read_text(encoding="utf-8"))["entries"]
    assert json.loads(one["entry"])["id"] == str(entry.id)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["test:9"], "nothing is recorded of test:9"), (["nonsense"], "neither KIND:ID nor the id"),
     (["test:1", "--seal", "1000000"], "no seal of size 1000000"),
     (["test:1"], "nothing of test:1 is sealed by")],
)  # fmt: skip
def test_what_cannot_be_proved_is_refused_with_the_reason(
    taishan: Run, tmp_path: Path, arguments: list[str], why: str
) -> None:
    taishan("ledger", "seal")
    happen(2)

    done = taishan("ledger", "prove", *arguments, "--out", tmp_path / "proof.json")

    assert done.exit_code == 1
    assert why in done.output
    assert not (tmp_path / "proof.json").exists()
