"""How people are followed up in each unit: what holds there, and asking for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from taishan.core import followup
from taishan.core.followup import Ask, Cause, Rule
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import UnitVersion
from taishan.reporting.follow_up_models import FollowUpRule


class RuleRefused(ValueError):
    """The rule cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds for a unit: by all above it, and with what it asks itself (None: nothing yet)."""

    above: Rule
    own: FollowUpRule | None
    rule: Rule


class Rules:
    """The rules of the whole group, in memory: a row a unit that asks for something of its own."""

    def __init__(self, rows: Iterable[FollowUpRule]) -> None:
        self._asks: Mapping[str, Ask] = {str(row.unit_id): ask_of(row) for row in rows}
        self._found: dict[str, Rule] = {}

    def find(self, path: str) -> Rule:
        """Return the rule of a unit at ``path``: the strictest on it."""
        asking = ".".join(step for step in path.split(".") if step in self._asks)
        if asking not in self._found:
            self._found[asking] = followup.effective(self._along(asking))
        return self._found[asking]

    def _along(self, path: str) -> Iterator[Ask]:
        return (self._asks[step] for step in path.split(".") if step)


def load() -> Rules:
    """Return the rules that hold now. One query."""
    return Rules(_latest())


def _latest() -> Iterable[FollowUpRule]:
    return FollowUpRule.objects.order_by("unit_id", "-pk").distinct("unit_id")


def ask_of(row: FollowUpRule) -> Ask:
    """Return a recorded rule as the core thinks of it."""
    return Ask(
        temperature_c=row.temperature_c,
        quarantine_days=row.quarantine_days,
        checks_per_day=row.checks_per_day,
        causes=None if row.causes is None else frozenset(Cause(one) for one in row.causes),
    )


def get_standing(version: UnitVersion) -> Standing:
    """Return what holds for a unit, and what of it is its own."""
    rows = {str(row.unit_id): row for row in _latest()}
    rules = Rules(rows.values())
    own = rows.get(str(version.unit_id))
    above = rules.find(version.path.rpartition(".")[0])
    return Standing(above=above, own=own, rule=rules.find(version.path))


@transaction.atomic
def set_rule(*, actor: Actor, now: datetime, version: UnitVersion, ask: Ask) -> FollowUpRule:
    """Record what a unit asks of itself and of all below it, in place of what it asked before.

    Raises RuleRefused where it asks for less than what holds above it.
    """
    _one_at_a_time()
    above = get_standing(version).above
    loosened = followup.looser(above, ask)
    if loosened:
        raise RuleRefused(_refusal(above, loosened))
    rule = FollowUpRule.objects.create(
        unit_id=version.unit_id,
        temperature_c=ask.temperature_c,
        quarantine_days=ask.quarantine_days,
        checks_per_day=ask.checks_per_day,
        causes=None if ask.causes is None else sorted(ask.causes),
        set_at=now,
        set_by=actor.label,
    )
    ledger.record(
        actor=actor, now=now, verb="follow_up_rule.set", subject=("follow_up_rule", str(rule.pk)),
        unit_id=version.unit_id,
        data={
            "temperature_c": None if ask.temperature_c is None else str(ask.temperature_c),
            "quarantine_days": ask.quarantine_days,
            "checks_per_day": ask.checks_per_day,
            "causes": rule.causes,
        },
    )  # fmt: skip
    return rule


def _one_at_a_time() -> None:
    """A unit above could become stricter between the look at it and the row written here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reporting.follow_up_rules'))")


def _refusal(above: Rule, loosened: Iterable[str]) -> str:
    needed = [in_words(above)[name] for name in loosened]
    return _("A unit may only ask for more than the units above it. Above it holds: %s.") % (
        "; ".join(needed)
    )


def in_words(rule: Rule) -> dict[str, str]:
    """Say what a rule asks, part by part."""
    return {
        "temperature_c": _("a follow-up from %(t)s °C on") % {"t": rule.temperature_c},
        "quarantine_days": _("at least %(n)d days of quarantine") % {"n": rule.quarantine_days},
        "checks_per_day": _("%(n)d checks a day") % {"n": rule.checks_per_day},
        "causes": _("a follow-up is opened by: %s")
        % ", ".join(cause_word(one) for one in sorted(rule.causes)),
    }


def cause_word(cause: str) -> str:
    """Say what in a report opens a follow-up."""
    return {
        Cause.SYMPTOMS: _("symptoms"),
        Cause.FEVER: _("fever"),
        Cause.CONTACT: _("contact with a case"),
        Cause.TRAVEL: _("having been elsewhere in the last 14 days"),
    }[Cause(cause)]
