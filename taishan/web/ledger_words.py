"""What the ledger's entries say, in words: one table of every verb, one of the kinds of records."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Any

from django.utils.translation import gettext_lazy as _

from taishan.organisation.models import Role


class Stage(StrEnum):
    """What an act is to the record it belongs to, in the order in which a story runs."""

    TOLD = auto()
    OPENED = auto()
    ACKNOWLEDGED = auto()
    OWED = auto()
    DID = auto()
    VERIFIED = auto()


STAGES: dict[Stage, Any] = {
    Stage.TOLD: _("told"),
    Stage.OPENED: _("opened"),
    Stage.ACKNOWLEDGED: _("acknowledged"),
    Stage.OWED: _("owed"),
    Stage.DID: _("did"),
    Stage.VERIFIED: _("verified"),
}

VERBS: dict[str, tuple[Stage, Any]] = {
    "account.invited": (Stage.TOLD, _("An account was offered to the person")),
    "account.opened": (Stage.ACKNOWLEDGED, _("The person opened their account")),
    "account.shut": (Stage.DID, _("The account was shut")),
    "answers.erased": (Stage.DID, _("Answers past their retention were erased")),
    "application.approved": (Stage.VERIFIED, _("An application was approved")),
    "application.confirmed": (Stage.VERIFIED, _("An approval was confirmed anew")),
    "application.drafted": (Stage.DID, _("An application to resume work was drafted")),
    "application.file_added": (Stage.DID, _("A paper was added to an application")),
    "application.forwarded": (Stage.DID, _("An application was forwarded to the level above")),
    "application.local_decision_recorded": (
        Stage.DID,
        _("The decision of the local authority was recorded"),
    ),
    "application.returned": (Stage.VERIFIED, _("An application was returned with a reason")),
    "application.revised": (Stage.DID, _("An application was revised")),
    "application.submitted": (Stage.DID, _("An application was submitted")),
    "application.suspended": (
        Stage.VERIFIED,
        _("An approval was suspended, since its facts turned"),
    ),
    "application.unlocked": (Stage.DID, _("What an approval rests on was unlocked with a reason")),
    "approval_rule.set": (Stage.OWED, _("It was ruled which level decides on applications")),
    "calendar.day_said": (Stage.DID, _("A day was said to be a holiday or a working day")),
    "campaign.closed": (Stage.DID, _("A campaign was closed with its report")),
    "campaign.entries_added": (Stage.OWED, _("Lines were added to the lists of a campaign")),
    "campaign.hazard_listed": (Stage.DID, _("A hazard was put on the list of a campaign")),
    "campaign.milestone_reached": (Stage.DID, _("A milestone of a campaign was reached")),
    "campaign.milestone_set": (Stage.OWED, _("A milestone of a campaign was set")),
    "campaign.opened": (Stage.TOLD, _("A campaign was opened")),
    "campaign.returned": (Stage.DID, _("A unit gave its monthly return in a campaign")),
    "campaign.target_set": (Stage.OWED, _("A target of a campaign was set")),
    "campaign_entry.done": (Stage.DID, _("A line of a campaign's list was said to be done")),
    "campaign_entry.returned": (
        Stage.VERIFIED,
        _("A line of a campaign's list was returned with a reason"),
    ),
    "campaign_entry.verified": (Stage.VERIFIED, _("A line of a campaign's list was verified")),
    "campaign_entry.withdrawn": (Stage.DID, _("A line of a campaign's list was withdrawn")),
    "case.closed": (Stage.VERIFIED, _("An accountability case was closed")),
    "case.explained": (Stage.DID, _("Whoever owed it explained themselves")),
    "case.found": (Stage.VERIFIED, _("It was found whether there was negligence")),
    "case.lapse_attached": (Stage.OWED, _("A lapse was attached to an accountability case")),
    "case.measured": (Stage.VERIFIED, _("A measure was taken in an accountability case")),
    "case.remarked": (Stage.DID, _("A remark was added to an accountability case")),
    "channel.added": (Stage.DID, _("A way of sending was added")),
    "channel.changed": (Stage.DID, _("A way of sending was changed")),
    "channel.confirmed": (Stage.ACKNOWLEDGED, _("An address was confirmed by its owner")),
    "channel.failed": (Stage.DID, _("A message could not be sent")),
    "channel.removed": (Stage.DID, _("A way of sending was removed")),
    "channel.tested": (Stage.DID, _("A way of sending was tested")),
    "client_token.made": (Stage.DID, _("A reporting app was let in")),
    "client_token.revoked": (Stage.DID, _("A reporting app was shut out")),
    "condition.attested": (Stage.DID, _("A condition was attested")),
    "condition.refuted": (Stage.VERIFIED, _("An attested condition was refuted")),
    "consent.given": (Stage.ACKNOWLEDGED, _("Consent was given")),
    "consent.withdrawn": (Stage.ACKNOWLEDGED, _("Consent was withdrawn")),
    "correction.accepted": (Stage.VERIFIED, _("A correction of a report was accepted")),
    "correction.refused": (Stage.VERIFIED, _("A correction of a report was refused")),
    "directive.acknowledged": (Stage.ACKNOWLEDGED, _("A directive was acknowledged")),
    "directive.asked_again": (
        Stage.TOLD,
        _("A directive asked again, since what it cites reads otherwise"),
    ),
    "directive.draft_discarded": (Stage.DID, _("The draft of a directive was discarded")),
    "directive.draft_revised": (Stage.DID, _("The draft of a directive was revised")),
    "directive.drafted": (Stage.DID, _("A directive was drafted")),
    "directive.issued": (Stage.TOLD, _("A directive was issued")),
    "directive.recalled": (Stage.DID, _("A directive was recalled")),
    "directive.version_begun": (Stage.DID, _("A new version of a directive was begun")),
    "disclosure.allowed": (Stage.DID, _("Reading health answers was allowed by a rule")),
    "disclosure.ended": (Stage.DID, _("A rule for reading health answers was ended")),
    "duties.escalated": (Stage.TOLD, _("Those concerned were told of what is owed")),
    "duty.assigned": (Stage.OWED, _("Something came to be owed")),
    "duty.discharged": (Stage.DID, _("What was owed was done")),
    "duty.extended": (Stage.DID, _("A later hour was given")),
    "duty.handed_over": (Stage.OWED, _("What is owed passed to somebody else")),
    "duty.missed": (Stage.DID, _("What was owed was missed")),
    "duty.waived": (Stage.VERIFIED, _("What was owed is asked for no longer")),
    "escalation.step_added": (Stage.OWED, _("A unit added whom to tell of what is owed")),
    "escalation.step_withdrawn": (Stage.DID, _("A unit no longer adds whom to tell")),
    "feed.made": (Stage.DID, _("A calendar address was made")),
    "feed.revoked": (Stage.DID, _("A calendar address was revoked")),
    "file.asked": (Stage.DID, _("A large file was asked for")),
    "follow_up.checked": (Stage.DID, _("A check of a followed-up person was recorded")),
    "follow_up.step_taken": (Stage.DID, _("A step of a follow-up was taken")),
    "follow_up_rule.set": (Stage.OWED, _("A rule of follow-up was set")),
    "follow_ups.opened": (Stage.OWED, _("Follow-ups were opened")),
    "form.file_added": (Stage.DID, _("A picture was added to a form")),
    "form.published": (Stage.TOLD, _("A version of a form was published")),
    "form.retired": (Stage.DID, _("A version of a form was retired")),
    "form.uploaded": (Stage.DID, _("A version of a form was uploaded")),
    "ground.recorded": (Stage.TOLD, _("The ground on which a form is asked was recorded")),
    "group.generated": (Stage.DID, _("An invented group was generated")),
    "group.seated": (Stage.OWED, _("Somebody joined the leadership group")),
    "group.unseated": (Stage.DID, _("Somebody left the leadership group")),
    "hazard.accept": (Stage.ACKNOWLEDGED, _("The rectification of a hazard was accepted")),
    "hazard.assign": (Stage.OWED, _("A hazard was assigned to a post")),
    "hazard.close": (Stage.VERIFIED, _("A major hazard was closed by the level that listed it")),
    "hazard.dismiss": (Stage.VERIFIED, _("What was reported was found to be no hazard")),
    "hazard.extend": (Stage.OWED, _("The rectification of a hazard was given more time")),
    "hazard.find": (Stage.DID, _("A hazard was reported")),
    "hazard.grade": (Stage.VERIFIED, _("A hazard was graded")),
    "hazard.merge": (Stage.VERIFIED, _("A report of a hazard was merged into another")),
    "hazard.return": (Stage.VERIFIED, _("A hazard was returned with a reason")),
    "hazard.submit": (Stage.DID, _("A hazard was handed in as put right")),
    "hazard.verify": (Stage.VERIFIED, _("It was verified that a hazard is put right")),
    "health.looked_at": (Stage.OPENED, _("Health answers were looked at")),
    "hours.recorded": (Stage.DID, _("Hours worked were recorded")),
    "incident.barrier_added": (Stage.DID, _("A barrier was added to an inquiry")),
    "incident.cause_added": (Stage.DID, _("A step of asking why was added to an inquiry")),
    "incident.closed": (Stage.VERIFIED, _("An incident was closed")),
    "incident.condition_answered": (
        Stage.VERIFIED,
        _("One of the four conditions of an incident was answered"),
    ),
    "incident.injury_recorded": (Stage.DID, _("What became of somebody hurt was recorded")),
    "incident.investigator_appointed": (
        Stage.OWED,
        _("Somebody was appointed to look into an incident"),
    ),
    "incident.lesson_shared": (Stage.TOLD, _("The lessons of an incident were told to units")),
    "incident.measure_added": (Stage.OWED, _("A measure was set after an incident")),
    "incident.moment_added": (Stage.DID, _("A point was added to what happened")),
    "incident.numbers_revised": (Stage.DID, _("The numbers of an incident were put right")),
    "incident.reported": (Stage.DID, _("An incident was reported")),
    "incident.told": (Stage.TOLD, _("An authority was told of an incident")),
    "incidents.imported": (Stage.DID, _("Incidents were imported")),
    "injured.erased": (Stage.DID, _("Who was hurt was erased past its retention")),
    "injured.looked_at": (Stage.OPENED, _("Who was hurt was looked at")),
    "inspection.hazard_made": (Stage.OWED, _("A failed item of an inspection was made a hazard")),
    "inspection.photos_added": (Stage.DID, _("Photos of an inspection came in")),
    "inspection.plan_ended": (Stage.DID, _("A plan of inspections was ended")),
    "inspection.plan_made": (Stage.OWED, _("Inspections of a unit were planned")),
    "inspection.point_visited": (Stage.DID, _("Somebody was at a point of a route")),
    "inspection.recorded": (Stage.DID, _("A unit was inspected")),
    "inspection.route_ended": (Stage.DID, _("A route of inspections was ended")),
    "inspection.route_made": (Stage.DID, _("A route of inspections was made")),
    "ledger.exported": (Stage.OPENED, _("Entries of the ledger were exported")),
    "ledger.looked_at": (Stage.OPENED, _("The ledger was looked at")),
    "line_list.kept": (Stage.DID, _("A list of people was taken over for a notice")),
    "matrix.imported": (Stage.OWED, _("What posts owe again and again was imported")),
    "measure.accepted": (Stage.VERIFIED, _("What was confirmed was accepted")),
    "measure.confirmed": (Stage.DID, _("A measure was confirmed as done, with evidence")),
    "measure.decomposed": (Stage.OWED, _("A measure was taken apart")),
    "measure.returned": (Stage.VERIFIED, _("What was confirmed was returned with a reason")),
    "measure.waived": (Stage.VERIFIED, _("A part of a measure is asked for no longer")),
    "meeting.attendance_corrected": (
        Stage.VERIFIED,
        _("Who was present at a meeting was corrected"),
    ),
    "meeting.attended": (Stage.ACKNOWLEDGED, _("Somebody was present at a meeting")),
    "meeting.called": (Stage.TOLD, _("A meeting was called")),
    "meeting.cancelled": (Stage.TOLD, _("A meeting that was called is not held")),
    "meeting.confirmed": (Stage.VERIFIED, _("The minutes of a meeting were confirmed")),
    "meeting.decided": (Stage.OWED, _("A meeting decided something")),
    "meeting.material_added": (Stage.DID, _("Material was added to a meeting")),
    "meeting.minuted": (Stage.DID, _("The minutes of a meeting were written")),
    "notice.again": (Stage.TOLD, _("A notice was sent again")),
    "notice.confirmed": (Stage.ACKNOWLEDGED, _("A notice was confirmed as read")),
    "notice.joined": (Stage.TOLD, _("A notice was sent to who joined")),
    "notice.opened": (Stage.OPENED, _("A notice was opened")),
    "notice.reminder": (Stage.TOLD, _("A notice reminded by itself")),
    "notice.sent": (Stage.TOLD, _("A notice was sent")),
    "people.import_asked": (Stage.DID, _("An import of people was asked for")),
    "people.imported": (Stage.DID, _("People were imported")),
    "person.hired": (Stage.DID, _("The person joined the unit")),
    "person.left": (Stage.DID, _("The person left")),
    "person.transferred": (Stage.DID, _("The person changed unit")),
    "places.imported": (Stage.DID, _("Places were imported")),
    "places.loaded": (Stage.DID, _("The standards' places were loaded")),
    "post.closed": (Stage.DID, _("A post was closed")),
    "post.held": (Stage.OWED, _("Somebody took up a post")),
    "post.kind_set": (Stage.DID, _("The kind of a post was set")),
    "post.opened": (Stage.DID, _("A post was opened")),
    "post.renamed": (Stage.DID, _("A post was renamed")),
    "post.vacated": (Stage.DID, _("A post fell vacant")),
    "posts.imported": (Stage.DID, _("Posts were imported")),
    "regulations.imported": (Stage.TOLD, _("A library of regulations was issued")),
    "reminder.asked": (Stage.DID, _("A reminder of many people was asked for")),
    "report.files_added": (Stage.DID, _("Files were added to a report")),
    "reports.accepted": (Stage.DID, _("Reports were accepted")),
    "risk_level.entered": (Stage.TOLD, _("A territory's risk level was entered")),
    "risk_level.withdrawn": (Stage.TOLD, _("A territory's risk level was withdrawn")),
    "risk_levels.graded": (Stage.TOLD, _("Territories were graded by their case counts")),
    "risk_levels.imported": (Stage.TOLD, _("Risk levels of territories were imported")),
    "role.granted": (Stage.OWED, _("A role was granted")),
    "role.revoked": (Stage.DID, _("A role was revoked")),
    "schedule.added": (Stage.OWED, _("A reporting schedule was added")),
    "schedule.changed": (Stage.OWED, _("A reporting schedule was changed")),
    "schedule.ended": (Stage.DID, _("A reporting schedule was ended")),
    "situation_report.drafted": (Stage.DID, _("A situation report was drafted")),
    "situation_report.numbers_renewed": (Stage.DID, _("The numbers were taken anew")),
    "situation_report.published": (Stage.TOLD, _("A situation report was published")),
    "situation_report.returned": (Stage.VERIFIED, _("The draft was returned with a reason")),
    "situation_report.reviewed": (Stage.VERIFIED, _("The draft was reviewed and found right")),
    "situation_report.revised": (Stage.DID, _("The words were revised")),
    "situation_report.submitted": (Stage.DID, _("The draft was submitted for review")),
    "stop.lifted": (Stage.VERIFIED, _("A stop of work was lifted")),
    "stop.lifting_asked": (Stage.DID, _("It was asked to lift a stop of work")),
    "stop.lifting_refused": (Stage.VERIFIED, _("Lifting a stop of work was refused")),
    "unit.changed": (Stage.DID, _("What is recorded of the unit was changed")),
    "unit.closed": (Stage.DID, _("The unit was closed")),
    "unit.moved": (Stage.DID, _("The unit was moved below another")),
    "unit.opened": (Stage.DID, _("The unit was opened")),
    "unit.split": (Stage.DID, _("The unit was split")),
    "units.imported": (Stage.DID, _("Units were imported")),
    "units.merged": (Stage.DID, _("Units were merged")),
    "verdicts.recorded": (Stage.DID, _("Changed verdicts were recorded")),
    "work.stopped": (Stage.DID, _("Work was stopped on grounds of safety")),
}
"""A test finds every verb that the code records here."""

KINDS: dict[str, Any] = {
    "account": _("account"),
    "address": _("way of sending"),
    "application": _("application to resume"),
    "approval_rule": _("rule of approval"),
    "attestation": _("attestation"),
    "calendar_day": _("day of the calendar"),
    "campaign": _("campaign"),
    "campaign_entry": _("line of a campaign's list"),
    "case": _("accountability case"),
    "client_token": _("reporting app"),
    "correction": _("correction"),
    "directive": _("directive"),
    "disclosure": _("rule for reading"),
    "duties": _("duties"),
    "duty": _("duty"),
    "escalation": _("round of reminders"),
    "escalation_step": _("step of reminding"),
    "file": _("my file"),
    "follow_up": _("follow-up"),
    "follow_up_rule": _("rule of follow-up"),
    "follow_ups": _("follow-ups"),
    "form": _("form"),
    "group": _("the group"),
    "hazard": _("hazard"),
    "import_run": _("import"),
    "incident": _("incident"),
    "incidents": _("incidents"),
    "inspection": _("inspection"),
    "inspection_plan": _("plan of inspections"),
    "inspection_route": _("route of inspections"),
    "library": _("library of regulations"),
    "line_list": _("list of people"),
    "look": _("look"),
    "matrix": _("duty matrix"),
    "meeting": _("meeting"),
    "notice": _("notice"),
    "people": _("roster"),
    "person": _("person"),
    "place": _("place"),
    "places": _("places"),
    "post": _("post"),
    "posts": _("posts"),
    "report": _("report"),
    "report_files": _("files of a report"),
    "reports": _("reports"),
    "schedule": _("schedule"),
    "site_inspection": _("inspection of a unit"),
    "situation_report": _("situation report"),
    "stop_work": _("stop of work"),
    "unit": _("Unit"),
    "units": _("units"),
    "verdicts": _("verdicts"),
    "worked_hours": _("hours worked"),
}


DOORS: dict[str, Any] = {
    "page": _("by a page"),
    "api": _("by another system"),
    "cli": _("by command"),
    "import": _("by a file"),
    "job": _("automatically"),
}


def sentence(verb: str) -> str:
    """Return what happened in words; the verb itself where it has none."""
    known = VERBS.get(verb)
    return str(known[1]) if known else verb


def stage(verb: str) -> Stage:
    return VERBS[verb][0] if verb in VERBS else Stage.DID


def door(name: str) -> str:
    return str(DOORS.get(name, name))


def post(names: str) -> str:
    """Return the roles in which somebody acted, in words."""
    roles = dict(Role.choices)
    return ", ".join(str(roles.get(name, name)) for name in names.split(",") if name)


def kind(name: str) -> str:
    """Return the word for a kind of records; the kind itself where it has none."""
    return str(KINDS.get(name, name))
