"""Situation reports of the cast's units, as far along as a test wants them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from taishan.kit.actor import Actor
from taishan.organisation import access, history
from taishan.organisation.models import Account, Unit
from taishan.situation import freezing, situation_reports
from taishan.situation.freezing import Numbers
from taishan.situation.models import Publication, SituationReport
from taishan.situation.situation_reports import Words
from tests.reporting.building import TODAY

EVENING = datetime(2020, 2, 12, 10, tzinfo=UTC)
"""18:00 in Wenzhou."""
WORDS = Words(epidemic="One fever at W1.\n\nIt is looked after.", next_steps="Chase W2.")
VERDICTS = [{"state": "shut", "word": {"en": "shut", "zh": "停工"}, "units": 2}]


def actor(account: Account) -> Actor:
    return access.viewer_for(account, TODAY).actor


def numbers(account: Account, unit: str = "W1", now: datetime = EVENING) -> Numbers:
    """Return the numbers of today as the account's person would take them."""
    viewer = access.viewer_for(account, TODAY)
    return freezing.take(viewer, history.get_version(unit, TODAY), TODAY, now, VERDICTS)


def draft_report(account: Account, unit: str = "W1", **more: Any) -> SituationReport:
    return situation_reports.draft(
        actor=actor(account), now=EVENING, unit_id=Unit.objects.get(code=unit).pk, day=TODAY,
        numbers=numbers(account, unit), words=WORDS, **more,
    )  # fmt: skip


def publish_report(
    cast: dict[str, Account], unit: str = "W1", now: datetime = EVENING, **more: Any
) -> Publication:
    """Return a report that the duty office wrote and published, and the unit head reviewed."""
    found = draft_report(cast["duty_office"], unit, **more)
    given: dict[str, Any] = {"now": now, "report": found, "edition": 1}
    situation_reports.submit(actor=actor(cast["duty_office"]), **given)
    situation_reports.review(actor=actor(cast["unit_head"]), **given)
    return situation_reports.publish(actor=actor(cast["duty_office"]), **given)
