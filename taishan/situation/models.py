"""Situation reports: what was written, what became of it, and what was published.

Rows of all four tables are added and never changed (a migration takes the privilege away): a draft
is a report with no publication yet, and its latest edition is what it says now.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taishan.organisation.models import Account, Unit


class SituationReport(models.Model):
    """A report of a unit, all below it included, about a day.

    ``for_outside``: it leaves the organisation, and hides numbers of few people. ``corrects`` is
    the published report that this one puts right.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="situation_reports")
    day = models.DateField()
    for_outside = models.BooleanField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    drafted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-day"], name="situation_series")]


class Edition(models.Model):
    """What a report says: numbers as of an instant, and words. Each saving makes a new one.

    ``numbers`` is what ``freezing.take`` returned.
    """

    report = models.ForeignKey(SituationReport, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    numbers = models.JSONField()
    epidemic = models.TextField(default="")
    resumption = models.TextField(default="")
    supplies = models.TextField(default="")
    difficulties = models.TextField(default="")
    next_steps = models.TextField(default="")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="an_edition_is_written_once")
        ]


class Step(models.Model):
    """Something that happened to a draft: it stands until the next step."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted for review")
        RETURNED = "returned", _("returned")
        REVIEWED = "reviewed", _("reviewed")

    report = models.ForeignKey(SituationReport, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="a_step_is_taken_once")
        ]


class Publication(models.Model):
    """A report's number in the series of its unit and year, given without a gap.

    ``sha256`` is of what was published, as ``situation_reports.content_of`` writes it.
    """

    report = models.OneToOneField(
        SituationReport, on_delete=models.PROTECT, related_name="publication"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="a_number_of_a_series_is_given_once"
            )
        ]
