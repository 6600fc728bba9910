"""Handing the head of the tree to others, so that whoever owns this database cannot take it back.

A seal binds all that was sealed before it, so only the latest is handed out: what could not be
handed out for a day is made up for by the first that goes through.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import requests
from django.conf import settings
from django.db import transaction

from taishan.ledger import queries
from taishan.ledger.models import Publication, Seal

Channel = Publication.Channel
WAIT_S = 20.0


class NotPublished(RuntimeError):
    """A way of publishing failed; the message says which and why. It is tried again."""


def publish(*, now: datetime) -> list[Publication]:
    """Hand out the latest seal by every way that is set and has not had it; return what was done.

    Raises NotPublished, after the other ways had their turn. A process that dies between handing
    out and noting it hands out once more.
    """
    seal, done, failed = queries.find_seal(), [], []
    if seal is None:
        return []
    for channel, send in _channels().items():
        if Publication.objects.filter(seal=seal, channel=channel).exists():
            continue
        try:
            send(seal)
        except (OSError, requests.RequestException) as error:
            failed.append(f"{channel}: {error}")
            continue
        with transaction.atomic():
            noted = Publication.objects.create(seal=seal, channel=channel, published_at=now)
        done.append(noted)
    if failed:
        raise NotPublished("; ".join(failed))
    return done


def line(seal: Seal) -> str:
    """Return the seal as a line of the published file: the instant, and what verifies."""
    return f"{seal.sealed_at.isoformat(timespec='seconds')} {seal.code}\n"


def _channels() -> Mapping[Channel, Callable[[Seal], None]]:
    environment, found = settings.TAISHAN, {}
    if environment.seal_file:
        found[Channel.FILE] = lambda seal: _append(Path(environment.seal_file), seal)
    if environment.seal_webhook:
        found[Channel.WEBHOOK] = lambda seal: _post(environment.seal_webhook, seal)
    return found


def _append(path: Path, seal: Seal) -> None:
    with path.open("a", encoding="utf-8") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        out.write(line(seal))
        out.flush()
        os.fsync(out.fileno())


def _post(address: str, seal: Seal) -> None:
    told = {"seal": seal.code, "sealed_at": seal.sealed_at.isoformat()}
    answer = requests.post(address, json=told, timeout=WAIT_S, allow_redirects=False)
    if not answer.ok or answer.is_redirect:
        raise requests.HTTPError(f"{address} answered {answer.status_code}")
