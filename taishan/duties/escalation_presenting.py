"""The tables of escalation in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.core import duty_kinds, escalation
from taishan.core.escalation import Step, To
from taishan.duties import case_words, surroundings, words
from taishan.duties.escalation_models import AddedStep
from taishan.organisation.access import Capability, Viewer

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOTHING = timedelta(0)


def kinds(viewer: Viewer, added: Sequence[AddedStep]) -> list[dict[str, Any]]:
    """Return each kind of duty with its steps: those of the core, and those that units added."""
    return [
        {
            "word": words.KINDS[code],
            "answers": _answers(kind.grace),
            "steps": [
                *(in_words(step) for step in escalation.TABLE[code]),
                *(_added(viewer, row) for row in added if row.kind == code),
            ],
        }
        for code, kind in duty_kinds.KINDS.items()
    ]


def in_words(step: Step) -> dict[str, Any]:
    """Return when a step tells, whom, how often and at which hours."""
    return {
        "when": _when(step.offset),
        "to": _(", ").join(str(case_words.TO[to]) for to in To if to in step.to),
        "hours": case_words.HOURS[step.hours],
        "again": _again(step),
    }


def _added(viewer: Viewer, row: AddedStep) -> dict[str, Any]:
    may = str(row.unit_id) in viewer.roots(Capability.DIRECT)
    return in_words(surroundings.as_step(row)) | {"row": row, "may_withdraw": may}


def _when(offset: timedelta) -> str:
    if offset == NOTHING:
        return _("at its hour")
    told = {"long": _long(abs(offset))}
    return (_("%(long)s before") if offset < NOTHING else _("%(long)s after")) % told


def _again(step: Step) -> str:
    if step.times == 1 or step.every is None:
        return ""
    told = {"long": _long(step.every), "n": step.times}
    return _("every %(long)s, %(n)d times in all") % told


def _answers(grace: timedelta | None) -> str:
    if grace is None:
        return _("Only what can be missed, and is, opens an accountability case.")
    if grace == NOTHING:
        return _("An accountability case opens at its hour.")
    return _("An accountability case opens %(long)s after its hour.") % {"long": _long(grace)}


def _long(span: timedelta) -> str:
    if span % DAY == NOTHING:
        return ngettext("%d day", "%d days", span // DAY) % (span // DAY)
    if span % HOUR == NOTHING:
        return ngettext("%d hour", "%d hours", span // HOUR) % (span // HOUR)
    return ngettext("%d minute", "%d minutes", span // MINUTE) % (span // MINUTE)
