"""Risk points for tests, by the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from taishan.kit import attachments
from taishan.organisation import history, posts
from taishan.organisation.models import Account, Post
from taishan.safety import risk_checks, risk_method_files, risk_methods, risk_queries, risks
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskCheck, RiskMeasure, RiskMethod, RiskPoint
from taishan.safety.risks import Control, Found, Scored
from tests import people
from tests.safety.building import PNG, viewer

SHIPPED = Path(risk_method_files.__file__).parent / "libraries" / "risk-methods.yaml"
REASSESS = date(2020, 8, 12)
SCORES = {"L": 3.0, "E": 6.0, "C": 7.0}
ITEMS = ("wall ties", "acceptance tag")


def method(code: str = "lec-cn") -> RiskMethod:
    """A shipped way of grading, recorded for the group."""
    if not RiskMethod.objects.exists():
        risk_methods.import_library(
            actor=people.ACTOR, now=people.NOW, on=people.FOUNDED,
            library=risk_method_files.parse(SHIPPED.read_bytes(), SHIPPED.name),
        )  # fmt: skip
    return RiskMethod.objects.get(code=code)


def scored(scores: dict[str, float] | None = None, **more: Any) -> Scored:
    given: dict[str, Any] = {"method": method(), "reassess_on": REASSESS, "reason": "seen"}
    return Scored(scores=scores or SCORES, **(given | more))


def point(
    account: Account, unit: str = "W1", now: datetime = people.NOW, code: str = "R-1",
    scores: dict[str, float] | None = None, **more: Any,
) -> RiskPoint:  # fmt: skip
    given = {"name": "Scaffold 脚手架", "kind": "equipment", "area": "Block B", "harm": "collapse"}
    return risks.enter(
        actor=viewer(account).actor, now=now, version=history.get_version(unit, now.date()),
        found=Found(code=code, **(given | more)), scored=scored(scores),
    )  # fmt: skip


def post(account: Account, unit: str = "W1", code: str = "W1-F") -> Post:
    """A post of a unit, held by the account's person."""
    found = posts.open_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, unit=unit, code=code,
        title_en="Foreman", title_zh="工长",
    )  # fmt: skip
    assert account.person is not None
    posts.hold_post(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, person=account.person, post=found
    )
    return found


def measure(
    account: Account, of: RiskPoint, by: Post, now: datetime = people.NOW, **more: Any
) -> RiskMeasure:
    given: dict[str, Any] = {
        "kind": "administrative", "text": "Used only once accepted", "post": by, "items": ITEMS,
        "rule": "FREQ=DAILY",
    }  # fmt: skip
    return risks.add_measure(
        actor=viewer(account).actor, now=now, point=of, control=Control(**(given | more)),
        on=now.date(),
    )  # fmt: skip


def checked(account: Account) -> RiskCheck:
    """A check with a photo of a measure at a risk point of W1, in order."""
    of = measure(account, point(account), post(account))
    row, _hazard = risk_checks.check(
        actor=viewer(account).actor, now=people.NOW, measure=of, failed=(),
        photo=attachments.inspect("seen.png", PNG),
    )  # fmt: skip
    return row


def standing(of: RiskPoint) -> risk_queries.Standing:
    return risk_queries.find_standings([RiskPoint.objects.get(pk=of.pk)])[0]


def failed(account: Account, of: RiskMeasure) -> Hazard:
    _row, hazard = risk_checks.check(
        actor=viewer(account).actor, now=people.NOW, measure=of, failed=ITEMS[:1], note="Two gone"
    )
    assert hazard is not None
    return hazard
