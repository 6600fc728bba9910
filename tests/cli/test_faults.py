"""What stands in the way of a start is named, with what to do about it."""

import errno
import os
import socket
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from taishan.cli import context, serve
from taishan.cli.main import main
from taishan.kit import postgres


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_without_its_front_end_a_server_says_how_to_get_it_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setattr(serve, "FRONT_END", tmp_path / "npm")

    done = CliRunner().invoke(main, [command])

    assert done.exit_code == 1
    assert f"missing from {tmp_path / 'npm'}" in done.output
    assert "uv sync --reinstall-package taishan" in done.output


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_named_with_the_way_round(command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(main, [command, "--port", str(port)])

    assert done.exit_code == 1
    assert f"port {port} is taken" in done.output
    assert "--port" in done.output


def _fail(home: Path, number: int) -> None:
    with context._full_disk_named(home):
        raise OSError(number, os.strerror(number))


def test_a_disk_that_fills_up_during_a_command_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_WAL_SEGMENT_BYTES", sys.maxsize)

    with pytest.raises(click.ClickException, match=r"disk is full.*not yet committed"):
        _fail(tmp_path, errno.ENOSPC)


def test_another_fault_during_a_command_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output"):
        _fail(tmp_path, errno.EIO)
