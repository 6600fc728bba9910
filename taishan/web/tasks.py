"""What is composed of several apps without anybody waiting for it."""

from procrastinate.contrib.django import app

from taishan.files import actions
from taishan.kit import clock
from taishan.web import exports


@app.task(name=actions.WRITE)
def write_file(file_id: int) -> None:
    """Write a file that somebody asked for; not tried again, since its page offers that."""
    file = actions.begin(now=clock.now(), file_id=file_id)
    if file is None:
        return
    try:
        exports.write(file)
    except Exception:
        actions.interrupt(now=clock.now(), file=file)
        raise
