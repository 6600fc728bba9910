"""Commands as processes of their own, over a home of their own: started, watched, killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from taishan.kit import postgres
from tests.environment import HOME

PATIENCE_S = 240.0
"""For a process on a busy machine; none waits so long on a quiet one."""


def environment(home: Path) -> dict[str, str]:
    names = {"TAISHAN_HOME": str(home), "TAISHAN_DATABASE_NAME": postgres.DATABASE}
    return {**os.environ, **names}


def taishan(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    """Begin a command; what it says goes into ``log`` of its home.

    It minds Ctrl-C even where the tests run in the background of a shell, which would not.
    """
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            ["env", "--default-signal=INT", sys.executable, "-m", "taishan.cli", *arguments],
            env=environment(home) | variables, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def migrated(home: Path) -> Path:
    """Lay out an empty instance as ``taishan migrate`` leaves one."""
    shutil.copytree(_migrated_once(), home)
    return home


def _migrated_once() -> Path:
    """Migrate one home for all the workers of a run; whoever comes meanwhile waits."""
    HOME.mkdir(exist_ok=True)
    home, ready = HOME / "migrated", HOME / "migrated.ready"
    with (HOME / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            assert taishan(home, "migrate").wait(PATIENCE_S) == 0, (home / "log").read_text()
            ready.touch()
    return home


def wait_until(is_so: Callable[[], object], home: Path, step_s: float = 0.1) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, (home / "log").read_text()
        time.sleep(step_s)


def children(pid: int) -> dict[int, str]:
    """Return the command of each process that the given one began."""
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {int(line.split()[0]): line for line in listed.splitlines()}


def alive(pids: dict[int, str]) -> list[str]:
    """Return the processes that still run, and any that one of them began.

    What has ended and was not yet looked at by its parent, as ``init`` may be, runs no more.
    """
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-g", ",".join(map(str, pids))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in listed.stdout.splitlines() if not line.startswith("Z")]


def run_at_once(work: str, home: Path) -> str:
    """Return what a script says that does two things at once, by two connections."""
    with postgres.running(home):
        answered = subprocess.run(
            [sys.executable, "-c", work], env=environment(home), capture_output=True, text=True,
            timeout=PATIENCE_S, check=True,
        )  # fmt: skip
    return answered.stdout.strip()


def ask(home: Path, query: str) -> list[tuple[object, ...]]:
    """Return what the database answers to its superuser."""
    dsn = postgres.Server(socket_dir=postgres.socket_dir(home)).dsn("postgres")
    with psycopg.connect(dsn, autocommit=True) as link:
        answer = link.execute(query)
        return answer.fetchall() if answer.description else []


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it began, as a power cut does."""
    began = children(process.pid)
    process.kill()
    for pid in began:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # each leads a group of its own
    process.wait()


def kill_database(home: Path) -> None:
    """End the server of this home and its backends, likewise."""
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=False
    )
    for pid in (postmaster, *map(int, listed.stdout.split())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
