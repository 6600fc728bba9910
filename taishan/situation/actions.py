"""Reminding those whose report has not come, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.communications.models import News
from taishan.forms.models import Form
from taishan.kit.actor import Actor

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """How many were told, and how many had been told of it within the last hour."""

    told: int
    told_lately: int


def remind(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    form: Form,
    period: date,
    person_ids: set[int],
) -> Reminded:
    """Tell people in the name of a unit that their report is missing.

    Raises communications.actions.NoticeRefused where nobody is left to tell.
    """
    notice = communications.send(
        actor=actor,
        now=now,
        unit_id=unit_id,
        person_ids=person_ids,
        words=_words(form, period),
        news=News.REMINDER,
        about=("report", f"{form.code}/{period}"),
        address=f"/reports/{form.code}/{period}/",
    )
    told = notice.rounds.get().people
    return Reminded(told=told, told_lately=len(person_ids) - told)


def ask_again(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    day: date,
    address: str,
    person_ids: set[int],
) -> Reminded:
    """Tell people in the name of a unit that their unit's return disagrees with other numbers.

    Raises communications.actions.NoticeRefused where nobody is left to tell.
    """
    said = {}
    for language, code in LANGUAGES.items():
        with translation.override(code):
            said[f"title_{language}"] = _("Please look at your unit's return again")
            said[f"text_{language}"] = (
                _(
                    "In the return for %s there are numbers that disagree with the roster or with "
                    "what people report themselves. Correct the return, or see to the roster."
                )
                % day
            )
    notice = communications.send(
        actor=actor, now=now, unit_id=unit_id, person_ids=person_ids, words=Words(**said),
        about=("disagreement", str(day)), address=address, news=News.REMINDER,
    )  # fmt: skip
    told = notice.rounds.get().people
    return Reminded(told=told, told_lately=len(person_ids) - told)


def _words(form: Form, period: date) -> Words:
    said = {}
    for language, code in LANGUAGES.items():
        with translation.override(code):
            name = form.title_zh if language == "zh" else form.title_en
            said[f"title_{language}"] = _("Please report: %s") % name
            said[f"text_{language}"] = (
                _("Your report for %s has not come in yet. It takes less than a minute.") % period
            )
    return Words(**said)
