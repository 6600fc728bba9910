"""``taishan serve`` and ``taishan worker``: the web server and the worker over their database."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from taishan import web
from taishan.cli import children, context

APPLICATION = "taishan.config.asgi:application"
DOORS = "taishan.config.asgi_doors:application"
WORKER = ("taishan.cli.working",)
FRONT_END = Path(web.__file__).parent / "static" / "npm"
KEPT_ALIVE_S = 130
"""Longer than a web server in front keeps a connection that it may use again: nginx a minute, Caddy
two."""
ENDED_S = children.STOP_SECONDS * 2 // 3
"""How long requests under way may take once the server is to stop, before all are killed."""
SILENT_S = 60
"""So long may one of several web processes say nothing, where others go first, until it is begun
again."""


@click.command()
@click.option("--port", default=8020, show_default=True)
def serve(port: int) -> None:
    """Serve on localhost until stopped, with a worker unless TAISHAN_WORKER is off."""
    refuse_bare()
    refuse_taken(port)
    with context.database():
        context.migrate()
        run(port, lambda: click.echo(f"Taishan is at http://localhost:{port}/"))


@click.command()
def worker() -> None:
    """Run jobs until stopped, and no web server: for more workers beside ``serve``."""
    with context.instance():
        refuse_unkept()
        children.run(
            WORKER, [], is_ready=lambda: True,
            started=lambda: click.echo("The worker waits for jobs."),
        )  # fmt: skip


def refuse_bare() -> None:
    """Raise a clear error where the build left no front-end files, or somebody deleted them."""
    if not (FRONT_END / "htmx.min.js").exists():
        raise click.ClickException(
            f"the front-end files are missing from {FRONT_END}. Get them back with\n"
            "  uv sync --reinstall-package taishan\n"
            "which fetches them from npm's registry; a wheel carries them, so install it again."
        )


def refuse_unkept() -> None:
    """Raise a clear error where kept files cannot be written and read."""
    from django.conf import settings

    from taishan.kit import media

    where = "TAISHAN_FILES_URL" if settings.TAISHAN.files_url else settings.MEDIA_ROOT
    try:
        media.probe()
    except media.MediaUnusable as unusable:
        raise click.ClickException(f"files cannot be kept ({where}): {unusable}") from None


def refuse_taken(port: int, setting: str = "--port") -> None:
    """Raise a clear error where something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} is taken ({error.strerror}): choose another with {setting}"
            ) from None


def run(port: int, started: Callable[[], None]) -> None:
    """Run the web server until a signal, with the worker and the door that settings ask for."""
    from django.conf import settings

    from taishan.kit import static_files

    refuse_unkept()
    static_files.lay_out(settings.STATIC_ROOT)
    others: list[Sequence[str]] = [WORKER] if settings.TAISHAN.worker else []
    if door_port := settings.TAISHAN.door_port:
        if door_port == port:
            raise click.ClickException(f"pages have port {port}: give TAISHAN_DOOR_PORT another")
        refuse_taken(door_port, "TAISHAN_DOOR_PORT")
        others.append(uvicorn(door_port, DOORS))
    server = uvicorn(port, processes=settings.TAISHAN.web_processes)
    children.run(server, others, is_ready=lambda: answers(port), started=started)


def uvicorn(port: int, application: str = APPLICATION, processes: int = 1) -> tuple[str, ...]:
    """Return the module that serves on localhost, with its arguments.

    Nothing that a client says of itself is believed, and no address of a page is logged.
    """
    return (
        "uvicorn", "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes),
        "--timeout-keep-alive", str(KEPT_ALIVE_S), "--timeout-graceful-shutdown", str(ENDED_S),
        "--timeout-worker-healthcheck", str(SILENT_S), "--interface", "asgi3",
        "--ws", "none", "--no-proxy-headers", "--no-server-header", "--no-access-log",
        "--log-level", "warning", application,
    )  # fmt: skip


def answers(port: int) -> bool:
    """Tell whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
