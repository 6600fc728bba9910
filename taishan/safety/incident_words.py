"""Incidents as people read them: grades, grounds, refusals, the banner, the story, the rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from taishan.core.accountability import Bar
from taishan.core.incidents import Grade, Grading, Lack, Numbers
from taishan.organisation import queries as organisation
from taishan.organisation.models import Unit
from taishan.safety.incident_models import Incident, Revision, Stage
from taishan.safety.investigation_models import Closing, Lesson

SHOWN_UNITS = 20
GRADES = {
    Grade.ORDINARY: gettext_lazy("ordinary accident"),
    Grade.LARGER: gettext_lazy("larger accident"),
    Grade.MAJOR: gettext_lazy("major accident"),
    Grade.GRAVEST: gettext_lazy("especially major accident"),
}
TONES = {Grade.ORDINARY: "note", Grade.LARGER: "warn", Grade.MAJOR: "bad", Grade.GRAVEST: "bad"}
MEASURES = {
    "deaths": gettext_lazy("dead"),
    "serious": gettext_lazy("badly hurt"),
    "light": gettext_lazy("otherwise hurt"),
    "missing": gettext_lazy("missing"),
    "loss_yuan": gettext_lazy("direct loss, yuan"),
    "hospitalised": gettext_lazy("admitted to hospital"),
    "amputations": gettext_lazy("amputations"),
    "eyes_lost": gettext_lazy("eyes lost"),
}
BARS = {
    Bar.IS_DEBTOR: gettext_lazy("%(who)s answers for it."),
    Bar.IN_UNIT: gettext_lazy("%(who)s works in the unit or below it: the team is from elsewhere."),
    Bar.DIRECTS_DEBTOR: gettext_lazy(
        "%(who)s directs the unit: the team is of another line of command."
    ),
    Bar.DIRECTS_CREDITOR: gettext_lazy("%(who)s directs whom it is owed to."),
}
LACKS = {
    Lack.NO_TEAM: gettext_lazy("Nobody from another line has looked into it."),
    Lack.NO_TIMELINE: gettext_lazy("What happened when has not been written down."),
    Lack.NO_ROOT_CAUSE: gettext_lazy("No root cause has been found."),
    Lack.NO_MEASURE: gettext_lazy("No measure has been set."),
    Lack.OPEN_MEASURES: gettext_lazy("A measure is still open."),
    Lack.OPEN_TELLINGS: gettext_lazy("An authority is still to be told, with proof."),
    Lack.NO_LESSON: gettext_lazy("Units with the same risk have not been told what to learn."),
    Lack.NO_ANSWER: gettext_lazy("One of the four conditions has no answer yet."),
}
RATES = {
    "ltifr": (
        gettext_lazy("LTIFR, lost-time injury frequency"),
        gettext_lazy("people dead or away from work for a day or more × 1,000,000 ÷ hours worked"),
    ),
    "trir": (
        gettext_lazy("TRIR, total recordable rate"),
        gettext_lazy("people dead, away, on restricted work or treated by a doctor × 200,000 ÷ "
                     "hours worked"),
    ),
    "dart": (
        gettext_lazy("DART, away, restricted or transferred"),
        gettext_lazy("people away or on restricted work × 200,000 ÷ hours worked"),
    ),
    "severity": (
        gettext_lazy("Severity rate"),
        gettext_lazy("days lost (those charged by GB 6441-86, appendix B, where it charges any; "
                     "6,000 for each death) × 1,000,000 ÷ hours worked"),
    ),
    "fatal": (
        gettext_lazy("Fatal injury rate"),
        gettext_lazy("deaths × 200,000,000 ÷ hours worked: for 100,000 people in full time"),
    ),
    "deaths_per_1000": (
        gettext_lazy("Deaths per 1,000 people"),
        gettext_lazy("deaths × 1,000 ÷ average number of people"),
    ),
    "incidence": (
        gettext_lazy("Incidence rate of the ILO"),
        gettext_lazy("people dead or away for a day or more × 1,000 ÷ average number of people"),
    ),
}  # fmt: skip


def grade(code: str) -> str:
    """Return the words for a grade; for none, that the table does not speak of it."""
    return str(GRADES[Grade(code)]) if code else _("not graded")


def counted(numbers: Numbers) -> str:
    """Say how many are dead, hurt and missing; empty for nobody."""
    parts = [
        (numbers.deaths, ngettext("%d dead", "%d dead", numbers.deaths)),
        (numbers.serious, ngettext("%d badly hurt", "%d badly hurt", numbers.serious)),
        (numbers.light, ngettext("%d otherwise hurt", "%d otherwise hurt", numbers.light)),
        (numbers.missing, ngettext("%d missing", "%d missing", numbers.missing)),
    ]
    return ", ".join(words % number for number, words in parts if number)


def headline(incident: Incident) -> str:
    """Say in numbers what happened where: never in the words of who reported it."""
    version = organisation.get_last_version(incident.unit_id)
    said = _("%(kind)s at %(unit)s") % {
        "kind": capitalised(incident.get_kind_display()), "unit": version.name,
    }  # fmt: skip
    people = counted(incident.numbers)
    return _("%(what)s: %(people)s") % {"what": said, "people": people} if people else said


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def grounds(grading: Grading) -> str:
    """Say by what an incident has its grade."""
    return "; ".join(
        _("%(value)s %(measure)s, from %(floor)s on")
        % {
            "value": number_format(one.value, force_grouping=True),
            "measure": MEASURES[one.measure],
            "floor": number_format(one.floor, force_grouping=True),
        }
        for one in grading.grounds
    )


def local(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "Y-m-d H:i")


def banner(
    incident: Incident, lacks: list[Lack], *, acts: str, late: int, due: str
) -> dict[str, str]:
    """Return the callout of an incident. ``acts``: what the viewer may do next, or why not they;
    ``due``: when the next telling is, empty for none.
    """
    if incident.stage == Stage.CLOSED and not (late or due):
        return {"tone": "good", "title": _("Incident closed"), "text": "", "next": ""}
    title = capitalised(str(Stage(incident.stage).label))
    if late:
        text = ngettext(
            "%d telling is overdue.", "%d tellings are overdue.", late
        ) % late  # fmt: skip
    elif due:
        text = _("An authority is to be told until %s.") % due
    else:
        text = " ".join(str(LACKS[one]) for one in lacks[:2])
    is_grave = incident.grade in {Grade.MAJOR, Grade.GRAVEST} or incident.deaths
    tone = "bad" if late or is_grave else "warn"
    return {"tone": tone, "title": title, "text": text, "next": acts}


def story(incident: Incident, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what was done about an incident, the latest first, for a timeline."""
    return [
        {
            "when": local(at, zone), "iso": at.isoformat(), "title": title, "text": text,
            "who": by.person.name if by and by.person else "",
        }
        for at, title, text, by in sorted(_events(incident), key=lambda one: one[0], reverse=True)
    ]  # fmt: skip


