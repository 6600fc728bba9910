"""Who works where and answers for what: memberships, posts and leadership groups in time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DateField, F, Func, Model, Q, Value
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import outbox, pinyin
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, withdrawals
from taishan.organisation.models import (
    Account,
    Membership,
    Person,
    Post,
    PostHolding,
    RoleGrant,
    Seat,
    ShiftWorker,
)

PERIODS: tuple[type[Model], ...] = (Membership, Seat, RoleGrant)


@transaction.atomic
def hire(*, actor: Actor, now: datetime, on: date, staff_no: str, name: str, unit: str) -> Person:
    """Record a person of a unit from a day. Raises OrganisationRefused for one in a unit."""
    at = history.get_version(unit, on)
    person, _is_new = Person.objects.get_or_create(
        staff_no=staff_no, defaults={"name": name, "sort_name": pinyin.sort_key(name)}
    )
    _join(person, at.unit_id, on)
    _record(actor, now, "person.hired", person, at.unit_id, on)
    return person


@transaction.atomic
def transfer(*, actor: Actor, now: datetime, on: date, person: Person, unit: str) -> None:
    """Move a person to another unit from a day; roles and seats are not taken along."""
    at = history.get_version(unit, on)
    end(Membership, Q(person=person), on)
    _join(person, at.unit_id, on)
    _record(actor, now, "person.transferred", person, at.unit_id, on)
    outbox.publish("person.transferred", person_id=person.pk)


@transaction.atomic
def leave(*, actor: Actor, now: datetime, on: date, person: Person) -> None:
    """End a person's membership, posts, seats, roles and shift on a day."""
    held: tuple[type[Model], ...] = (*PERIODS, PostHolding, ShiftWorker)
    for model in held:
        end(model, Q(person=person), on)
    _record(actor, now, "person.left", person, None, on)
    outbox.publish("person.left", person_id=person.pk)


@transaction.atomic
def seat(*, actor: Actor, now: datetime, on: date, person: Person, unit: str, role: str) -> None:
    """Seat a person in a unit's leadership group from a day; a new lead follows the old one."""
    at = history.get_version(unit, on)
    end(Seat, Q(unit_id=at.unit_id, person=person), on)
    if role == Seat.Role.LEAD:
        end(Seat, Q(unit_id=at.unit_id, role=role), on)
    valid = DateRange(on, history.closes(at.unit_id))
    Seat.objects.create(unit_id=at.unit_id, person=person, role=role, valid=valid)
    _record(actor, now, "group.seated", person, at.unit_id, on, role=role)


@transaction.atomic
def unseat(*, actor: Actor, now: datetime, on: date, person: Person, unit: str) -> None:
    """End a person's seat in a unit's leadership group on a day."""
    at = history.get_version(unit, on)
    end(Seat, Q(unit_id=at.unit_id, person=person), on)
    _record(actor, now, "group.unseated", person, at.unit_id, on)


@transaction.atomic
def revoke_role(
    *, actor: Actor, now: datetime, on: date, person: Person, role: str, unit: str
) -> None:
    """End a role of a person over a unit on a day. Raises OrganisationRefused for none."""
    at = Q(unit__code=unit, person=person, role=role)
    grant = RoleGrant.objects.filter(at, valid__overlap=DateRange(on, None)).first()
    if grant is None:
        raise history.OrganisationRefused(
            _("%(person)s has no such role over %(unit)s on or after %(day)s")
            % {"person": person.staff_no, "unit": unit, "day": on}
        )
    end(RoleGrant, at, on)
    _record(actor, now, "role.revoked", person, grant.unit_id, on, role=role)


