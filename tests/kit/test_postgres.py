"""The embedded server: shared, private, and back after the worst."""

import os
import signal
import time
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
