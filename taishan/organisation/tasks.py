"""What the organisation does without anybody waiting for it."""

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.organisation import import_runs, uploads


@app.task(name=import_runs.TASK, retry=jobs.AGAIN)
def import_people(run_id: int) -> None:
    """Perform one large import of people."""
    import_runs.perform(now=clock.now(), run_id=run_id)


@app.periodic(cron="11 * * * *")
@app.task(name="organisation.drop_uploads")
def drop_uploads(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Forget the files that were sent in and never confirmed."""
    uploads.drop_old()
