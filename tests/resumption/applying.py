"""Applications for tests, by the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from taishan.core.approvals import Act, State
from taishan.core.gate import Permission
from taishan.duties.models import Duty
from taishan.kit import attachments
from taishan.organisation import access
from taishan.organisation import queries as units
from taishan.organisation.access import Viewer
from taishan.organisation.models import Account, Unit
from taishan.organisation.queries import UnitOnDay
from taishan.regulations import actions as regulations
from taishan.regulations import schemas
from taishan.resumption import (
    actions,
    application_standing,
    application_steps,
    applications,
    deciding,
    queries,
)
from taishan.resumption.applications import LocalPaper, Planned
from taishan.resumption.models import (
    Application,
    ApplicationFile,
    Attestation,
    LocalDecision,
    Step,
    Submission,
)
from tests import people
from tests.pictures import png

DAY = people.NOW.date()
RULES = """
format: taishan-library/1
library: group
title: {en: Group, zh: 集团}
regulations:
- id: hq-2020-01-28
  authority: unit:HQ
  issuer: {en: Headquarters, zh: 总部}
  title: {en: What a unit shows, zh: 复工条件}
  issued: 2020-01-28
  confidence: A
  clauses:
  - id: "1"
    require: {type: attest, condition: prevention_plan}
    text: {en: A plan., zh: 方案。}
  - id: "2"
    require: {type: filing, mode: approval, to: "unit:HQ"}
    text: {en: Headquarters approves., zh: 总部批准。}
"""


def rules(text: str = RULES) -> None:
    """Let the group ask for a plan and for the approval of headquarters."""
    library = schemas.parse(text, "group.yaml")
    regulations.import_library(actor=people.ACTOR, now=people.NOW, library=library)


def plan(**changes: Any) -> Planned:
    given: dict[str, Any] = {
        "starts_on": DAY, "principle": "Health first", "pace": "A tenth a day",
        "who_first": "Maintenance", "phases": ({"day": "2020-02-12", "persons": 10, "who": "A"},),
    }  # fmt: skip
    return Planned(**(given | changes))


def viewer(account: Account) -> Viewer:
    return access.viewer_for(account, DAY)


def unit_of(code: str, account: Account, day: date = DAY) -> UnitOnDay:
    return queries.find_units(viewer(account), day, codes=[code])[0]


def draft(account: Account, code: str = "W1", **more: Any) -> Application:
    given = {"plan": plan()} | more
    return applications.draft(
        actor=viewer(account).actor, now=people.NOW, unit_id=Unit.objects.get(code=code).pk, **given
    )


def submit(
    account: Account, application: Application, now: datetime = people.NOW
) -> Submission:  # fmt: skip
    return applications.submit(
        actor=viewer(account).actor, now=now, application=application, seen=seen(application),
        unit=unit_of(application.unit.code, account),
    )  # fmt: skip


def seen(application: Application) -> int:
    last = application_steps.find_last(application)
    return last.number if last else 0


def decide(
    account: Account, application: Application, act: Act = Act.APPROVE, now: datetime = people.NOW,
    **more: Any,
) -> Step:  # fmt: skip
    given = {"seen": seen(application), "reason": "Looked at it"} | more
    return deciding.decide(
        actor=viewer(account).actor, now=now, application=application, act=act, **given
    )


def approved(cast: dict[str, Account], code: str = "W1") -> Application:
    """An application of the unit's safety officer that headquarters approved."""
    application = draft(cast["safety_officer"], code)
    submit(cast["safety_officer"], application)
    decide(cast["duty_office"], application)
    return application


def handed_in_with_papers(
    cast: dict[str, Account],
) -> tuple[Application, ApplicationFile, LocalDecision]:
    """An application of W1 that lies with headquarters, with a file and a paper of the place."""
    application = draft(cast["safety_officer"])
    picture = attachments.inspect("plan.png", png())
    given: dict[str, Any] = {
        "actor": viewer(cast["safety_officer"]).actor, "now": people.NOW, "application": application
    }  # fmt: skip
    kept = applications.add_file(**given, file=picture)
    paper = LocalPaper(kind="filed", authority="Wenzhou", number="17", on=DAY, file=picture)
    local = applications.record_local(**given, paper=paper)
    submit(cast["safety_officer"], application)
    return application, kept, local


def attest(
    code: str = "W1", condition: str = "attest:prevention_plan", starts: date = people.FOUNDED,
    ends: date | None = None, amount: float = 1,
) -> Attestation:  # fmt: skip
    return actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code=code).pk,
        condition=condition, amount=amount, starts=starts, ends=ends, evidence="seen",
    )  # fmt: skip


def state(cast: dict[str, Account], application: Application, now: datetime = people.NOW) -> State:
    path = units.get_last_version(application.unit_id).path
    found = application_standing.get_standing(viewer(cast["duty_office"]), application, path, now)
    return found.state


def gate(cast: dict[str, Account], code: str = "W1", day: date = DAY) -> Permission:
    units = queries.find_units(viewer(cast["inspector"]), DAY, codes=[code])
    return queries.find_verdicts(units, day)[0].verdict.state


def open_duties() -> list[tuple[str, str]]:
    return list(
        Duty.objects.filter(ended=None, kind="approval").values_list("unit__code", "subject_id")
    )
