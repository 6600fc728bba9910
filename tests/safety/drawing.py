"""Red lines for tests, by the same actions as the pages and the command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from taishan.kit import attachments
from taishan.kit.editions import Imported
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import actions, red_line_files, red_lines
from taishan.safety.models import LiftingRequest, StopWork
from taishan.safety.red_line_models import RedLine
from tests import people
from tests.safety.building import PNG, viewer

SHIPPED = sorted((Path(red_line_files.__file__).parent / "libraries").glob("red-lines-*.yaml"))
TEXT = {"en": "Nobody under a load", "zh": "吊物下方不得有人"}
LINE: dict[str, Any] = {
    "code": "load", "what": TEXT, "basis": "group", "source": {"en": "Rule 7", "zh": "第七条"},
    "lifted_by": {"level": "headquarters"}, "holds_from": "2020-01-01",
}  # fmt: skip


def library(*lines: dict[str, Any], code: str = "own") -> bytes:
    """A library of the red line of tests with what is given of each."""
    content = {
        "format": "taishan-red-lines/1", "library": code, "title": TEXT,
        "red_lines": [LINE | line for line in lines],
    }  # fmt: skip
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def record(*lines: dict[str, Any], unit: str = "HQ", on: str = "2020-01-01") -> Imported:
    return red_lines.import_library(
        actor=people.ACTOR, now=people.NOW, on=datetime.fromisoformat(on).date(), unit=unit,
        library=red_line_files.parse(library(*lines), "own.yaml"),
    )  # fmt: skip


def drawn(**more: Any) -> RedLine:
    """The red line of tests, recorded for the whole group."""
    record(more)
    return RedLine.objects.get(code=more.get("code", "load"))


def crossed(
    account: Account, red_line: RedLine, unit: str = "W1", now: datetime = people.NOW, **more: Any
) -> StopWork:
    given = {"ground": "A man under the slab"} | more
    return red_lines.report_breach(
        actor=viewer(account).actor, now=now, red_line=red_line,
        version=history.get_version(unit, now.date()), **given,
    )  # fmt: skip


def asked(account: Account, stop: StopWork, *, with_file: bool = True) -> LiftingRequest:
    return actions.ask_lifting(
        actor=viewer(account).actor, now=people.NOW, stop=stop, evidence="Fenced off",
        file=attachments.inspect("fence.png", PNG) if with_file else None,
    )  # fmt: skip
