"""The worker beside the web server: it takes up what a crash left, and ends with its command."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from taishan.cli import children as side_by_side
from taishan.kit import postgres, priority
from tests.ports import free_port
from tests.processes import (
    PATIENCE_S,
    alive,
    ask,
    children,
    kill,
    kill_database,
    migrated,
    taishan,
    wait_until,
)


@pytest.fixture(autouse=True)
def _interrupts_are_heard() -> Iterator[None]:
    """What a shell runs in the background ignores Ctrl-C, and so would all that it begins."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose only unit was opened just now by a command that has ended: nobody was told."""
    home = migrated(tmp_path / "home")
    with postgres.running(home):
        units = home / "units.csv"
        units.write_text("code,name_en,place,opened\nHQ,Headquarters,CN,2020-01-01\n")
        assert taishan(home, "organisation", "import", "units", str(units)).wait(PATIENCE_S) == 0
        yield home


def test_what_a_killed_worker_had_begun_is_done_by_the_next(home: Path) -> None:
    assert ask(home, "SELECT task_name FROM procrastinate_jobs") == [("outbox.deliver",)]
    ask(home, "UPDATE procrastinate_jobs SET status = 'doing'")

    worker = taishan(home, "worker")
    wait_until(lambda: ask(home, "SELECT 1 FROM resumption_recordedverdict"), home)
    wait_until(lambda: not ask(home, "SELECT 1 FROM procrastinate_jobs"), home)

    began = children(worker.pid)
    worker.terminate()
    assert worker.wait(PATIENCE_S) == 0
    assert alive(began) == []


def test_a_second_signal_at_once_does_not_break_off_the_stopping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def again(*_said: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("taishan.cli.children.click.echo", again)
    try:
        side_by_side.run(
            ["http.server", str(free_port())], [], is_ready=lambda: True, started=again
        )
    finally:
        signal.signal(signal.SIGTERM, before)

    assert "http.server" not in " ".join(children(os.getpid()).values())


def _serve(home: Path, **variables: str) -> subprocess.Popen[bytes]:
    port = str(free_port())
    serve = taishan(home, "serve", "--port", port, PYTHONUNBUFFERED="1", **variables)
    wait_until(lambda: b"Taishan is at" in (home / "log").read_bytes(), home)
    return serve


def test_ctrl_c_twice_stops_the_web_server_and_the_worker(home: Path) -> None:
    serve = _serve(home, TAISHAN_WEB_PROCESSES="2")
    wait_until(lambda: ask(home, "SELECT 1 FROM procrastinate_workers"), home)
    began = children(serve.pid)
    (web,) = (pid for pid, command in began.items() if "uvicorn" in command)
    assert [pid for pid, command in began.items() if "working" in command] == [*{*began} - {web}]
    assert sum("spawn_main" in command for command in children(web).values()) == 2

    serve.send_signal(signal.SIGINT)
    time.sleep(0.2)
    serve.send_signal(signal.SIGINT)

    assert serve.wait(PATIENCE_S) == 0
    assert alive(began) == []
    assert ask(home, "SELECT 1 FROM procrastinate_workers") == []


def test_reports_may_have_a_process_of_their_own_to_which_all_others_give_way(home: Path) -> None:
    port = str(free_port())
    serve = _serve(home, TAISHAN_DOOR_PORT=port)
    wait_until(lambda: ask(home, "SELECT 1 FROM procrastinate_workers"), home)
    wait_until(lambda: _status(port, "/") == HTTPStatus.NOT_FOUND, home)
    assert _status(port, "/api/v1/door/reports") == HTTPStatus.UNAUTHORIZED

    began = children(serve.pid)
    (door,) = (pid for pid, command in began.items() if "asgi_doors" in command)
    (pages,) = (pid for pid, command in began.items() if "asgi:" in command)
    (worker,) = (pid for pid, command in began.items() if "working" in command)
    assert _niceness(door) == 0
    assert _niceness(pages) == _niceness(worker) == priority.NICENESS
    assert _niceness_of_session(door) in (None, "0")
    for pid in (pages, worker):
        assert _niceness_of_session(pid) in (None, str(priority.NICENESS))

    serve.terminate()
    assert serve.wait(PATIENCE_S) == 0
    assert alive(began) == []


def test_reports_and_pages_cannot_have_one_port(home: Path) -> None:
    port = str(free_port())
    serve = taishan(home, "serve", "--port", port, TAISHAN_DOOR_PORT=port)

    assert serve.wait(PATIENCE_S) == 1
    assert "give TAISHAN_DOOR_PORT another" in (home / "log").read_text()


def _status(port: str, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", int(port))
    try:
        connection.request("POST", path)
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


def _niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def _niceness_of_session(pid: int) -> str | None:
    """Return by what Linux shares out the processor among sessions, where it does."""
    file = Path(f"/proc/{pid}/autogroup")
    try:
        return file.read_text().split()[-1]
    except OSError:
        return None


def test_a_killed_command_leaves_neither_web_server_nor_worker(home: Path) -> None:
    serve = _serve(home)
    wait_until(lambda: ask(home, "SELECT 1 FROM procrastinate_workers"), home)
    began = children(serve.pid)

    serve.kill()
    serve.wait()

    wait_until(lambda: not alive(began), home)


def test_a_killed_web_server_ends_the_command_and_leaves_nothing(home: Path) -> None:
    serve = _serve(home)
    wait_until(lambda: ask(home, "SELECT 1 FROM procrastinate_workers"), home)
    began = children(serve.pid)
    (web,) = (pid for pid, command in began.items() if "uvicorn" in command)

    os.kill(web, signal.SIGKILL)

    assert serve.wait(PATIENCE_S) == 1
    wait_until(lambda: not alive(began), home)


def test_after_server_and_database_were_killed_the_next_start_works(home: Path) -> None:
    first = _serve(home)
    kill(first)
    kill_database(home)
    (home / "log").write_bytes(b"")

    second = _serve(home)

    assert ask(home, "SELECT count(*) FROM organisation_unit") == [(1,)]
    second.terminate()
    assert second.wait(PATIENCE_S) == 0


def test_no_worker_runs_where_the_setting_is_off(home: Path) -> None:
    serve = _serve(home, TAISHAN_WORKER="off")
    time.sleep(1)
    began = children(serve.pid)

    assert len(began) == 1
    assert "uvicorn" in next(iter(began.values()))
    serve.terminate()
    serve.wait(PATIENCE_S)


def test_a_worker_refuses_a_database_of_another_version(tmp_path: Path) -> None:
    assert taishan(tmp_path, "worker").wait(PATIENCE_S) == 1
    assert "taishan migrate" in (tmp_path / "log").read_text()
