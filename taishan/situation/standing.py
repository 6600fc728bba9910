"""Where a situation report stands: its banner, who may act next, and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Account
from taishan.situation import bulletin, situation_reports
from taishan.situation.models import Edition, SituationReport
from taishan.situation.situation_reports import State

_TONES = {
    State.DRAFT: "warn",
    State.RETURNED: "bad",
    State.SUBMITTED: "note",
    State.REVIEWED: "note",
    State.PUBLISHED: "good",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A report's state, and what the viewer may do with it."""

    state: State
    is_writer: bool
    """The viewer wrote in it, so somebody else reviews it."""
    may_write: bool
    may_release: bool

    @property
    def may_edit(self) -> bool:
        return self.may_write and self.state in situation_reports.WRITTEN_IN

    @property
    def may_review(self) -> bool:
        return self.may_release and not self.is_writer and self.state == State.SUBMITTED

    @property
    def may_return(self) -> bool:
        return self.may_release and self.state in (State.SUBMITTED, State.REVIEWED)

    @property
    def may_publish(self) -> bool:
        return self.may_release and self.state == State.REVIEWED

    @property
    def may_correct(self) -> bool:
        return self.may_write and self.state == State.PUBLISHED


def get_standing(viewer: Viewer, report: SituationReport, path: str) -> Standing:
    """Return where the report of the unit at ``path`` stands for the viewer."""
    return Standing(
        state=situation_reports.state_of(report),
        is_writer=viewer.account_id in situation_reports.find_writers(report),
        may_write=viewer.may(Capability.WRITE_SITUATION, path),
        may_release=viewer.may(Capability.RELEASE_SITUATION, path),
    )


def path_of(report: SituationReport) -> str:
    """Return where the report's unit hangs, or hung last."""
    return organisation.get_path(report.unit_id)


def state_word(state: State) -> str:
    return {
        State.DRAFT: _("Draft"),
        State.SUBMITTED: _("Waits for review"),
        State.RETURNED: _("Returned"),
        State.REVIEWED: _("Reviewed"),
        State.PUBLISHED: pgettext("of a report", "Published"),
    }[state]


def banner(report: SituationReport, found: Standing) -> dict[str, str]:
    """Return the callout of a report: its state, the reason of a return, who may act next."""
    last = report.steps.order_by("-number").first()
    is_returned = last is not None and found.state == State.RETURNED
    return {
        "tone": _TONES[found.state],
        "title": state_word(found.state),
        "text": _("Why: %s") % last.reason if last and is_returned else "",
        "next": _next(found),
    }


def _next(found: Standing) -> str:
    if found.state == State.PUBLISHED:
        return _("Nobody changes it: what is wrong in it is put right by a new report.")
    if found.state in situation_reports.WRITTEN_IN:
        who = _("The duty office, the head or a safety officer of the unit writes and submits it.")
        return who if found.may_write else f"{who} {_why_not()}"
    if found.state == State.REVIEWED:
        who = _("The duty office or the head of the unit publishes it.")
        return who if found.may_release else f"{who} {_why_not()}"
    who = _("The duty office or the head of the unit reviews it, whoever has not written in it.")
    if found.may_release and found.is_writer:
        return f"{who} {_('You have: somebody else has to.')}"
    return who if found.may_release else f"{who} {_why_not()}"


def _why_not() -> str:
    return _("You do not hold such a role here.")


def story(report: SituationReport, zone: str) -> list[dict[str, Any]]:
    """Return what happened to a report, in order, for a timeline."""
    editions = report.editions.select_related("by__person").defer("numbers")
    steps = report.steps.select_related("by__person")
    happened: list[tuple[datetime, str, str, Account | None]] = [
        *((one.written_at, _edition_word(one), "", one.by) for one in editions),
        *((one.at, state_word(State(one.kind)), one.reason, one.by) for one in steps),
    ]
    published = getattr(report, "publication", None)
    if published:
        word = f"{state_word(State.PUBLISHED)}: {bulletin.number_word(published)}"
        happened.append((published.at, word, "", published.by))
    return [
        {
            "when": bulletin.local(at, zone), "iso": at.isoformat(), "title": title, "text": text,
            "who": name_of(by),
        }
        for at, title, text, by in sorted(happened, key=lambda one: one[0])
    ]  # fmt: skip


def _edition_word(edition: Edition) -> str:
    return _("Drafted") if edition.number == 1 else _("Written in, edition %d") % edition.number


def name_of(account: Account | None) -> str:
    """Return whose account it is, as people call them."""
    if account is None:
        return ""
    return account.person.name if account.person else account.username
