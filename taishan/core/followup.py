"""Following up a person whose report gives cause: the rules, the states, and what counts as missed.

Each rule is a scale of strictness: a unit may ask for more than the units above it, never for less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Cause(StrEnum):
    """What in a report opens a follow-up."""

    SYMPTOMS = "symptoms"
    """Unwell, or in hospital as a suspected or confirmed case."""
    FEVER = "fever"
    """A temperature at or above the rule's."""
    CONTACT = "contact"
    """Contact with a case in the last 14 days."""
    TRAVEL = "travel"
    """Elsewhere in the last 14 days: every arrival is then followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How people of a unit are followed up.

    Stricter: a lower temperature, more days apart, more checks a day, more causes.
    """

    temperature_c: Decimal
    quarantine_days: int
    checks_per_day: int
    causes: frozenset[Cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What one unit asks of itself and of all below it; None: nothing of its own."""

    temperature_c: Decimal | None = None
    quarantine_days: int | None = None
    checks_per_day: int | None = None
    causes: frozenset[Cause] | None = None


DEFAULT = Rule(
    temperature_c=Decimal("37.3"),
    quarantine_days=14,
    checks_per_day=2,
    causes=frozenset({Cause.SYMPTOMS, Cause.FEVER, Cause.CONTACT}),
)
"""What holds where nobody asks for more, and the least that anybody may ask for.

14 days: Chinese CDC, Guidelines for Investigation and Management of Close Contacts of COVID-19
Cases (doi 10.46234/ccdcw2020.084). Two checks: National Health Commission, guidelines on medical
observation at home of 5 February 2020 (morning and afternoon). 37.3 °C: what the daily report
counts as a fever.
"""


def tighten(rule: Rule, ask: Ask) -> Rule:
    """Return the rule with what is asked, where that is stricter."""
    return Rule(
        temperature_c=min(rule.temperature_c, _given(ask.temperature_c, rule.temperature_c)),
        quarantine_days=max(rule.quarantine_days, ask.quarantine_days or 0),
        checks_per_day=max(rule.checks_per_day, ask.checks_per_day or 0),
        causes=rule.causes | (ask.causes or frozenset()),
    )


def _given(asked: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if asked is None else asked


def effective(asks: Iterable[Ask]) -> Rule:
    """Return the strictest of what the units of a path ask, in whatever order; else DEFAULT."""
    rule = DEFAULT
    for ask in asks:
        rule = tighten(rule, ask)
    return rule


def looser(above: Rule, ask: Ask) -> tuple[str, ...]:
    """Return the names of what a unit asks that is looser than what holds above it."""
    tightened = tighten(above, ask)
    asked = {field.name: getattr(ask, field.name) for field in fields(ask)}
    return tuple(
        [
            name
            for name, value in asked.items()
            if value is not None and value != getattr(tightened, name)
        ]
    )


class State(StrEnum):
    """Where a follow-up stands."""

    OPENED = "opened"
    """A report gave cause; nobody has said yet what to do."""
    INSTRUCTED = "instructed"
    """The person has been told what to do."""
    QUARANTINED = "quarantined"
    """Quarantine is ordered, and lasts until somebody releases the person from it."""
    CONFIRMED = "confirmed"
    """The person is a confirmed case."""
    RECOVERED = "recovered"
    """No case any more; not back yet."""
    RELEASED = "released"
    """Nothing more is asked of the person."""
    BACK = "back"
    """At work on site again."""


ENDED = frozenset({State.RELEASED, State.BACK})
"""Who gives cause again from here on is followed up anew."""
APART = frozenset({State.QUARANTINED, State.CONFIRMED})
"""Who must not be on site."""


class Act(StrEnum):
    """What somebody does about it."""

    INSTRUCT = "instruct"
    ORDER = "order"
    CONFIRM = "confirm"
    RECOVER = "recover"
    RELEASE = "release"
    RETURN = "return"


TRANSITIONS: Mapping[State, Mapping[Act, State]] = {
    State.OPENED: {
        Act.INSTRUCT: State.INSTRUCTED,
        Act.ORDER: State.QUARANTINED,
        Act.CONFIRM: State.CONFIRMED,
        Act.RELEASE: State.RELEASED,
    },
    State.INSTRUCTED: {
        Act.INSTRUCT: State.INSTRUCTED,
        Act.ORDER: State.QUARANTINED,
        Act.CONFIRM: State.CONFIRMED,
        Act.RELEASE: State.RELEASED,
    },
    State.QUARANTINED: {
        Act.ORDER: State.QUARANTINED,
        Act.CONFIRM: State.CONFIRMED,
        Act.RELEASE: State.RELEASED,
    },
    State.CONFIRMED: {Act.RECOVER: State.RECOVERED},
    State.RECOVERED: {Act.ORDER: State.QUARANTINED, Act.RETURN: State.BACK},
    State.RELEASED: {Act.RETURN: State.BACK},
    State.BACK: {},
}
"""The only way from state to state. A quarantine ordered again replaces the one before it."""


def may_return(state: State) -> bool:
    """Tell whether a person may be recorded as back on site from here."""
    return Act.RETURN in TRANSITIONS[state]


def suggests_return(
    state: State, *, since: datetime, reported_at: datetime, is_well_on_site: bool,
    is_followed_anew: bool,
) -> bool:  # fmt: skip
    """Tell whether somebody's latest report suggests that they are back on site.

    ``since`` is the instant of their release or recovery: what they said before it says nothing of
    the time after. Who is followed up anew is not back. A suggestion changes no state.
    """
    return may_return(state) and is_well_on_site and reported_at > since and not is_followed_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Apart on every day of ``starts <= day < ends``, checked so many times on each."""

    starts: date
    ends: date
    checks_per_day: int

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days

    def number(self, day: date) -> int:
        """Return which day of it a day is, the first being 1; 0 or less before it begins."""
        return (day - self.starts).days + 1

    def is_over(self, day: date) -> bool:
        return day >= self.ends

    def missed(self, done: Mapping[date, int], since: date, today: date) -> tuple[date, ...]:
        """Return the days with fewer checks than ordered, of those that are over by ``today``.

        ``done``: checks by day; ``since``: the day of the order, before which nobody could know.
        """
        first, end = max(self.starts, since), min(self.ends, today)
        days = [first + timedelta(days=n) for n in range((end - first).days)]
        return tuple([day for day in days if done.get(day, 0) < self.checks_per_day])


class Refusal(StrEnum):
    """Why something cannot be done."""

    NOT_FROM_HERE = "not_from_here"
    TOO_SHORT = "too_short"
    NOT_OVER = "not_over"


class StepRefused(ValueError):
    """The step is not possible; the message is a Refusal."""


def step(
    state: State, act: Act, *, day: date, rule: Rule, quarantine: Quarantine | None = None
) -> State:
    """Return the state after an act on a day.

    ``quarantine`` is the one that lasts, or with ORDER the new one. Raises StepRefused.
    """
    after = TRANSITIONS[state].get(act)
    if after is None:
        raise StepRefused(Refusal.NOT_FROM_HERE)
    if quarantine is None:
        return after
    if act is Act.ORDER and quarantine.days < rule.quarantine_days:
        raise StepRefused(Refusal.TOO_SHORT)
    if act is Act.RELEASE and state is State.QUARANTINED and not quarantine.is_over(day):
        raise StepRefused(Refusal.NOT_OVER)
    return after
