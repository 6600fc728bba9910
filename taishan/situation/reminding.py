"""Reminding those of a list: at once where they are few, by the worker where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.communications import actions as communications
from taishan.communications.actions import NoticeRefused, Words
from taishan.communications.models import Notice
from taishan.forms.models import Form
from taishan.kit import jobs
from taishan.ledger import actions as ledger
from taishan.organisation.access import Capability, Viewer
from taishan.situation import actions, lists
from taishan.situation.actions import LANGUAGES
from taishan.situation.lists import Asked

MANY = 500
"""So many are told within a second; of more, nobody should wait for the page."""
TASK = "situation.remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many were told, left out as told within the last hour, or have no account."""

    told: int
    told_lately: int
    without_account: int

    def in_words(self) -> list[str]:
        """Return what became of it in the language that is active, who was told first."""
        return [self._told(), *self._untold()]

    def _told(self) -> str:
        if not self.told and self.told_lately:
            return _("Nobody was reminded: all were within the last hour.")
        if not self.told:
            return _(
                "Nobody was reminded: nobody's report is missing that can still be given here."
            )
        said = ngettext("%d person was reminded.", "%d people were reminded.", self.told)
        if not self.told_lately:
            return said % self.told
        left = ngettext(
            "%d was left out: reminded within the last hour.",
            "%d were left out: reminded within the last hour.",
            self.told_lately,
        )
        return f"{said % self.told} {left % self.told_lately}"

    def _untold(self) -> list[str]:
        if not self.without_account:
            return []
        said = ngettext(
            "%d person has no account here and was not reminded: call them.",
            "%d people have no account here and were not reminded: call them.",
            self.without_account,
        )
        return [said % self.without_account]


def may_remind(viewer: Viewer, asked: Asked) -> bool:
    """Tell whether the viewer may tell something to whoever stands on the list."""
    top = asked.top
    is_missing = asked.kind == lists.NOT_REPORTED
    return is_missing and top is not None and viewer.may(Capability.NOTIFY, top.path)


def remind(viewer: Viewer, now: datetime, asked: Asked) -> Outcome:
    """Remind those of the list whose report can still be given, in the name of its top unit."""
    assert asked.top is not None  # noqa: S101 - as may_remind has it
    ids, without_account = lists.find_to_remind(viewer, asked, now)
    try:
        done = actions.remind(
            actor=viewer.actor, now=now, unit_id=asked.top.unit_id, form=asked.form,
            period=asked.period, person_ids=ids,
        )  # fmt: skip
    except NoticeRefused:
        done = actions.Reminded(told=0, told_lately=len(ids))
    return Outcome(
        told=done.told, told_lately=done.told_lately, without_account=len(without_account)
    )


@transaction.atomic
def ask(viewer: Viewer, now: datetime, asked: Asked, within: str, *, is_own: bool) -> None:
    """Have the worker remind them; while it waits or works, to ask again changes nothing."""
    about = _about(asked, within, is_own=is_own)
    if jobs.is_under_way(TASK, account_id=viewer.account_id, **about):
        return
    ledger.record(
        actor=viewer.actor, now=now, verb="reminder.asked",
        subject=("report", f"{asked.form.code}/{asked.period}"),
        unit_id=asked.top.unit_id if asked.top else None,
    )  # fmt: skip
    jobs.defer(TASK, account_id=viewer.account_id, **about)


def is_under_way(viewer: Viewer, asked: Asked, within: str, *, is_own: bool) -> bool:
    """Tell whether the worker has still to remind those whom the viewer asked it to."""
    about = _about(asked, within, is_own=is_own)
    return jobs.is_under_way(TASK, account_id=viewer.account_id, **about)


def _about(asked: Asked, within: str, *, is_own: bool) -> dict[str, Any]:
    return {
        "form": asked.form.code, "day": str(asked.period), "within": within, "is_own": is_own
    }  # fmt: skip


@transaction.atomic
def perform(
    viewer: Viewer, now: datetime, form: str, day: date, within: str, *, is_own: bool
) -> None:
    """Remind as asked, where the viewer still may, and tell them what became of it."""
    found = Form.objects.get(code=form)
    asked = lists.ask(viewer, found, day, within, lists.NOT_REPORTED, is_own=is_own)
    if asked.top is None or viewer.person_id is None or not may_remind(viewer, asked):
        return
    outcome = remind(viewer, now, asked)
    query = f"form={form}&day={day}&within={within}" + ("&own=yes" if is_own else "")
    communications.send(
        actor=viewer.actor, now=now, unit_id=asked.top.unit_id, person_ids=[viewer.person_id],
        words=_words(asked, outcome), address=f"{reverse('situation:people')}?{query}",
    )  # fmt: skip


def _words(asked: Asked, outcome: Outcome) -> Words:
    said = {}
    for language, code in LANGUAGES.items():
        with translation.override(code):
            title = asked.form.title_zh if language == "zh" else asked.form.title_en
            said[f"title_{language}"] = _("Reminded: %s") % title
            said[f"text_{language}"] = "\n".join([str(asked.period), *outcome.in_words()])
    return Words(**said)


def find_last(asked: Asked) -> Notice | None:
    """Return the latest reminder of the list's report in the name of its top unit."""
    if asked.kind != lists.NOT_REPORTED or asked.top is None:
        return None
    sent = Notice.objects.filter(
        about_kind="report", about_id=f"{asked.form.code}/{asked.period}",
        unit_id=asked.top.unit_id,
    )  # fmt: skip
    return sent.order_by("-sent_at").first()