def give_account(staff_no: str, name: str = "") -> tuple[Person, Account]:
    """Return the person and their account, opened where there is none; no password opens it yet.

    Raises OrganisationRefused for an unknown person without a name, or an account that is shut.
    """
    person = Person.objects.filter(staff_no=staff_no).first()
    if person is None and not name:
        raise history.OrganisationRefused(
            _("Nobody has the staff number “%s”: give their name too.") % staff_no
        )
    if person is None:
        history.refuse_code(staff_no)
        person = Person.objects.create(
            staff_no=staff_no, name=name, sort_name=pinyin.sort_key(name)
        )
    account, is_new = Account.objects.get_or_create(person=person, defaults={"username": staff_no})
    if not account.is_active:
        raise history.OrganisationRefused(_("The account of %s is shut.") % staff_no)
    if is_new:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return person, account


@transaction.atomic
def shut_account(*, actor: Actor, now: datetime, staff_no: str) -> None:
    """Let nobody come in by a person's account any more. Raises OrganisationRefused for none."""
    account = Account.objects.filter(person__staff_no=staff_no, is_active=True)
    found = account.select_related("person").first()
    if found is None or found.person is None:
        raise history.OrganisationRefused(_("%s has no account that is open.") % staff_no)
    withdrawals.withdraw(account)
    account.update(is_active=False)
    ledger.record(
        actor=actor, now=now, verb="account.shut", subject=("person", str(found.person.pk))
    )


def add_grant(person: Person, role: str, unit_id: int, valid: DateRange) -> None:
    """Record a role. Raises OrganisationRefused where it is held on one of the days already."""
    try:
        with transaction.atomic():
            RoleGrant.objects.create(person=person, role=role, unit_id=unit_id, valid=valid)
    except IntegrityError:
        raise history.OrganisationRefused(
            _("%s has this role there on some of those days already") % person.staff_no
        ) from None


def end_all(unit_id: int, on: date) -> None:
    """End all that people have in a unit that closes: they stay on record until the day."""
    for model in PERIODS:
        end(model, Q(unit_id=unit_id), on)
    end(PostHolding, Q(post__unit_id=unit_id), on)
    end(ShiftWorker, Q(shift__unit_id=unit_id), on)
    end(Post, Q(unit_id=unit_id), on)


def carry_members(from_id: int, to_id: int, on: date) -> int:
    """Let everybody of one unit be of another from a day; return how many.

    Who is to come or to leave later comes or leaves on that day all the same.
    """
    rows = Membership.objects.filter(unit_id=from_id, valid__overlap=DateRange(on, None))
    members = list(rows.values_list("person_id", "valid"))
    end(Membership, Q(unit_id=from_id), on)
    Membership.objects.bulk_create(
        [
            Membership(
                person_id=person, unit_id=to_id, valid=DateRange(max(valid.lower, on), valid.upper)
            )
            for person, valid in members
        ],
        batch_size=5000,
    )
    return len(members)


def _join(person: Person, unit_id: int, on: date) -> None:
    try:
        with transaction.atomic():
            valid = DateRange(on, history.closes(unit_id))
            Membership.objects.create(person=person, unit_id=unit_id, valid=valid)
    except IntegrityError:
        raise history.OrganisationRefused(
            _("%(person)s is in a unit already on or after %(day)s: transfer them instead")
            % {"person": person.staff_no, "day": on}
        ) from None


def end(model: type[Model], which: Q, on: date) -> None:
    """End periods before the day; those that would begin on it or later were never there."""
    rows = model._default_manager.filter(which)  # noqa: SLF001 - Django's documented API
    if model is RoleGrant:
        ended = rows.filter(valid__overlap=DateRange(on, None))
        withdrawals.withdraw(Account.objects.filter(person__in=ended.values("person")))
    rows.filter(valid__startswith__gte=on).delete()
    rows.filter(valid__contains=on).update(
        valid=Func(
            Func(F("valid"), function="lower"),
            Value(on, output_field=DateField()),
            function="daterange",
        )
    )


def _record(
    actor: Actor, now: datetime, verb: str, person: Person, unit_id: int | None, on: date,
    **more: Any,
) -> None:  # fmt: skip
    ledger.record(
        actor=actor,
        now=now,
        verb=verb,
        subject=("person", str(person.pk)),
        unit_id=unit_id,
        data={"on": str(on), **more},
    )
