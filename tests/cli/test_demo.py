"""The demo stands by itself, whatever else is set up in the shell it is started from."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from taishan.cli import context, demo, serve
from taishan.config import env


def test_nothing_of_another_instance_set_up_in_this_shell_reaches_the_demo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = {
        "TAISHAN_HOME": "/srv/group",
        "TAISHAN_DATABASE_URL": "postgresql://group@db.example.org/group",
        "TAISHAN_OWNER_DATABASE_URL": "postgresql://owner@db.example.org/group",
        "TAISHAN_SEAL_WEBHOOK": "https://seals.example.org/",
        "TAISHAN_FILES_URL": "s3://key:secret@files.example.org/group",
    }
    monkeypatch.setattr(os, "environ", dict(os.environ) | theirs)
    seen: list[dict[str, str]] = []

    @contextlib.contextmanager
    def database() -> Iterator[None]:
        seen.append(dict(os.environ))
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(context, "database", database)
    monkeypatch.setattr(serve, "refuse_bare", lambda: None)
    monkeypatch.setattr(serve, "refuse_taken", lambda _port: None)
    CliRunner().invoke(demo.demo, ["--port", "8391", "--no-open"])

    [environment] = seen
    assert not [name for name, value in theirs.items() if environment.get(name) == value]
    read = env.read(environment)
    assert not read.database_url
    assert str(read.home).startswith(tempfile.gettempdir())
    assert read.public_url == "http://localhost:8391"
