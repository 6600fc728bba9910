"""Kept files: in the media folder or in a bucket, by one setting; the same to everything above."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

import taishan
from taishan.config import env
from taishan.files import storage
from taishan.kit import attachments
from taishan.kit import media as kept
from taishan.organisation import tasks, uploads
from tests import pictures as drawn

SOURCE = Path(taishan.__file__).parent
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "a/secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A service that speaks S3, of the tests' own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield f"127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, settings: Any) -> str:
    """Where files are kept: both places, one after the other."""
    if request.param == "folder":
        request.getfixturevalue("media")
    else:
        address = request.getfixturevalue("endpoint")
        boto3.client("s3", endpoint_url=f"http://{address}", **KEYS).create_bucket(Bucket="proof")
        use_bucket(settings, f"s3+http://key:a%2Fsecret@{address}/proof/taishan")
    return str(request.param)


def use_bucket(settings: Any, url: str) -> None:
    chosen = env.read({"TAISHAN_FILES_URL": url}).storage()
    settings.STORAGES = settings.STORAGES | {"default": chosen}


def test_a_photo_handed_in_is_given_back_until_it_is_erased(place: str) -> None:
    photo = attachments.inspect("cable.png", drawn.png())

    kept_as = attachments.keep(photo)
    asked = {"name": photo.name, "kind": photo.kind, "sha256": photo.sha256}

    assert attachments.read(kept_as, **asked) == photo
    attachments.discard(kept_as)
    attachments.discard(kept_as)
    with pytest.raises(attachments.AttachmentLost, match="missing"):
        attachments.read(kept_as, **asked)


def test_a_file_altered_where_it_is_kept_is_not_shown(place: str) -> None:
    photo = attachments.inspect("cable.png", drawn.png())
    kept_as = attachments.keep(photo)
    path = f"attachments/{kept_as[:2]}/{kept_as}"
    kept.drop(path)
    kept.keep(path, b"another")

    with pytest.raises(attachments.AttachmentLost, match="altered"):
        attachments.read(kept_as, name=photo.name, kind=photo.kind, sha256=photo.sha256)


def test_a_long_export_is_fetched_piece_by_piece_and_dropped_when_old(place: str, rf: Any) -> None:
    content = bytes(range(256)) * 4096
    kept_as = storage.keep(io.BytesIO(content))

    answer = storage.respond(rf.get("/"), kept_as, "people.csv", "text/csv")

    pieces = list(answer)
    assert (len(pieces), b"".join(pieces)) == (4, content)
    assert int(answer.headers["Content-Length"]) == storage.size_bytes(kept_as) == len(content)
    storage.drop_older_than(timedelta(minutes=1))
    assert storage.size_bytes(kept_as) == len(content)
    storage.drop_older_than(timedelta(seconds=-1))
    with pytest.raises(FileNotFoundError):
        storage.respond(rf.get("/"), kept_as, "people.csv", "text/csv")


def test_what_is_being_imported_is_its_senders_alone_and_for_an_hour(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = uploads.keep(7, b"rows")

    assert (uploads.find(7, token), uploads.find(8, token)) == (b"rows", None)
    monkeypatch.setattr(uploads, "KEPT", timedelta(seconds=-1))
    assert uploads.find(7, token) is None
    uploads.keep(8, b"others")
    assert not default_storage.exists(f"imports/{token}-7")


def test_what_was_sent_in_and_never_confirmed_goes_though_nobody_sends_more(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = uploads.keep(7, b"names")
    tasks.drop_uploads(0)
    assert uploads.find(7, token) == b"names"

    monkeypatch.setattr(uploads, "KEPT", timedelta(seconds=-1))
    tasks.drop_uploads(0)

    assert not default_storage.exists(f"imports/{token}-7")


def test_a_place_that_keeps_files_passes_the_look_at_the_start(place: str) -> None:
    kept.probe()

    assert default_storage.listdir("probes")[1] == []


def test_a_bucket_that_is_not_there_stops_the_start_by_name(endpoint: str, settings: Any) -> None:
    use_bucket(settings, f"s3+http://key:a%2Fsecret@{endpoint}/elsewhere")

    with pytest.raises(kept.MediaUnusable, match="NoSuchBucket"):
        kept.probe()


def test_a_folder_that_cannot_be_written_stops_the_start(media: Path) -> None:
    media.write_bytes(b"a file where the folder should be")

    with pytest.raises(kept.MediaUnusable, match="media"):
        kept.probe()


def test_files_are_kept_by_way_of_the_storage_alone() -> None:
    by_path = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if "MEDIA_ROOT" in file.read_text(encoding="utf-8")
    }

    assert by_path == {"config/settings.py", "cli/serve.py"}  # it is set, and named in an error


def test_other_users_of_the_machine_cannot_look_into_the_media_folder(media: Path) -> None:
    attachments.keep(attachments.inspect("cable.png", drawn.png()))

    assert media.stat().st_mode & 0o077 == 0
