"""The duty matrix of a unit: what its posts owe again and again, and who asks for it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from taishan.core import recurrence
from taishan.core.recurrence import Often
from taishan.duties import matrix, presenting, words
from taishan.duties.matrix_models import DutyTemplate
from taishan.organisation import presenting as units
from taishan.organisation import queries as organisation
from taishan.organisation.models import Post, PostKind, UnitVersion
from taishan.organisation.scope import ScopedRequest


@login_required
@require_GET
def matrix_of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """What binds the posts of the unit on the day, by kind of post; inherited, its own, looser."""
    version, day = units.get_visible(request, code), request.scope_.day
    line = matrix.find_line(version.path, day)
    bound = {row.pk for row in matrix.binding(line, day)}
    names = _names(line)
    context = {
        "scope": request.scope_,
        "version": version,
        "tabs": presenting.tabs(request, "matrix", code),
        "kinds": _by_kind(version, day, [row for row in line if row.pk in bound], names),
        "outdone": [_row(row, version, names) for row in line if row.pk not in bound],
        "crumbs": presenting.crumbs(request, version.path),
    }
    return render(request, "duties/matrix.html", context)


def _by_kind(
    version: UnitVersion, day: Any, rows: list[DutyTemplate], names: dict[int, str]
) -> list[dict[str, Any]]:
    posts = list(Post.objects.filter(unit_id=version.unit_id, valid__contains=day).order_by("code"))
    return [
        {
            "word": label,
            "posts": [post.title for post in posts if post.kind == kind],
            "rows": [_row(row, version, names) for row in rows if kind in row.post_kinds],
        }
        for kind, label in PostKind.choices
        if any(kind in row.post_kinds for row in rows)
    ]


def _row(row: DutyTemplate, version: UnitVersion, names: dict[int, str]) -> dict[str, Any]:
    return {
        "template": row,
        "often": _often(row),
        "due": _due(row),
        "done_by": words.ACTS[row.terms.done_by] if row.terms.done_by else "",
        "asked_by": names[row.unit_id],
        "is_own": row.unit_id == version.unit_id,
    }


def _names(rows: list[DutyTemplate]) -> dict[int, str]:
    versions = organisation.find_last_versions(row.unit_id for row in rows)
    return {pk: one.name for pk, one in versions.items()}


def _often(row: DutyTemplate) -> str:
    """Say how often in plain words; a rule that no words fit as it is."""
    known = {
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1": _("every quarter"),
        "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1": _("every half-year"),
    }
    if row.rule.startswith("FREQ=YEARLY"):
        return _("every year")
    often = {
        Often.DAILY: _("every day"), Often.WORKING_DAYS: _("every working day"),
        Often.WEEKLY: _("every week"), Often.MONTHLY: _("every month"),
        Often.RULE: known.get(row.rule, row.rule),
    }  # fmt: skip
    return often[recurrence.in_words(row.rule).often]


def _due(row: DutyTemplate) -> str:
    return ngettext(
        "by %(hour)s of the same day", "within %(days)d days, by %(hour)s", row.days
    ) % {"days": row.days, "hour": f"{row.due_at:%H:%M}"}
