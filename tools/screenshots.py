"""Take the pictures of the documentation from the running demo.

``uv run python tools/screenshots.py`` writes docs/images/*.png; it needs Debian's ``chromium``.
"""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PICTURES = {
    "board": "/board/?day=2020-02-12&lang=en",
    "unit": "/units/M20/?day=2020-02-12&lang=en",
}
SIZE = {"width": 1280, "height": 860}


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo; yield the sign-in address of the duty office."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "taishan.cli", "demo", "--no-open", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in running.stdout or ():
            found = re.search(r"Duty office +(http\S+)", line)
            if found:
                yield found[1]
                return
        raise SystemExit("the demo did not start")
    finally:
        running.terminate()
        running.communicate()


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(link)
        base = "/".join(page.url.split("/")[:3])
        for name, path in PICTURES.items():
            page.goto(base + path)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
