"""A PostgreSQL of one's own instead of the embedded one, by two URLs."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from taishan.kit import postgres

SET_UP = """
CREATE ROLE chief LOGIN;
CREATE ROLE clerk LOGIN;
CREATE DATABASE group_safety OWNER chief LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'
  TEMPLATE template0;
"""


def test_two_urls_are_all_that_an_external_server_needs(tmp_path: Path) -> None:
    with postgres.running(tmp_path / "server") as server:
        with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as connection:
            for statement in SET_UP.split(";\n")[:-1]:
                connection.execute(statement)  # type: ignore[arg-type]
        with psycopg.connect(server.dsn("postgres", "group_safety"), autocommit=True) as connection:
            for extension in postgres.EXTENSIONS:
                connection.execute(f"CREATE EXTENSION {extension}")  # type: ignore[arg-type]
            connection.execute("ALTER SCHEMA public OWNER TO chief")
        url = f"postgresql:///group_safety?host={server.socket_dir}&user="
        own = {name: value for name, value in os.environ.items() if "TAISHAN" not in name}
        variables = own | {
            "TAISHAN_HOME": str(tmp_path / "home"),
            "TAISHAN_DATABASE_URL": f"{url}clerk",
            "TAISHAN_OWNER_DATABASE_URL": f"{url}chief",
        }
        for command in (["migrate"], ["verdicts", "--on", "2020-02-12"]):
            done = subprocess.run(
                [sys.executable, "-m", "taishan.cli", *command],
                env=variables, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        with psycopg.connect(server.dsn("clerk", "group_safety")) as connection:
            row = connection.execute("SELECT count(*) FROM organisation_place").fetchone()
    assert row is not None
    assert row[0] > 3000