def _events(incident: Incident) -> Iterator[tuple[datetime, str, str, Any]]:
    closing, before = Closing.objects.filter(incident=incident).first(), None
    closed_at = closing.at if closing else None
    for one in incident.revisions.select_related("by__person").order_by("number"):
        said = _joined(*_said_anew(one, before), counted(one.numbers), one.note)
        yield one.at, _title(one, closed_at), said, one.by
        before = one
    for telling in incident.tellings.exclude(proof=None).select_related("proof__by__person"):
        told = telling.proof
        title = pgettext("an authority", "Told: %s") % told.whom
        yield told.told_at, title, _joined(told.how, told.receipt), told.by
    for waived in incident.tellings.exclude(waiver=None).select_related("waiver__by__person"):
        yield waived.waiver.at, _("No longer to be told"), waived.waiver.reason, waived.waiver.by
    for member in incident.investigators.select_related("person", "by__person"):
        yield member.at, _("Appointed: %s") % member.person.name, "", member.by
    for measure in incident.measures.select_related("unit", "by__person"):
        yield measure.at, _("Measure for %s") % measure.unit.code, measure.text, measure.by
    for answer in incident.answers.select_related("by__person"):
        yield answer.at, answer.get_condition_display(), answer.text, answer.by
    for lesson in incident.lessons.select_related("by__person"):
        title = ngettext("Lessons told to %d unit", "Lessons told to %d units", lesson.units)
        yield lesson.at, title % lesson.units, _joined(_unled(lesson), lesson.text), lesson.by
    for closing in Closing.objects.filter(incident=incident).select_related("by__person"):
        yield closing.at, _("Incident closed"), closing.text, closing.by


def _title(revision: Revision, closed_at: datetime | None) -> str:
    if revision.number == 1:
        return _("Reported")
    is_after = closed_at is not None and revision.at > closed_at
    return _("Numbers put right after the closing") if is_after else _("Numbers put right")


def _said_anew(revision: Revision, before: Revision | None) -> Iterator[str]:
    """Say what it is where another thing was said before."""
    if before and before.kind != revision.kind:
        yield revision.get_kind_display()
    if before and before.is_road_traffic != revision.is_road_traffic:
        yield _("road traffic") if revision.is_road_traffic else _("no road traffic")


def _unled(lesson: Lesson) -> str:
    """Say which units nobody was told of, because nobody leads them; the first of many."""
    if not lesson.unled:
        return ""
    rows = Unit.objects.filter(pk__in=lesson.unled).order_by("code")[:SHOWN_UNITS]
    codes = ", ".join(rows.values_list("code", flat=True))
    more = ", …" if len(lesson.unled) > SHOWN_UNITS else ""
    said = ngettext("%(n)d unit has nobody to tell: %(codes)s",
                    "%(n)d units have nobody to tell: %(codes)s", len(lesson.unled))  # fmt: skip
    return said % {"n": len(lesson.unled), "codes": codes + more}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
