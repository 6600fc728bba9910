"""What the pages of accountability cases show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from taishan.core import accountability
from taishan.core.accountability import Act, Finding, Measure, Stage
from taishan.core.duties import State
from taishan.core.escalation import To
from taishan.duties import case_forms, case_queries, case_words, cases, words
from taishan.duties.case_models import Case, CaseAct
from taishan.duties.case_queries import Facts
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion

TONES = {Stage.EXPLANATION: "note", Stage.CLOSED: "good"}


def row(case: Case, version: UnitVersion, now: datetime) -> dict[str, Any]:
    """Return a line of the list of cases."""
    stage = cases.find_stage(case, now)
    return {
        "case": case,
        "debtor": debtor(case),
        "unit": version,
        "stage": case_words.STAGES[stage],
        "tone": tone(stage),
        "opened": _local(case.opened_at, version),
        "until": _local(case.hear_until, version) if stage is Stage.EXPLANATION else "",
    }


def tone(stage: Stage) -> str:
    return TONES.get(stage, "warn")


def debtor(case: Case) -> str:
    """Return who answers in a case, or nothing for the unit itself."""
    parts = [case.person.name if case.person else "", case.post.title if case.post else ""]
    return " · ".join(part for part in parts if part)


def page(case: Case, version: UnitVersion, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Return what the page of one case shows: the same to all who may see it, but for the acts."""
    record = cases.get_record(case)
    stage = accountability.find_stage(record, now)
    may_judge = viewer.may(Capability.HOLD_TO_ACCOUNT, version.path)
    bars = cases.find_bars(viewer, case, now) if may_judge else []
    is_mine = cases.is_debtor(viewer, case)
    next_words = _next(case, version, stage)
    if may_judge and bars and stage not in (Stage.EXPLANATION, Stage.CLOSED):
        next_words = str(case_words.BARS[bars[0]])
    return {
        "case": case,
        "version": version,
        "debtor": debtor(case),
        "is_mine": is_mine,
        "banner": {
            "title": case_words.STAGES[stage], "tone": tone(stage), "next": next_words,
            "text": _judged(case),
        },
        "facts": [_facts(one, version) for one in case_queries.find_facts(case)],
        "story": [_act(act, version) for act in case.acts.order_by("pk")],
        "may_explain": is_mine and accountability.may(Act.EXPLAINED, record, now),
        "forms": _forms(stage, is_heard=is_mine or may_judge, judges=may_judge and not bars),
    }  # fmt: skip


def _next(case: Case, version: UnitVersion, stage: Stage) -> str:
    if stage is Stage.EXPLANATION:
        until = _local(case.hear_until, version)
        return _("Whoever owed explains until %(until)s; nobody judges before.") % {"until": until}
    return str(case_words.NEXT[stage])


def _judged(case: Case) -> str:
    said = [
        *(case_words.FINDINGS[Finding(act.finding)] for act in case.acts.all() if act.finding),
        *(case_words.MEASURES[Measure(act.measure)] for act in case.acts.all() if act.measure),
    ]
    return " · ".join(map(str, said))


def _forms(stage: Stage, *, is_heard: bool, judges: bool) -> list[dict[str, Any]]:
    """Return the acts that the viewer may do now, each with its form and address."""
    acts = accountability.ACTS[stage]
    offered = (
        (Act.FOUND, judges, "cases:finding", case_forms.FindingForm),
        (Act.MEASURED, judges, "cases:measure", case_forms.MeasureForm),
        (Act.CLOSED, judges, "cases:closure", case_forms.ClosureForm),
        (Act.REMARKED, is_heard, "cases:remarks", case_forms.RemarkForm),
    )
    return [
        {"act": act, "title": case_words.ACTS[act], "name": name, "form": form(auto_id=f"{act}-%s")}
        for act, may, name, form in offered
        if may and act in acts
    ]


def _facts(facts: Facts, version: UnitVersion) -> dict[str, Any]:
    duty = facts.duty
    return {
        "what": duty.what,
        "kind": words.KINDS[duty.kind],
        "creditor": duty.creditor.code,
        "due": _local(duty.due_at, version),
        "state": _became(facts, version),
        "story": _story(facts, version),
    }


def _became(facts: Facts, version: UnitVersion) -> str:
    if facts.ending is None:
        return _("not done yet")
    word = words.STATES[State(facts.ending.state)]
    return f"{word} · {_local(facts.ending.at, version)}"


def _story(facts: Facts, version: UnitVersion) -> list[dict[str, Any]]:
    """Return what happened to a duty, in time: told, extended, passed on, lapsed, ended."""
    events: list[tuple[datetime, str, str, str]] = [
        (facts.duty.opened_at, _("The duty began"), "", ""),
        (facts.duty.due_at, str(words.STATES[State.OVERDUE]), "", ""),
        (facts.lapse.at, _lapse(facts), "", ""),
        *_told(facts),
    ]
    for one in facts.extensions:
        until = _local(one.due_after, version)
        events.append((one.recorded_at, _("Extended until %s") % until, one.reason, one.by_label))
    for passed in facts.handovers:
        to = passed.to_person.name if passed.to_person else ""
        to = to or (passed.to_post.title if passed.to_post else _("the unit"))
        events.append(
            (passed.recorded_at, _("Passed on to %s") % to, passed.reason, passed.by_label)
        )
    if facts.ending is not None and facts.ending.state != facts.lapse.state:
        end = facts.ending
        events.append((end.at, str(words.STATES[State(end.state)]), end.reason, end.by_label))
    return [
        {
            "when": _local(at, version),
            "iso": at.isoformat(),
            "title": title,
            "text": text,
            "who": who,
        }
        for at, title, text, who in sorted(events, key=lambda one: one[0])
    ]


def _lapse(facts: Facts) -> str:
    if facts.lapse.state == State.MISSED:
        return str(words.STATES[State.MISSED])
    return _("Its time of grace was over: somebody answers for it")


def _told(facts: Facts) -> Iterator[tuple[datetime, str, str, str]]:
    """Yield whom each pass told, by their part."""
    for at, those in groupby(facts.told, key=lambda one: one.recorded_at):
        rows = list(those)
        names = _(", ").join(
            f"{row.person.name} ({case_words.TO[To(row.told_as)]})"
            for row in sorted(rows, key=lambda row: list(To).index(To(row.told_as)))
        )
        steps = _(", ").join(dict.fromkeys(_step(row.step) for row in rows))
        yield at, _("Told: %s") % steps, names, ""


def _step(code: str) -> str:
    return str(case_words.STEPS.get(code, case_words.STEPS["added"]))


def _act(act: CaseAct, version: UnitVersion) -> dict[str, Any]:
    title = str(case_words.ACTS[Act(act.act)])
    if act.finding:
        title += f": {case_words.FINDINGS[Finding(act.finding)]}"
    if act.measure:
        title += f": {case_words.MEASURES[Measure(act.measure)]}"
    return {
        "when": _local(act.recorded_at, version), "iso": act.recorded_at.isoformat(),
        "title": title, "text": act.text, "who": act.by_label,
    }  # fmt: skip


def _local(at: datetime, version: UnitVersion) -> str:
    return f"{at.astimezone(ZoneInfo(version.time_zone)):%Y-%m-%d %H:%M}"
