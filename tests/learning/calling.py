"""A small meeting, for tests."""

from __future__ import annotations

from datetime import timedelta

from taishan.learning import meetings
from taishan.learning.meetings import Call
from taishan.learning.models import Meeting
from taishan.organisation.models import Account, Person
from tests.communications.directing import unit_id
from tests.people import ACTOR, NOW

HOUR = timedelta(hours=1)


def call(cast: dict[str, Account], unit: str = "W1", **more: object) -> Meeting:
    """A meeting of W1 in an hour, chaired by its head, its safety officer invited."""
    values: dict[str, object] = {
        "kind": "thematic", "title_en": "Return to work", "title_zh": "复工专题会",
        "starts_at": NOW + HOUR, "place": "Room 3", "chair_id": cast["unit_head"].person_id,
        "agenda": ("Masks", "Who returns"), "person_ids": (cast["safety_officer"].person_id,),
    } | more  # fmt: skip
    return meetings.call(
        actor=ACTOR,
        now=NOW,
        unit_id=unit_id(unit),
        to=Call(**values),  # type: ignore[arg-type]
    )


def person(staff_no: str) -> Person:
    return Person.objects.get(staff_no=staff_no)
