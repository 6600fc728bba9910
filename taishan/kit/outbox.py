"""News from an action to the apps above it: told in the action's own transaction, delivered after.

``publish`` puts a job into the same database and the same transaction, so that news and change
stand or fall together, and a killed process loses neither. The job looks the kind up in the one
table of ``config/events.py`` and sets off what is listed there. Everything arrives at least once:
whoever is set off must bear to be set off again.
"""

from taishan.kit import jobs

DELIVER = "outbox.deliver"
"""The name of the job that delivers; it stands in ``config``, which kit may not import."""


def publish(kind: str, **about: str | int) -> None:
    """Tell that something happened; ``about`` names it by codes and ids.

    Raises TransactionManagementError outside a transaction.
    """
    jobs.defer(DELIVER, kind=kind, about=about)
