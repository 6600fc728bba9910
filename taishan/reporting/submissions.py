"""What a door hands in, and what it is told.

Structs, since a frozen dataclass takes several times as long to make and a million come a morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from taishan.core.answers import Problem
from taishan.organisation.access import Viewer
from taishan.reporting.models import Door


class Submission(Struct, frozen=True, kw_only=True):
    """Answers to a form about a subject for a period.

    ``subject`` is a staff number or a unit's code, as the form is about a person or a unit.
    ``period`` is its first local day. ``client`` is the number the sender gave this report: what
    comes again under it is the same report, and it salts the report's leaf in the ledger, so it
    should be random. ``version`` None: the version in force. ``submitted_at`` is when the report
    reached a door of ours, None: with the batch; ``device_at`` what the sender's clock said.
    ``viewer`` is on whose right and ``lang`` in whose language it is answered, where a batch holds
    reports of several senders; None: those of the batch.
    """

    form: str
    subject: str
    period: date
    answers: Mapping[str, Any]
    client: UUID
    door: Door
    version: int | None = None
    submitted_at: datetime | None = None
    device_at: datetime | None = None
    viewer: Viewer | None = None
    lang: str | None = None


class Outcome(StrEnum):
    """What became of an accepted submission."""

    NEW = "new"
    CHANGED = "changed"
    """It is in force now; what it replaced is kept."""
    REPEATED = "repeated"
    """It said what is on record already, or had come before; nothing changed."""
    PROPOSED = "proposed"
    """Its period is closed: it waits as a correction for the unit's officer."""


class Accepted(Struct, frozen=True, kw_only=True):
    submission: Submission
    outcome: Outcome
    unit_id: int
    is_late: bool


class Rejected(Struct, frozen=True, kw_only=True):
    """``code`` for programs: ``form``, ``subject``, ``unit``, ``not_allowed``, ``not_owed``,
    ``not_open``, ``erased``, ``consent`` or ``answers``; ``reason`` for people, in the language of
    the request.
    """

    submission: Submission
    code: str
    reason: str
    problems: tuple[Problem, ...] = ()
