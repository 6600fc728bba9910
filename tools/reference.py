"""Write the generated pages of docs/reference; ``--check`` fails where one differs.

cli.md from the commands' own help, library.schema.json from the schema of the library format, and
openapi.json from the API.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import django

from taishan.cli import main as taishan

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
HEAD = """# The command line

Written by `uv run python tools/reference.py` from the commands' own help.
"""
WIDTH = 90


def command_line() -> str:
    """Return a section for every command."""
    return "\n".join([HEAD, *_sections(taishan, "taishan", None)])


def _sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    here = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield f"## {here.command_path}\n\n```text\n{command.get_help(here)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(here):
            found = command.get_command(here, child)
            if found is not None:
                yield from _sections(found, child, here)


def library_schema() -> str:
    from taishan.regulations import schemas

    return _json(schemas.Library.model_json_schema())


def openapi() -> str:
    from taishan.config.urls import api

    return _json(api.get_openapi_schema())


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_check = parser.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
    django.setup()
    pages = {
        "cli.md": command_line(),
        "library.schema.json": library_schema(),
        "openapi.json": openapi(),
    }
    if only_check:
        return check(pages)
    for name, text in pages.items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


def check(pages: Mapping[str, str]) -> int:
    """Name the pages that differ from what is written; return 1 where there is one."""
    stale = [name for name, text in pages.items() if (FOLDER / name).read_text("utf-8") != text]
    for name in stale:
        print(f"{name} is out of date: run python tools/reference.py")  # noqa: T201
    return min(1, len(stale))


if __name__ == "__main__":
    sys.exit(main())
