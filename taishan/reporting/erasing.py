"""Erasing answers after their retention: totals stay, and nothing that tells who said what."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from taishan.forms.models import Form
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.privacy import looks
from taishan.reporting import files, noticing
from taishan.reporting.follow_up_models import ENDED, FollowUp, Step
from taishan.reporting.models import Correction, Erasure, Frozen, Report


def erase_all(*, actor: Actor, now: datetime) -> int:
    """Erase what is past its retention, form by form; return how many reports that were."""
    kept_for_a_time = Form.objects.exclude(retention_days=None).order_by("pk")
    return sum(erase_answers(actor=actor, now=now, form=form) for form in kept_for_a_time)


@transaction.atomic
def erase_answers(*, actor: Actor, now: datetime, form: Form) -> int:
    """Erase the form's answers of periods older than its retention; return how many reports.

    Counters stay as they are from then on. A day is kept beyond the retention, which ends at
    different instants in different time zones; what comes for such a period is refused by then.
    """
    if form.retention_days is None:
        return 0
    until = now.date() - timedelta(days=form.retention_days + 1)
    reports, _models = Report.objects.filter(form_id=form.pk, period__lt=until).delete()
    Correction.objects.filter(form_id=form.pk, period__lt=until).delete()
    Frozen.objects.filter(form_id=form.pk, period__lt=until).delete()
    files.erase(form.pk, until)
    looks.erase(form)
    if form.code == noticing.FORM:
        _erase_follow_ups(until)
    if not reports:
        return 0
    Erasure.objects.create(form=form, until=until, erased_at=now, reports=reports)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reporting_erase_earlier(%s)", [form.pk])
    ledger.record(
        actor=actor,
        now=now,
        verb="answers.erased",
        subject=("form", form.code),
        data={"until": str(until), "reports": reports},
    )
    return reports


def _erase_follow_ups(until: date) -> None:
    """Erase the follow-ups that ended before a day, with all that was said in them."""
    ended = Step.objects.filter(state__in=ENDED, until=None, since__lt=until)
    FollowUp.objects.filter(pk__in=ended.values("follow_up_id")).delete()
