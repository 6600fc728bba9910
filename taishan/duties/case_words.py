"""What is said of accountability cases and escalation, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taishan.core.accountability import Act, Bar, Finding, Measure, Stage
from taishan.core.escalation import Hours, To

STAGES = {
    Stage.EXPLANATION: _("the explanation is awaited"),
    Stage.FINDING: _("a finding is due"),
    Stage.MEASURE: _("a measure is due"),
    Stage.CLOSURE: _("its closure is due"),
    Stage.CLOSED: _("case closed"),
}
NEXT = {
    Stage.FINDING: _("The discipline office says whether it was negligence."),
    Stage.MEASURE: _("The discipline office says what follows."),
    Stage.CLOSURE: _("The discipline office closes it, from another line of command."),
    Stage.CLOSED: _("A closed case stays closed."),
}
NOT_NOW = {
    Stage.EXPLANATION: _("Nobody is judged unheard: the time to explain still runs."),
    Stage.FINDING: _("That cannot be done now: first a finding, and an explanation is given once."),
    Stage.MEASURE: _("That cannot be done now: negligence was found, and a measure is due."),
    Stage.CLOSURE: _(
        "That cannot be done now: somebody decided this already, the case is to be closed."
    ),
    Stage.CLOSED: _("This case is closed, and stays so."),
}
ACTS = {
    Act.EXPLAINED: _("Explained"),
    Act.REMARKED: _("Remark"),
    Act.FOUND: _("Finding"),
    Act.MEASURED: _("Measure"),
    Act.CLOSED: _("Case closed"),
}
FINDINGS = {
    Finding.NEGLIGENT: _("negligence"),
    Finding.NOT_NEGLIGENT: _("no negligence"),
}
MEASURES = {
    Measure.NONE: _("none"),
    Measure.TALK: _("admonishing talk"),
    Measure.CRITICISM: _("criticism in a circular"),
    Measure.WARNING: _("warning"),
    Measure.REMOVAL_PROPOSED: _("removal from the post proposed"),
    Measure.TRANSFERRED: _("transferred to the authorities"),
}
BARS = {
    Bar.IS_DEBTOR: _("You answer in this case yourself: somebody else judges it."),
    Bar.IN_UNIT: _("You work in the unit that owed, or below it: somebody from outside judges it."),
    Bar.DIRECTS_DEBTOR: _(
        "You issue orders to the unit that owed: somebody of another line judges it."
    ),
    Bar.DIRECTS_CREDITOR: _(
        "You issue orders for the unit it was owed to: somebody of another line judges it."
    ),
}
TO = {
    To.DEBTOR: _("who owes"),
    To.DEPUTY: _("the deputies"),
    To.SUPERIOR: _("who is above"),
    To.CREDITOR: _("whom it is owed to"),
    To.INSPECTOR: _("the inspectors"),
}
HOURS = {
    Hours.AT_ONCE: _("at once, at any hour"),
    Hours.WAKING: _("from 07:00 to 22:00"),
    Hours.WORKING: _("from 07:00 to 22:00 of working days"),
}
STEPS = {
    "soon": _("before its hour"),
    "due": _("at its hour"),
    "again": _("again, while it is overdue"),
    "owed": _("to those above and those it is owed to"),
    "inspected": _("to inspection"),
    "lapse": _("that it was missed"),
    "added": _("a step of the unit's own"),
}
"""By the codes of ``core/escalation``."""
