"""What becomes of notices and messages without anybody waiting for it."""

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from taishan.communications import actions, distribution, outbox, sending
from taishan.communications.failures import SYSTEM
from taishan.communications.models import Notice, Sending
from taishan.kit import clock, jobs

BATCHES = 20
"""After so many a job makes room for others; the next minute's goes on."""


@app.task(name=distribution.CARRY_OUT, retry=jobs.AGAIN)
def carry_out(round_id: int) -> None:
    """Tell the many people of a round."""
    distribution.carry_out(now=clock.now(), round_id=round_id)


@app.task(name=distribution.SEND)
def send(channel: str) -> None:
    """Send what is due by a channel."""
    for _batch in range(BATCHES):
        if not sending.send_due(channel=channel, now=clock.now()):
            return


@app.periodic(cron="* * * * *")
@app.task(name="communications.send_due")
def send_due(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Set off the channels by which something is due: first tries, retries, what waited a night."""
    due = Sending.objects.filter(state=Sending.State.QUEUED, next_try_at__lte=clock.now())
    with transaction.atomic():
        distribution.send_soon(set(due.order_by().values_list("channel", flat=True).distinct()))


@app.periodic(cron="*/10 * * * *")
@app.task(name="communications.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Remind the readers of every notice whose hours say so."""
    now = clock.now()
    asked = Notice.objects.filter(remind_every_h__isnull=False, confirm_by__gt=now)
    for pk in _ids(asked):
        actions.remind(actor=SYSTEM, now=now, notice_id=pk)


@app.periodic(cron="7 * * * *")
@app.task(name="communications.tell_joined")
def tell_joined(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Tell whoever joined the audience of a notice in force."""
    now = clock.now()
    for pk in _ids(Notice.objects.filter(valid_until__gt=now)):
        actions.tell_joined(actor=SYSTEM, now=now, on=clock.today(), notice_id=pk)


@app.periodic(cron="27 3 * * *")
@app.task(name="communications.drop_old")
def drop_old(timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Delete the letters kept as files, and the lists handed over, that are past their time."""
    outbox.drop_old(clock.now())
    actions.drop_old_lists(now=clock.now())


def _ids(notices: QuerySet[Notice]) -> list[int]:
    return list(notices.order_by("pk").values_list("pk", flat=True))
