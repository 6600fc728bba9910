"""Processes of our own, side by side, none of which outlives us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import click

STOP_SECONDS = 15
POLL_SECONDS = 0.05
AGAIN_SECONDS = 3


def run(
    first: Sequence[str],
    others: Sequence[Sequence[str]],
    *,
    is_ready: Callable[[], bool],
    started: Callable[[], None],
) -> None:
    """Run modules until a signal or until the first of them ends; then stop all, once, for sure.

    ``started`` is called when the first is ready; the others are begun then, and begun again when
    they end by themselves. Raises ClickException where the first does.
    """
    _heed(_interrupt)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.append(_begin(first))
        while not is_ready():
            if _has_ended(processes[0], POLL_SECONDS):
                raise click.ClickException(f"{first[0]} ended while starting; its words are above")
        started()
        processes += [_begin(module) for module in others]
        while not _has_ended(processes[0], AGAIN_SECONDS):
            for number, module in enumerate(others, start=1):
                if processes[number].poll() is not None:
                    click.echo(f"{module[0]} ended by itself and is begun again.", err=True)
                    processes[number] = _begin(module)
        raise click.ClickException(f"{first[0]} ended by itself; its words are above")
    except KeyboardInterrupt:
        click.echo("Stopping.")
    finally:
        _end(processes)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Stop once: whoever began us may pass on a signal that has reached us too, and a second one
    would break off the stopping.
    """
    _heed(signal.SIG_IGN)
    raise KeyboardInterrupt


def _heed(handler: Any) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, handler)


def _begin(module: Sequence[str]) -> subprocess.Popen[bytes]:
    """Begin a module in a session of its own: a signal of the terminal reaches us alone."""
    command = [sys.executable, "-m", "taishan.cli.watched", str(STOP_SECONDS), *module]
    return subprocess.Popen(  # noqa: S603 - modules of our own choice
        command, stdin=subprocess.PIPE, start_new_session=True, env=os.environ
    )


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Signal each alone, once (at a second, uvicorn drops what is under way); then kill all."""
    _heed(signal.SIG_IGN)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.terminate()
    for process in processes:
        _has_ended(process, max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # or what it left behind when it was killed
        process.wait()
        if process.stdin is not None:
            process.stdin.close()
