"""The tutorial, done as it says: its files saved, its commands run, what they print compared."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests import processes

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tutorial" / "your-own-group.md"
BLOCK = re.compile(
    r"^```(?:csv|yaml) (?P<file>\S+)\n(?P<content>.*?)^```\n"
    r"|^```text\n(?P<printed>.*?)^```\n"
    r"|^    uv run taishan (?P<command>[^\n]*)\n",
    re.MULTILINE | re.DOTALL,
)


def test_every_step_of_the_tutorial_prints_what_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "taishan/regulations/libraries", tmp_path / "taishan/regulations/libraries"
    )
    steps = list(BLOCK.finditer(PAGE.read_text()))
    printed = ""
    for step in steps:
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["content"])
        elif step["printed"] is not None:
            assert printed == step["printed"]
        elif step["command"] != "serve":
            printed = _run(step["command"], tmp_path)

    assert [step["command"].split()[0] for step in steps if step["command"]][-1] == "serve"
    assert "http://localhost:8020/invitation/" in printed


def _run(command: str, folder: Path) -> str:
    """Run a command of the page where the files are saved, and return what it prints."""
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m taishan.cli {command}"],
        cwd=folder, env=processes.environment(folder / "home"), capture_output=True, text=True,
        timeout=processes.PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
