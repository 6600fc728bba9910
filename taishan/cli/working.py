"""The worker's own process: takes jobs and runs them until it is told to stop."""

import os
from typing import cast

import django

CONCURRENCY = 4
POLL_SECONDS = 5.0


def main() -> None:
    """Run jobs. One that is running when the worker must stop is begun again by the next."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
    django.setup()
    from django.conf import settings
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from taishan.kit import jobs, priority

    if settings.TAISHAN.door_port:
        priority.give_way()
    connector = cast(DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()):
        app.run_worker(
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs="successful",
            worker_middleware=[jobs.complain],
        )


if __name__ == "__main__":
    main()
