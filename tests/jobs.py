"""Running the jobs that a test put off, in its own transaction and in their order."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def waiting() -> list[str]:
    """Return the names of the jobs that wait."""
    return list(
        ProcrastinateJob.objects.filter(status="todo")
        .order_by("pk")
        .values_list("task_name", flat=True)
    )


def forget() -> None:
    """Drop all that waits: what a test was set up with is not what it is about."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def run() -> list[str]:
    """Run all jobs that wait, and those that they put off; return their names."""
    app.perform_import_paths()
    ran = []
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("pk").first():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        app.tasks[job.task_name].func(**job.args)
        ran.append(job.task_name)
    return ran
