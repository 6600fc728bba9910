"""The demo's hazards: thirty of the weeks before 12 February 2020, in every state of the loop."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from taishan.cli import demo_pictures
from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Account, Post
    from taishan.safety.hazard_models import Hazard

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FOUNDED = date(2020, 1, 1)
ROWS = Path(__file__).parent / "demo_group" / "hazards.csv"
FITTERS = {"PP2": "D5"}
"""Who puts things right where it is somebody whom the demo lets one sign in as."""
STEPS = ("found", "graded", "assigned", "rectifying", "submitted", "verified", "closed")
"""How far a row's hazard has come; ``returned`` is rectifying again, after it was handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who acts at a unit: the officer who handles its hazards, and who puts them right."""

    officer: Viewer
    fitter: Viewer
    post: Post


def fill(office: Account, actor: Actor, now: datetime) -> dict[str, Crew]:
    """Report each row's hazard at its day and take it as far as the row says; return who acted."""
    from taishan.organisation import access
    from taishan.safety import hazard_criteria, hazard_criteria_files

    hazard_criteria.import_library(
        actor=actor, now=now, library=hazard_criteria_files.parse_shipped()
    )
    headquarters = access.viewer_for(office, now.date())
    with ROWS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    crews = {code: _crew(actor, now, code) for code in {row["unit"] for row in rows}}
    made: dict[str, Hazard] = {}
    for row in sorted(rows, key=lambda row: -int(row["days_ago"])):
        made[row["row"]] = _tell(row, crews[row["unit"]], headquarters, now, made)
    return crews


def _crew(actor: Actor, now: datetime, code: str) -> Crew:
    from taishan.organisation import access, actions, posts
    from taishan.organisation.models import Account, Person, RoleGrant

    given: dict[str, Any] = {"actor": actor, "now": now, "on": FOUNDED}
    person = Person.objects.get(staff_no=FITTERS.get(code, f"{code}-05"))
    post = posts.open_post(
        **given, unit=code, code=f"{code}-P9", title_en="Foreman of electrical and mechanical work",
        title_zh="机电班长",
    )  # fmt: skip
    posts.hold_post(**given, person=person, post=post)
    fitter = Account.objects.filter(person=person).first() or actions.grant_role(
        **given, staff_no=person.staff_no, role="employee", unit=code
    )
    grants = RoleGrant.objects.filter(unit__code=code, role="safety_officer").order_by("pk")
    officer = Account.objects.get(person_id=grants[0].person_id)
    day = now.date()
    return Crew(
        officer=access.viewer_for(officer, day), fitter=access.viewer_for(fitter, day), post=post
    )


def _tell(
    row: dict[str, str], crew: Crew, office: Viewer, now: datetime, made: dict[str, Hazard]
) -> Hazard:
    """Report one row's hazard and take its steps, some hours apart and none in the future."""
    from taishan.organisation import history
    from taishan.safety import hazard_reports, hazards
    from taishan.safety.hazard_reports import Report, Seen

    began = datetime(now.year, now.month, now.day, tzinfo=UTC) - int(row["days_ago"]) * DAY
    found, _code = hazard_reports.report(Report(
        actor=None if row["anonymous"] else crew.fitter.actor, now=began,
        version=history.get_version(row["unit"], began.date()), key=uuid4(),
        seen=Seen(
            text=row["text"], looks=int(row["looks"]), area=row["area"],
            photos=[demo_pictures.before(row["picture"])] if row["picture"] else [],
        ),
    ))  # fmt: skip
    if row["state"] == "dismissed":
        return hazards.dismiss(
            viewer=crew.officer, now=began + HOUR, hazard=found, reason=row["reason"]
        )
    if row["state"] == "merged":
        return hazards.merge(
            viewer=crew.officer, now=began + HOUR, hazard=found, into=made[row["into"]],
            reason=row["reason"],
        )  # fmt: skip
    return work(row, crew, office, found, began)


def work(row: dict[str, str], crew: Crew, office: Viewer, found: Hazard, at: datetime) -> Hazard:
    """Take a hazard that was found at an instant as far as its row says."""
    from taishan.core.hazards import Plan
    from taishan.safety import hazards

    far = STEPS.index("submitted" if row["state"] == "returned" else row["state"])
    fitter: dict[str, Any] = {"viewer": crew.fitter, "hazard": found}
    officer: dict[str, Any] = {"viewer": crew.officer, "hazard": found}
    if far >= 1:
        found = hazards.grade(
            **officer, now=at + 2 * HOUR, criterion=row["criterion"], cause=row["cause"]
        )
    if far >= 2:
        plan = Plan(
            post_id=crew.post.pk, measures=row["measures"], money_cny=Decimal(row["money"]),
            due_at=at + int(row["days"]) * DAY + 10 * HOUR, contingency=row["contingency"],
        )  # fmt: skip
        found = hazards.assign(**officer, now=at + 3 * HOUR, plan=plan)
    if far >= 3:
        found = hazards.accept(**fitter, now=at + 4 * HOUR)
    if far >= 4:
        photo = demo_pictures.after(row["picture"] or "floor")
        found = hazards.submit(
            **fitter, now=at + 20 * HOUR, evidence="已按措施整改 Done as planned", photos=[photo]
        )
    if row["state"] == "returned":
        return hazards.give_back(**officer, now=at + 22 * HOUR, reason=row["reason"])
    if far >= 5:
        found = hazards.verify(**officer, now=at + 23 * HOUR, reason="现场查看 Seen on site")
    if far >= 6 and found.ended_at is None:
        found = hazards.close(
            viewer=office, hazard=found, now=at + 30 * HOUR, reason="资料齐全 Papers complete"
        )
    return found
