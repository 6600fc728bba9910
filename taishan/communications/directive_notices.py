"""What the heads and safety officers of addressed units are told of a directive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from taishan.communications import actions as notices
from taishan.communications.actions import Words
from taishan.communications.audiences import OFFICERS
from taishan.communications.models import Directive, DirectiveVersion, News
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation.models import RoleGrant


def tell(*, actor: Actor, now: datetime, directive: Directive, version: DirectiveVersion) -> None:
    """Tell the heads and safety officers of the addressed units of a version.

    A unit without any of them still owes what is asked: its line in the list shows it.
    """
    officers = find_officers(list(version.units.values_list("pk", flat=True)), now)
    if officers:
        notices.send(
            actor=actor, now=now, unit_id=directive.unit_id, person_ids=officers,
            words=_news(version), about=("directive_version", str(version.pk)),
            address=reverse("directives:directive", args=[directive.pk]), news=News.DUTY,
        )  # fmt: skip


def find_officers(unit_ids: Iterable[int], now: datetime) -> set[int]:
    """Return the ids of the people who are head or safety officer of one of the units."""
    grants = RoleGrant.objects.filter(
        unit_id__in=list(unit_ids), role__in=OFFICERS, valid__contains=clock.day_at(now)
    )
    return set(grants.values_list("person_id", flat=True))


def _news(version: DirectiveVersion) -> Words:
    again_en = f" (version {version.number})" if version.number > 1 else ""
    again_zh = f"（第{version.number}版）" if version.number > 1 else ""
    return Words(
        title_en=f"Directive{again_en}: {version.title_en}"[:120],
        title_zh=f"部署{again_zh}：{version.title_zh}"[:120],
        text_en="A directive was issued to your unit. Read it, acknowledge it where that is asked, "
        "and see what is to be done by when.",
        text_zh="上级向贵单位下发了部署。请阅读，按要求确认知悉，并查看各项措施及时限。",
    )


def reminder(version: DirectiveVersion) -> Words:
    """Return what a unit is told that has not acknowledged it."""
    return Words(
        title_en=f"Still to acknowledge: {version.title_en}"[:120],
        title_zh=f"尚未确认知悉：{version.title_zh}"[:120],
        text_en="Your unit has not acknowledged this directive yet.",
        text_zh="贵单位尚未确认知悉该部署。",
    )
