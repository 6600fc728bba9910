"""Static files: asked for once, in few bytes; pages compressed as far as that is safe."""

import asyncio
import gzip
import re
from pathlib import Path

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client, RequestFactory, override_settings

from taishan.kit import fingerprint, static_files
from taishan.organisation.models import Account

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    root = tmp_path / "static" / "0123456789ab"
    static_files.lay_out(root)
    return root


def _package(folder: Path, css: str) -> Path:
    (folder / "web/static").mkdir(parents=True)
    (folder / "web/static/app.css").write_text(css)
    return folder


def test_the_name_of_static_files_follows_their_content_and_not_their_folder(
    tmp_path: Path,
) -> None:
    here, there = _package(tmp_path / "a", "p {}"), _package(tmp_path / "b", "p {}")
    changed = _package(tmp_path / "c", "q {}")

    names = [fingerprint.of_static_files([folder]) for folder in (here, there, changed)]

    assert names[0] == names[1] != names[2]


@pytest.mark.django_db
def test_a_browser_keeps_each_static_file_for_good() -> None:
    page = Client().get("/accounts/login/").content.decode()
    addresses = re.findall(r'"(/static/[^"#]+)', page)

    kept = {Client().get(address)["Cache-Control"] for address in addresses}

    assert len(addresses) > 3
    assert all("immutable" in each for each in kept)


def test_a_laid_out_file_is_sent_compressed_to_whom_it_suits(laid_out: Path) -> None:
    plain = (laid_out / "npm/tabler.css").read_bytes()
    with override_settings(STATIC_ROOT=laid_out, STATIC_URL="/s/", WHITENOISE_USE_FINDERS=False):
        serve = static_files.StaticFiles(None)
        ask = RequestFactory().get
        packed = serve(ask("/s/npm/tabler.css", headers=GZIP))
        whole = serve(ask("/s/npm/tabler.css"))

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == whole.content == plain
    assert len(packed.content) < len(plain) / 4


def test_files_of_another_version_make_room(laid_out: Path) -> None:
    newer = laid_out.with_name("ba9876543210")

    static_files.lay_out(newer)

    assert [each.name for each in newer.parent.iterdir()] == [newer.name]


def test_a_lay_out_cut_short_is_begun_again(tmp_path: Path) -> None:
    root = tmp_path / "static" / "0123456789ab"
    (root.with_name("unfinished") / "web").mkdir(parents=True)

    static_files.lay_out(root)

    assert (root / "web/css/app.css").exists()


def test_an_asgi_server_is_given_a_static_file_without_a_warning() -> None:
    from django.templatetags.static import static

    from taishan.config.asgi import application

    scope = {
        "type": "http", "method": "GET", "path": static("npm/htmx.min.js"), "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }  # fmt: skip

    async def ask() -> list[dict[str, object]]:
        door = ApplicationCommunicator(application, scope)
        await door.send_input({"type": "http.request", "body": b""})
        told = [await door.receive_output(), await door.receive_output()]
        await door.wait()
        return told

    began, body = asyncio.run(ask())

    assert began["status"] == 200
    assert body["body"].startswith(b"var htmx")  # type: ignore[attr-defined]


@pytest.mark.usefixtures("library")
def test_pages_are_compressed_with_bytes_at_random_and_workbooks_are_not(
    cast: dict[str, Account],
) -> None:
    client = Client(headers=GZIP)
    client.force_login(cast["duty_office"])

    pages = [client.get("/board/?day=2020-02-12") for _ in range(4)]
    workbook = client.get("/board.xlsx")

    assert {page["Content-Encoding"] for page in pages} == {"gzip"}
    assert len({len(page.content) for page in pages}) > 1
    assert "Content-Encoding" not in workbook
