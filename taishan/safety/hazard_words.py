"""Hazards as people read them: grades, states, steps, and why one cannot be taken."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from taishan.core.hazards import Act, Bar, Cause, Grade, Part, State

GRADES = {Grade.GENERAL: _("general hazard"), Grade.MAJOR: _("major hazard")}
CAUSES = {
    Cause.ELECTRICAL: _("electricity"),
    Cause.FIRE: _("fire"),
    Cause.DUST: _("dust explosion"),
    Cause.CHEMICALS: _("hazardous chemicals"),
    Cause.CONFINED: _("confined space"),
    Cause.HEIGHT: _("working at height"),
    Cause.LIFTING: _("lifting"),
    Cause.MACHINERY: _("machinery"),
    Cause.PRESSURE: _("pressure vessels and boilers"),
    Cause.COLLAPSE: _("collapse"),
    Cause.CONSTRUCTION: _("building site"),
    Cause.TRAFFIC: _("traffic"),
    Cause.SLIPS: _("slips, trips and falling objects"),
    Cause.HEALTH: _("occupational health"),
    Cause.FOOD: _("food"),
    Cause.EPIDEMIC: _("epidemic"),
    Cause.WEATHER: _("weather and natural forces"),
    Cause.MANAGEMENT: _("management"),
    Cause.OTHER: _("other"),
}
STATES = {
    State.FOUND: _("to be graded"),
    State.GRADED: _("to be assigned"),
    State.ASSIGNED: _("to be accepted"),
    State.RECTIFYING: _("being put right"),
    State.SUBMITTED: _("to be verified"),
    State.VERIFIED: _("to be closed by the level that listed it"),
    State.CLOSED: _("put right and closed"),
    State.DISMISSED: _("no hazard"),
    State.MERGED: _("merged into another"),
}
NEXT = {
    State.FOUND: _("Whoever handles the hazards of the unit grades it."),
    State.GRADED: _("Whoever handles the hazards of the unit assigns it."),
    State.ASSIGNED: _("The responsible post accepts it, or says why not: %s."),
    State.RECTIFYING: _("The responsible post puts it right: %s."),
    State.SUBMITTED: _("Somebody who did not put it right verifies it."),
    State.VERIFIED: _("The level that listed it closes it."),
}
"""Who acts next; ``%s`` is the responsible post."""
ACTS = {
    Act.FIND: _("found"),
    Act.GRADE: _("graded"),
    Act.DISMISS: _("dismissed"),
    Act.MERGE: _("merged"),
    Act.ASSIGN: _("assigned"),
    Act.ACCEPT: _("taken on"),
    Act.EXTEND: _("extended"),
    Act.SUBMIT: _("handed in as put right"),
    Act.VERIFY: _("verified"),
    Act.RETURN: _("returned"),
    Act.CLOSE: _("closed by the level that listed it"),
}
PARTS = {
    Part.POST: _("the responsible post"),
    Part.MEASURES: _("the measures"),
    Part.MONEY: _("the money (0 is an answer)"),
    Part.DEADLINE: _("the deadline"),
    Part.CONTINGENCY: _("the contingency plan"),
}
BARS = {
    Bar.NOT_NOW: _("This step does not follow from the state it is in."),
    Bar.NOT_THE_MANAGER: _("Only who handles the hazards of this unit does this."),
    Bar.NOT_RESPONSIBLE: _("Only whoever holds the responsible post does this."),
    Bar.IS_RECTIFIER: _(
        "Who put it right neither verifies it nor gives it more time, nor merges it, nor grades "
        "anew what was handed in."
    ),
    Bar.NOT_THE_LISTER: _(
        "Only the level that listed a major hazard extends it, closes it, grades it as less, or "
        "merges it into a lesser one."
    ),
    Bar.HOLDS_GRADED: _("A hazard that was graded goes on in it: grade it too."),
    Bar.NO_REASON: _("Say why, or what you have seen."),
    Bar.NO_EVIDENCE: _("Show by a photo that it is put right."),
    Bar.CHANGED: _("It has changed meanwhile: look at it once more."),
    Bar.INCOMPLETE: _("Not assigned before all five are there; missing: %s."),
    Bar.PAST: _("The deadline must lie ahead."),
    Bar.NO_LATER: _("An extension needs a later hour than the present one."),
    Bar.OVERDUE: _("Its hour has passed: what is late stays late, and is extended no more."),
}


def say_why(bars: Iterable[Bar], missing: Iterable[Part] = ()) -> str:
    """Say why a step cannot be taken, in the language of the page."""
    parts = ", ".join(str(PARTS[part]) for part in missing)
    return " ".join(str(BARS[bar]).replace("%s", parts) for bar in bars)
