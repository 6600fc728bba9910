"""What duties are called, and why an act on one cannot be, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taishan.core.duties import Refusal, State

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
}
REFUSALS = {
    Refusal.ENDED: _("This duty has ended already."),
    Refusal.LAPSED: _("The time in which this could be done is over: it stays missed."),
    Refusal.OVER_OPEN_CHILD: _("Something beneath it is still open: that comes first."),
    Refusal.IN_THE_FUTURE: _("What is yet to happen cannot be recorded as done."),
    Refusal.NO_LATER: _("An extension needs a later hour than the present one."),
    Refusal.OVERDUE: _("Its hour has passed: what is late stays late, and is extended no more."),
}
