"""Stop-works for tests, by the same actions as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from taishan.kit import attachments
from taishan.organisation import access, history
from taishan.organisation import actions as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import Account
from taishan.safety import actions
from taishan.safety.models import LiftingAnswer, LiftingRequest, StopWork
from tests import people
from tests.pictures import png

PNG = png()


def viewer(account: Account, now: datetime = people.NOW) -> Viewer:
    return access.viewer_for(account, now.date())


def granted(staff_no: str, name: str, role: str = "duty_office", unit: str = "HQ") -> Account:
    """The account of a person with one more role: in headquarters' duty office, or as given."""
    return organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=staff_no, name=name,
        role=role, unit=unit,
    )  # fmt: skip


def stop(
    account: Account, unit: str = "W1", now: datetime = people.NOW, **more: Any
) -> StopWork:  # fmt: skip
    given = {"ground": "Gas smells in hall 3"} | more
    return actions.stop_work(
        actor=viewer(account).actor, now=now, version=history.get_version(unit, now.date()), **given
    )


def ask(account: Account, stop: StopWork, now: datetime = people.NOW) -> LiftingRequest:
    return actions.ask_lifting(
        actor=viewer(account).actor, now=now, stop=stop, evidence="The valve was changed"
    )


def lift(account: Account, request: LiftingRequest, now: datetime = people.NOW) -> LiftingAnswer:
    who = viewer(account)
    return actions.lift(
        actor=who.actor, viewer=who, now=now, request=request, reason="Measured: no gas"
    )


def asked_to_be_lifted() -> StopWork:
    """A stop at W1 with its photo, and a request by the test itself with a file."""
    given: dict[str, Any] = {"actor": people.ACTOR, "now": people.NOW}
    found = actions.stop_work(
        **given, version=history.get_version("W1", people.FOUNDED), ground="Gas",
        photo=attachments.inspect("seen.png", PNG),
    )  # fmt: skip
    actions.ask_lifting(
        **given, stop=found, evidence="Aired", file=attachments.inspect("aired.png", PNG)
    )
    return found
