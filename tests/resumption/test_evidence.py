"""Files as evidence: taken by what they are, kept as they were, given to whoever sees the unit."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from taishan.kit import attachments, tables
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from taishan.resumption.models import Attestation, EvidenceFile
from tests.people import signed_in
from tests.pictures import png

pytestmark = pytest.mark.usefixtures("library", "media")
PNG = png()
PDF = b"%PDF-1.7\n<script>alert(1)</script>"


@pytest.fixture
def officer(cast: dict[str, Account]) -> Client:
    return signed_in(cast["safety_officer"])


def attest(client: Client, name: str, content: bytes) -> HttpResponse:
    page = client.get("/units/W1/").context["attest_form"]
    data = {
        "condition": page.fields["condition"].choices[0][0], "amount": "1",
        "starts": "2020-02-12", "evidence": "seen by me",
    }  # fmt: skip
    file = SimpleUploadedFile(name, content)
    return client.post("/units/W1/attestations/", data | {"file": file}, follow=True)


def address_of(made: Attestation) -> str:
    return f"/units/W1/attestations/{made.pk}/file/"


def test_a_photo_is_shown_with_the_attestation_as_it_was_taken(officer: Client) -> None:
    page = attest(officer, "储备.png", PNG).content.decode()

    address = address_of(Attestation.objects.get())
    answer = officer.get(address)

    assert address in page
    assert "储备.png" in page
    assert answer.content == PNG
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Disposition"].startswith("inline")


def test_the_discipline_office_sees_the_file_where_it_refutes(
    officer: Client, cast: dict[str, Account]
) -> None:
    attest(officer, "plan.pdf", PDF)

    page = signed_in(cast["discipline_office"]).get("/units/W1/").content.decode()

    made = Attestation.objects.get()
    assert address_of(made) in page
    assert f"/units/W1/attestations/{made.pk}/refutation/" in page


def test_anything_but_a_picture_is_saved_and_never_opened_as_a_page(officer: Client) -> None:
    attest(officer, "plan.html", PDF)

    answer = officer.get(address_of(Attestation.objects.get()))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'


def test_the_ledger_holds_the_fingerprint_of_the_file(officer: Client) -> None:
    attest(officer, "plan.pdf", PDF)

    entry = Entry.objects.get(verb="condition.attested")

    assert entry.data["file"]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert "plan" not in str(entry.data)


def test_a_workbook_is_taken(officer: Client) -> None:
    attest(officer, "stock.xlsx", tables.write_xlsx("stock", ["item"], [["masks"]]))

    assert EvidenceFile.objects.get().kind == attachments.XLSX


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"<html><script>alert(1)</script></html>"),
        ("photo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("stock.xlsx", b"PK\x03\x04 no archive"),
        ("empty.pdf", b""),
        ("large.png", PNG + b"\0" * attachments.LIMIT_BYTES),
    ],
    ids=["page named photo", "drawing that may run", "broken archive", "empty", "too large"],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_attested(
    officer: Client, media: Path, name: str, content: bytes
) -> None:
    page = attest(officer, name, content).content.decode()

    assert "notice-error" in page
    assert not Attestation.objects.exists()
    assert list(media.rglob("*")) == []


def test_a_file_altered_on_the_disk_is_not_given_out(officer: Client, media: Path) -> None:
    attest(officer, "plan.pdf", PDF)
    (kept,) = (path for path in media.rglob("*") if path.is_file())

    kept.write_bytes(PDF + b"more")
    altered = officer.get(address_of(Attestation.objects.get()))
    kept.unlink()
    missing = officer.get(address_of(Attestation.objects.get()))

    assert (altered.status_code, missing.status_code) == (404, 404)
    assert "altered" in altered.content.decode()
    assert "missing" in missing.content.decode()


def test_the_name_of_a_file_leads_nowhere_on_the_disk(officer: Client, media: Path) -> None:
    attest(officer, "../../../etc/passwd", PDF)

    row = EvidenceFile.objects.get()
    assert row.name == "passwd.pdf"
    assert [path.name for path in media.rglob("*") if path.is_file()] == [row.kept_as]
