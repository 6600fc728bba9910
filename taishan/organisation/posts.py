"""Posts of units, and who holds them. Every action is one transaction with its ledger line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, staffing
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Person, Post, PostHolding


@transaction.atomic
def open_post(
    *, actor: Actor, now: datetime, on: date, code: str, unit: str, title_en: str, title_zh: str,
    kind: str = "",
) -> Post:  # fmt: skip
    """Open a post in a unit from a day, until the unit closes. Raises OrganisationRefused."""
    at = history.get_version(unit, on)
    history.refuse_code(code)
    if Post.objects.filter(code=code).exists():
        raise OrganisationRefused(_("post %s exists already") % code)
    valid = DateRange(on, history.closes(at.unit_id))
    post = Post.objects.create(
        code=code, unit_id=at.unit_id, title_en=title_en, title_zh=title_zh, kind=kind, valid=valid
    )
    _record(actor, now, "post.opened", post, on)
    return post


@transaction.atomic
def rename_post(
    *, actor: Actor, now: datetime, on: date, post: Post, title_en: str, title_zh: str
) -> None:
    """Call a post otherwise, over all its days: a name is no history."""
    post.title_en, post.title_zh = title_en, title_zh
    post.save(update_fields=["title_en", "title_zh"])
    _record(actor, now, "post.renamed", post, on)


@transaction.atomic
def set_kind(*, actor: Actor, now: datetime, on: date, post: Post, kind: str) -> None:
    """Say what kind of post it is, over all its days; what it owes from here on goes by that."""
    post.kind = kind
    post.save(update_fields=["kind"])
    _record(actor, now, "post.kind_set", post, on, kind=kind)


@transaction.atomic
def hold_post(*, actor: Actor, now: datetime, on: date, person: Person, post: Post) -> None:
    """Give a post to a person from a day; whoever held it before holds it no longer.

    Raises OrganisationRefused on a day without the post.
    """
    _refuse_outside(post, on)
    staffing.end(PostHolding, Q(post=post), on)
    PostHolding.objects.create(post=post, person=person, valid=DateRange(on, post.valid.upper))
    _record(actor, now, "post.held", post, on, person_id=person.pk)


@transaction.atomic
def vacate_post(*, actor: Actor, now: datetime, on: date, post: Post) -> None:
    """Let nobody hold the post from a day. Raises OrganisationRefused on a day without it."""
    _refuse_outside(post, on)
    staffing.end(PostHolding, Q(post=post), on)
    _record(actor, now, "post.vacated", post, on)


@transaction.atomic
def close_post(*, actor: Actor, now: datetime, on: date, post: Post) -> None:
    """End a post on a day, with who holds it. Raises OrganisationRefused on a day without it."""
    _refuse_outside(post, on)
    if on == post.valid.lower:
        raise OrganisationRefused(_("post %s would end before its first day") % post.code)
    staffing.end(PostHolding, Q(post=post), on)
    staffing.end(Post, Q(pk=post.pk), on)
    _record(actor, now, "post.closed", post, on)


def _refuse_outside(post: Post, on: date) -> None:
    if on not in post.valid:
        raise OrganisationRefused(
            _("there is no post %(post)s on %(day)s") % {"post": post.code, "day": on}
        )


def _record(actor: Actor, now: datetime, verb: str, post: Post, on: date, **more: Any) -> None:
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("post", post.code), unit_id=post.unit_id,
        data={"on": str(on), **more},
    )  # fmt: skip
