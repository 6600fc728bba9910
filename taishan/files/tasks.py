"""What becomes of files without anybody waiting for it."""

from procrastinate.contrib.django import app

from taishan.files import actions
from taishan.kit import clock


@app.periodic(cron="17 * * * *")
@app.task(name="files.drop_old")
def drop_old(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Delete the files that are past their time."""
    actions.drop_old(now=clock.now())
