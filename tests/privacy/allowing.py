"""Rules of disclosure and grounds for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from taishan.forms.models import Form
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.privacy import grounds, rules
from taishan.privacy.models import DisclosureRule, Ground
from tests import people

NOBODY = Viewer(account_id=0, person_id=None, name="test", grants=())
WHY = {"why_en": "To keep you and others well.", "why_zh": "保护您和他人的健康。"}


def health() -> Form:
    return Form.objects.get(code="daily_health")


def allow(
    unit: str, *, reader: str, role: str, kind: str = "within", viewer: Viewer = NOBODY, **more: Any
) -> DisclosureRule:
    """Let holders of a role at one unit read of another's people."""
    given: dict[str, Any] = {"starts": people.FOUNDED, "until": date(2020, 12, 31)} | more
    details = rules.Details(
        form=health(), reader=reader, role=role, kind=kind, ground="PIPL 13 (4)",
        decided_by="林建国", **given,
    )  # fmt: skip
    version = UnitVersion.objects.get(unit__code=unit, valid__contains=people.NOW.date())
    return rules.add(
        actor=people.ACTOR, now=people.NOW, viewer=viewer, version=version, details=details
    )


def ask_for_consent(country: str = "KH") -> Ground:
    """Make the daily report one that is asked by consent in a country."""
    return _ask(country, "consent", people.FOUNDED)


def ask_by_law(country: str, *, starts: date) -> Ground:
    """Make the daily report one that the law asks for in a country from a day on."""
    return _ask(country, "duty", starts)


def _ask(country: str, basis: str, starts: date) -> Ground:
    details = grounds.Details(
        form=health(), country=country, basis=basis, article="Constitution, article 40",
        starts=starts, **WHY,
    )  # fmt: skip
    return grounds.record(actor=people.ACTOR, now=people.NOW, details=details)
