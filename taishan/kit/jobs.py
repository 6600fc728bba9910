"""What every job shares: how it is put off, when it is tried again, what if its worker dies."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from procrastinate import job_context, manager, retry, tasks
from procrastinate.contrib.django import app, django_connector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.middleware import AsyncCallNext

AGAIN = retry.RetryStrategy(linear_wait=20)
"""Until it succeeds, each time 20 s later than the last: nothing is lost while a fault lasts."""

# Django's own connection, in a worker too: there procrastinate's app has a connection of its own,
# outside the transaction of the action.
_manager = manager.JobManager(django_connector.DjangoConnector())
_log = logging.getLogger(__name__)


def defer(name: str, **arguments: Any) -> None:
    """Have the job run after this transaction, if it is kept; it may run more than once.

    Raises TransactionManagementError outside a transaction: a job without its reason, or a reason
    without its job, must not exist.
    """
    defer_each(name, [arguments])


def defer_each(name: str, many: Sequence[dict[str, Any]]) -> None:
    """Have the job run once with each of these arguments, in one statement; else as above."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"job {name} needs a transaction")
    if many:
        tasks.configure_task(name=name, job_manager=_manager).batch_defer(*many)


def is_waiting(name: str, **arguments: Any) -> bool:
    """Tell whether the same job waits to start: it will see all that is committed by now."""
    return ProcrastinateJob.objects.filter(
        task_name=name, args=arguments, status="todo", scheduled_at=None
    ).exists()


def is_under_way(name: str, **arguments: Any) -> bool:
    """Tell whether the same job waits, is being done, or is to be tried again."""
    return ProcrastinateJob.objects.filter(
        task_name=name, args=arguments, status__in=["todo", "doing"]
    ).exists()


async def complain(call_next: AsyncCallNext, context: job_context.JobContext, _worker: Any) -> Any:
    """Let a failing job be heard even where it will be tried again."""
    try:
        return await call_next()
    except Exception:
        _log.exception("job %s failed", context.job.call_string)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="jobs.restart_abandoned", pass_context=True)
async def restart_abandoned(
    context: job_context.JobContext,
    timestamp: int,  # noqa: ARG001 - the tick
) -> None:
    """Put back the jobs of workers that have given no sign of life for half a minute."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)
