"""A small directive, for tests."""

from __future__ import annotations

from datetime import timedelta

from taishan.communications import directives
from taishan.communications.directive_content import MeasureWanted
from taishan.communications.models import Directive, Measure
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.organisation.models import Account, Unit
from tests.people import ACTOR, NOW

DAY = timedelta(days=1)
MASKS = MeasureWanted(
    what_en="Have masks for ten days", what_zh="备足十天口罩", due_at=NOW + 5 * DAY,
    needs_evidence=True,
)  # fmt: skip
LIST = MeasureWanted(
    what_en="List who returns from Hubei", what_zh="登记湖北返岗人员", due_at=NOW + 3 * DAY
)


def unit_id(code: str) -> int:
    return Unit.objects.get(code=code).pk


def acting(account: Account) -> Actor:
    return Actor(label=account.username, account_id=account.pk, person_id=account.person_id)


def draft(*units: str, **more: object) -> Directive:
    """A draft of headquarters to the units (W1), but for what is given."""
    values: dict[str, object] = {
        "title_en": "Masks and return to work", "title_zh": "口罩与复工",
        "text_en": "Return in batches.", "text_zh": "分批返岗。", "measures": (MASKS, LIST),
    }  # fmt: skip
    return directives.draft(
        actor=ACTOR, now=NOW, unit_id=unit_id("HQ"),
        unit_ids=[unit_id(code) for code in units or ("W1",)], **values | more,
    )  # type: ignore[arg-type] # fmt: skip


def issued(*units: str, **more: object) -> Directive:
    """The same, issued."""
    directive = draft(*units, **more)
    directives.issue(actor=ACTOR, now=NOW, directive_id=directive.pk)
    return directive


def measure(directive: Directive, wanted: MeasureWanted = MASKS) -> Measure:
    return directive.measures.get(what_en=wanted.what_en)


def owed(directive: Directive, unit: str, wanted: MeasureWanted = MASKS) -> Duty:
    """What a unit owes of a measure, as it stands now."""
    return Duty.objects.get(
        subject_kind="measure", subject_id=str(measure(directive, wanted).pk), unit__code=unit,
        post=None,
    )  # fmt: skip
