"""The embedded server: shared, private, and back after the worst."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from taishan.kit import postgres


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def pid_of(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def test_two_holders_share_a_server_and_the_last_one_out_stops_it(home: Path) -> None:
    with postgres.running(home) as first:
        with postgres.running(home) as second:
            assert first == second
        with psycopg.connect(first.dsn(postgres.APPLICATION)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert not (home / "postgres" / "postmaster.pid").exists()


def test_chinese_text_is_searchable_and_all_extensions_are_there(home: Path) -> None:
    with (
        postgres.running(home) as server,
        psycopg.connect(server.dsn(postgres.APPLICATION)) as connection,
    ):
        alike = connection.execute("SELECT similarity('应急管理', '应急')").fetchone()
        names = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}

    assert alike is not None
    assert alike[0] > 0
    assert set(postgres.EXTENSIONS) <= names


def test_committed_rows_survive_a_kill_of_every_process(home: Path) -> None:
    with postgres.running(home) as server:
        with psycopg.connect(server.dsn(postgres.OWNER), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        for process in Path("/proc").glob("[0-9]*"):
            if _belongs(process, home):
                os.kill(int(process.name), signal.SIGKILL)
        time.sleep(0.5)

    with (
        postgres.running(home) as server,
        psycopg.connect(server.dsn(postgres.APPLICATION)) as connection,
    ):
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def _belongs(process: Path, home: Path) -> bool:
    try:
        return (
            str(home) in str((process / "cwd").readlink())
            and b"postgres" in (process / "cmdline").read_bytes()
        )
    except OSError:
        return False


def test_data_of_another_major_version_is_refused_clearly(home: Path) -> None:
    with postgres.running(home):
        pass
    (home / "postgres" / "PG_VERSION").write_text("15\n")

    with (
        pytest.raises(postgres.DatabaseUnavailable, match="written by PostgreSQL 15"),
        postgres.running(home),
    ):
        pass


def test_a_directory_with_something_else_in_it_is_left_alone(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "letter.txt").write_text("mine")

    with (
        pytest.raises(postgres.DatabaseUnavailable, match="holds no database"),
        postgres.running(home),
    ):
        pass

    assert (home / "postgres" / "letter.txt").read_text() == "mine"


def test_a_socket_path_that_is_too_long_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir(mode=0o700)
    monkeypatch.setattr("tempfile.tempdir", str(long))

    with pytest.raises(postgres.DatabaseUnavailable, match="107 bytes"), postgres.running(home):
        pass


def test_a_home_in_use_from_another_temporary_folder_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_START_SECONDS", 0.1)

    with (
        tempfile.TemporaryDirectory() as other,
        postgres.running(home),
        monkeypatch.context() as patch,
    ):
        patch.setattr("tempfile.tempdir", other)
        with (
            pytest.raises(postgres.DatabaseUnavailable, match="another server already uses"),
            postgres.running(home),
        ):
            pass


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs a user namespace")
@pytest.mark.parametrize(
    "words",
    [
        "unshare: unshare failed: Operation not permitted",
        "unshare: unshare failed: No space left on device",
        "unshare: write failed /proc/self/uid_map: Operation not permitted",
        None,
    ],
    ids=["forbidden", "a limit of none", "no mapping", "no program for it"],
)
def test_root_is_told_what_to_do_where_namespaces_are_blocked(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str | None
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    if words:
        stand_in(programs / "unshare", words)
    monkeypatch.setenv("PATH", str(programs))

    with (
        pytest.raises(postgres.DatabaseUnavailable, match="run Taishan as an ordinary user"),
        postgres.running(home),
    ):
        pass


@pytest.mark.parametrize(
    "words",
    [
        'could not extend file "base/1/2691": wrote only 4096 bytes\nHINT:  Check free disk space.',
        'could not write to file "pg_wal/xlogtemp.29": No space left on device',
    ],
)
def test_a_disk_too_full_to_begin_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    monkeypatch.setattr(postgres, "_binary", lambda name: str(stand_in(tmp_path / name, words)))

    with (
        pytest.raises(postgres.DatabaseUnavailable, match="the disk is full"),
        postgres.running(home),
    ):
        pass


def stand_in(program: Path, words: str) -> Path:
    """Put a program there that fails with the words of the real one."""
    program.write_text(f"#!/bin/sh\n/bin/cat >&2 <<'END'\n{words}\nEND\nexit 1\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, with room for a database and little else."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_filled_up_stops_the_next_start_by_name_and_room_cures_it(small_disk: Path) -> None:
    home, rubbish = small_disk / "home", small_disk / "rubbish"
    with (
        postgres.running(home) as server,
        psycopg.connect(server.dsn(postgres.OWNER), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    fill(rubbish)

    with (
        pytest.raises(postgres.DatabaseUnavailable, match="the disk is full"),
        postgres.running(home),
    ):
        pass

    rubbish.unlink()
    with (
        postgres.running(home) as server,
        psycopg.connect(server.dsn(postgres.APPLICATION)) as connection,
    ):
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_disk_filled_up_meanwhile_still_lets_the_server_be_stopped(small_disk: Path) -> None:
    home = small_disk / "home"
    with postgres.running(home) as server:
        fill(small_disk / "rubbish")
        with (
            psycopg.connect(server.dsn(postgres.OWNER)) as connection,
            pytest.raises(psycopg.Error),
        ):
            connection.execute("CREATE TABLE lost AS SELECT generate_series(1, 1000000) AS n")
        assert postgres.is_full(home)

    assert not any(_belongs(process, home) for process in Path("/proc").glob("[0-9]*"))


def fill(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as rubbish:
        while True:
            rubbish.write(b"\0" * 65536)
