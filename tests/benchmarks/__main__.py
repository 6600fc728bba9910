"""``just bench``: every benchmark, or the ones named, each in a process of its own."""

from __future__ import annotations

import importlib
import subprocess
import sys

from taishan.kit import collector
from tests.benchmarks import table

ALL = (
    "core", "answers", "board", "people", "reports", "door", "photos", "situation", "duties",
    "escalation", "ledger", "campaigns", "inspections", "incidents", "safety",
)  # fmt: skip


def main(names: list[str]) -> None:
    if len(names) == 1:
        collector.calm()  # as the processes that serve do
        table.show(importlib.import_module(f"tests.benchmarks.{names[0]}").run())
        return
    for name in names or ALL:
        subprocess.run([sys.executable, "-m", "tests.benchmarks", name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
