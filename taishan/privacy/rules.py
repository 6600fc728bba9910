"""Letting officers elsewhere read the answers of a unit's people, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.core import disclosure
from taishan.core.disclosure import Place
from taishan.forms.models import Form
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Role, UnitVersion
from taishan.privacy.models import DisclosureEnd, DisclosureRule

LONGEST = timedelta(days=366)
"""Why somebody must read is asked again at least once a year."""


class RuleRefused(ValueError):
    """The rule cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Who may read: holders of ``role`` at the unit of code ``reader``.

    ``until`` is the first day on which it no longer holds; ``ground`` says why, by which article,
    ``decided_by`` who decided it.
    """

    form: Form
    reader: str
    role: str
    kind: str
    starts: date
    until: date
    ground: str
    decided_by: str


@transaction.atomic
def add(
    *, actor: Actor, now: datetime, viewer: Viewer, version: UnitVersion, details: Details
) -> DisclosureRule:
    """Record that the officers named may read of the unit's people and of all below it.

    Raises RuleRefused for a reader that is not open or holds none of it, a rule of the wrong kind,
    one that is too long, and one by which the viewer themselves would read.
    """
    reader = UnitVersion.objects.filter(
        unit__code=details.reader, valid__contains=details.starts
    ).first()
    if reader is None:
        raise RuleRefused(_("No unit %s is open on that day.") % details.reader)
    _refuse(viewer, version, reader, details)
    rule = DisclosureRule.objects.create(
        form=details.form, unit_id=version.unit_id, reader_id=reader.unit_id, role=details.role,
        kind=details.kind, starts=details.starts, until=details.until, ground=details.ground,
        decided_by=details.decided_by, recorded_at=now, recorded_by_id=actor.account_id,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="disclosure.allowed", subject=("disclosure", str(rule.pk)),
        unit_id=version.unit_id,
        data={
            "form": details.form.code, "reader": details.reader, "role": details.role,
            "kind": details.kind, "starts": str(details.starts), "until": str(details.until),
            "ground": details.ground, "decided_by": details.decided_by,
        },
    )  # fmt: skip
    return rule


def _refuse(viewer: Viewer, version: UnitVersion, reader: UnitVersion, details: Details) -> None:
    if not details.form.is_personal_health:
        raise RuleRefused(_("The form does not ask about anybody's health: no rule is needed."))
    if (details.role, reader.path) in viewer.grants:
        raise RuleRefused(_("Nobody lets themselves read: somebody else must decide this."))
    if details.until <= details.starts:
        raise RuleRefused(_("The last day lies before the first."))
    if details.until - details.starts > LONGEST:
        raise RuleRefused(_("A rule lasts a year at most; then it is decided anew."))
    needed = disclosure.reach(_place(reader), _place(version))
    if reader.unit_id == version.unit_id and details.role == Role.SAFETY_OFFICER:
        raise RuleRefused(_("The unit's own safety officer reads without a rule."))
    if details.kind == DisclosureRule.Kind.WITHIN and needed != details.kind:
        raise RuleRefused(
            _("The two units are in different countries: only a rule across the border opens it.")
        )


def _place(version: UnitVersion) -> Place:
    return Place(path=version.path, country=disclosure.country(version.place.code))


@transaction.atomic
def end(*, actor: Actor, now: datetime, rule: DisclosureRule, on: date, reason: str) -> None:
    """End a rule from a day on. Raises RuleRefused for one that has ended, or without a reason."""
    _one_at_a_time()
    if DisclosureEnd.objects.filter(rule=rule).exists() or on >= rule.until:
        raise RuleRefused(_("This rule has ended already."))
    if not reason:
        raise RuleRefused(_("Say why it ends."))
    DisclosureEnd.objects.create(
        rule=rule, on=on, reason=reason, recorded_at=now, recorded_by_id=actor.account_id
    )
    ledger.record(
        actor=actor, now=now, verb="disclosure.ended", subject=("disclosure", str(rule.pk)),
        unit_id=rule.unit_id, data={"on": str(on), "reason": reason},
    )  # fmt: skip


def _one_at_a_time() -> None:
    """Rules are only added to, so there is no row to lock, and a second end would be an error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('privacy.rules'))")


def find_about(version: UnitVersion) -> QuerySet[DisclosureRule]:
    """Return the rules by which the unit's people may be read about, ended or not, latest first."""
    above = [int(step) for step in version.path.split(".")]
    rows = DisclosureRule.objects.filter(unit_id__in=above)
    return rows.select_related("form", "unit", "reader", "end").order_by("-starts", "-pk")


def last_day(rule: DisclosureRule) -> date:
    """Return the last day on which the rule holds."""
    stop = getattr(rule, "end", None)
    return (min(rule.until, stop.on) if stop else rule.until) - timedelta(days=1)


def may_decide(viewer: Viewer, version: UnitVersion) -> bool:
    """Tell whether the viewer may decide who reads of the unit's people."""
    return viewer.may(Capability.DISCLOSE, version.path)
