"""What the ledger does without anybody asking."""

from procrastinate.contrib.django import app

from taishan.kit import clock
from taishan.ledger import publishing, sealing


# One that fails is not put off again: the next minute's does all that is left.
@app.periodic(cron="* * * * *")
@app.task(name="ledger.seal", queueing_lock="ledger.seal")
def seal(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Seal what was recorded, and hand out the head of the tree."""
    sealing.seal_all(now=clock.now())
    publishing.publish(now=clock.now())
