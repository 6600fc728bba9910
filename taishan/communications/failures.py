"""Telling those whose it is to see to it that messages to an address did not go out."""

from __future__ import annotations

import contextlib
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from taishan.communications import actions, audiences
from taishan.communications.models import Address, News
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Role, RoleGrant, UnitVersion

SYSTEM = Actor(label="Taishan", door="job")


def report(*, address: Address, now: datetime, why: str, is_ours: bool) -> None:
    """Tell, in Taishan itself alone, that an address gets nothing; who was just told, not again.

    A robot's or a webhook's failure goes to the officers of its unit, or of the nearest above that
    has any; a letter's to its reader; where it is the mail server that fails, to the duty office.
    """
    ledger.record(
        actor=SYSTEM, now=now, verb="channel.failed", subject=("address", str(address.pk)),
        unit_id=address.unit_id, data={"why": why},
    )  # fmt: skip
    root = UnitVersion.objects.filter(parent=None, valid__contains=clock.today()).first()
    if is_ours and root is not None:
        people = _holders(root.path, (Role.DUTY_OFFICE,))
        _tell(root.unit_id, people, ("mail_server", ""), reverse("outbox:letters"), why, now)
    elif address.unit is not None:
        version = address.unit.versions.filter(valid__contains=clock.today()).first()
        people = _nearest_officers(version.path) if version else set()
        page = reverse("channels:of_unit", args=[address.unit.code])
        _tell(address.unit.pk, people, ("address", str(address.pk)), page, why, now)
    elif address.person_id is not None and root is not None:
        about = ("address", str(address.pk))
        _tell(root.unit_id, {address.person_id}, about, reverse("channels:mine"), why, now)


def _tell(
    unit_id: int, people: set[int], about: tuple[str, str], page: str, why: str, now: datetime
) -> None:
    said = {}
    for language, code in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(code):
            said[f"title_{language}"] = _("Messages of Taishan do not go out")
            said[f"text_{language}"] = (
                _("They were tried again for more than a day and are given up: %s") % why
            )
    with contextlib.suppress(actions.NoticeRefused):  # they were told within the hour
        actions.send(
            actor=SYSTEM, now=now, unit_id=unit_id, person_ids=people, words=actions.Words(**said),
            about=about, address=page, news=News.URGENT, is_inside_only=True,
        )  # fmt: skip


def _nearest_officers(path: str) -> set[int]:
    above = path.split(".")
    while above:
        people = _holders(".".join(above), audiences.OFFICERS)
        if people:
            return people
        above.pop()
    return set()


def _holders(path: str, roles: tuple[str, ...]) -> set[int]:
    """Return who holds one of the roles over just this unit."""
    grants = RoleGrant.objects.filter(
        role__in=roles, unit_id=int(path.rpartition(".")[2]), valid__contains=clock.today()
    )
    return set(grants.values_list("person_id", flat=True))
