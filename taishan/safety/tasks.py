"""What safety does without anybody waiting for it."""

from procrastinate.contrib.django import app

from taishan.kit import jobs
from taishan.safety import hazard_thumbnails


@app.task(name=hazard_thumbnails.TASK, retry=jobs.AGAIN)
def make_thumbnails(act_id: int) -> None:
    """Make the small pictures of the photos that came with a step."""
    hazard_thumbnails.make(act_id)
