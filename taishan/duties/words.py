"""What duties are called, and why an act on one cannot be, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from taishan.core.duties import Refusal, State
from taishan.core.duty_matrix import Act
from taishan.core.duty_rights import Why

STATES = {
    State.PENDING: _("pending"),
    State.DUE_SOON: _("due soon"),
    State.OVERDUE: _("overdue"),
    State.ON_TIME: _("done on time"),
    State.LATE: _("done late"),
    State.WAIVED: _("waived"),
    State.MISSED: _("missed"),
}
KINDS = {
    "acknowledgement": _("acknowledgement"),
    "directive": _("measure of a directive"),
    "decision": _("decision of a meeting"),
    "post_duty": _("duty of a post"),
    "approval": _("approval"),
    "unit_return": _("return of a unit"),
    "explanation": _("explanation"),
    "campaign_return": _("monthly return of a campaign"),
    "campaign_entry": _("line of a campaign's list"),
    "campaign_milestone": _("milestone of a campaign"),
    "hazard_step": _("step with a hazard"),
    "rectification": _("rectification of a hazard"),
    "hazard_telling": _("telling of a major hazard"),
    "telling": _("telling an authority of an incident"),
    "incident_measure": _("measure after an incident"),
    "inspection": _("inspection"),
    "risk_check": _("check of a control measure"),
    "risk_review": _("reassessment of a risk point"),
}
REFUSALS = {
    Refusal.ENDED: _("This duty has ended already."),
    Refusal.LAPSED: _("The time in which this could be done is over: it stays missed."),
    Refusal.OVER_OPEN_CHILD: _("Something beneath it is still open: that comes first."),
    Refusal.IN_THE_FUTURE: _("What is yet to happen cannot be recorded as done."),
    Refusal.NO_LATER: _("An extension needs a later hour than the present one."),
    Refusal.OVERDUE: _("Its hour has passed: what is late stays late, and is extended no more."),
}

ACTS = {
    Act.THEMATIC_MEETING: _("done by the confirmed minutes of a thematic meeting one was at"),
    Act.GROUP_MEETING: _("done by the confirmed minutes of a leadership group one met with"),
    Act.STUDY_MEETING: _("done by the confirmed minutes of a study session one was at"),
    Act.INSPECTION: _("done by an inspection one makes"),
}


def say_why(why: Why, debtor: str) -> str:
    """Say why somebody may not do something with what ``debtor`` owes."""
    return {
        Why.ENDED: gettext("It has ended."),
        Why.OVERDUE: gettext("Its hour has passed: what is late stays late."),
        Why.OVER_OPEN_CHILD: gettext("Something beneath it is still open: that comes first."),
        Why.DONE_ELSEWHERE: gettext("It is done where it belongs, not by saying so here: %s")
        % debtor,
        Why.NOT_THE_DEBTOR: gettext("Only who owes it records that it is done: %s") % debtor,
        Why.NOT_THE_CREDITOR: gettext("Only who directs the unit it is owed to may do this."),
        Why.ONES_OWN: gettext("Nobody lets themselves off."),
        Why.OF_DOMAIN: gettext("It is given more time, passed on or ended where it is done."),
        Why.OF_LAW: gettext("Its hour is the law's: it is ended where it is done."),
        Why.NOT_OVER_THE_DEBTOR: gettext("Only who directs the unit that owes it may do this."),
    }[why]
