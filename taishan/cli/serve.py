"""``taishan serve``: the web server over its database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

import click

from taishan.cli import context

STOP_SECONDS = 15


@click.command()
@click.option("--port", default=8020, show_default=True)
def serve(port: int) -> None:
    """Serve on localhost until stopped."""
    refuse_taken(port)
    with context.instance():
        context.migrate()
        run(port, lambda: click.echo(f"Taishan is at http://localhost:{port}/"))


def refuse_taken(port: int) -> None:
    """Raise a clear error where something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} is taken ({error.strerror}): choose another with --port"
            ) from None


def run(port: int, started: Callable[[], None]) -> None:
    """Run the web server in a session of its own until a signal; then stop it, once, for sure."""
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--no-ws", "--log-level", "warning",
        "taishan.config.asgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, start_new_session=True, env=os.environ)  # noqa: S603

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        _wait_for(port, server)
        started()
        server.wait()
    except KeyboardInterrupt:
        click.echo("Stopping.")
    finally:
        _end(server)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise click.ClickException("the web server stopped while starting; its words are above")


def _end(server: subprocess.Popen[bytes]) -> None:
    """granian can hang on a signal to its whole group: signal it alone, once, then kill all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
