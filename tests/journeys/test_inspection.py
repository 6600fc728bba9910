"""The inspector takes a proof away; an outsider's script says yes, and no to one changed byte."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
WORDS = {
    "en": {"desk": "Inspection", "role": "A role was granted", "proofs": "With proofs",
           "seals": "Seals", "script": "The script that checks a proof"},
    "zh": {"desk": "督查", "role": "授予了角色", "proofs": "附证明", "seals": "存证列表",
           "script": "核验证明的脚本"},
}  # fmt: skip


@pytest.fixture
def page(empty_page: Page, links: dict[str, str]) -> Page:
    """A page signed in as the inspector."""
    empty_page.goto(links["Inspector"])
    return empty_page


def fetch(page: Page, name: str, into: Path) -> Path:
    with page.expect_download() as fetched:
        page.get_by_role("link", name=name).click()
    path = into / fetched.value.suggested_filename
    fetched.value.save_as(path)
    return path


def check(script: Path, proof: Path, seal: str, lang: str) -> subprocess.CompletedProcess[str]:
    """Check as somebody does who has the three and nothing else."""
    return subprocess.run(
        [sys.executable, "-I", script, proof, seal, "--lang", lang],
        capture_output=True, text=True, check=False, cwd=script.parent,
    )  # fmt: skip


def wait_for_a_seal(page: Page) -> str:
    """Return the latest seal: the worker makes the first within a minute or so."""
    for _ in range(60):
        page.goto(address(page, "/inspection/seals/"))
        if page.locator("tbody code").count():
            return page.locator("tbody code").first.inner_text()
        page.wait_for_timeout(2000)
    raise AssertionError("no seal within two minutes")


@on_screens("empty_page")
def test_an_outsider_is_convinced_by_the_proof_and_by_no_other(
    page: Page, browser: Browser, tmp_path: Path, lang: str
) -> None:
    words = WORDS[lang]
    wait_for_a_seal(page)
    page.goto(address(page, f"/inspection/?verb=role.granted&lang={lang}"))
    assert not is_wider_than_the_screen(page)
    page.locator("tbody tr", has_text=words["role"]).first.get_by_role("link").click()
    expect(page.locator(".timeline")).to_contain_text(words["role"])
    assert not is_wider_than_the_screen(page)

    with zipfile.ZipFile(fetch(page, words["proofs"], tmp_path)) as archive:
        archive.extract("proof.json", tmp_path)
    page.get_by_role("link", name=words["seals"]).click()
    assert not is_wider_than_the_screen(page)
    seals = page.locator("tbody code").all_inner_texts()
    script = fetch(page, words["script"], tmp_path)

    proof = tmp_path / "proof.json"
    seal = next(code for code in seals if code in proof.read_text(encoding="utf-8"))
    shown = check(script, proof, seal, lang)
    assert shown.returncode == 0, shown.stdout
    assert "role.granted" in shown.stdout
    content = proof.read_bytes()
    at = content.index(b"role.granted")
    proof.write_bytes(content[:at] + b"R" + content[at + 1 :])
    refused = check(script, proof, seal, lang)
    assert refused.returncode == 1
    assert {"en": "NO. Entry", "zh": "否。"}[lang] in refused.stdout
