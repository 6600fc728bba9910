"""What units state of themselves, what became of it, and which verdicts followed."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, Unit
from taishan.resumption.application_models import (
    Application,
    ApplicationFile,
    ApprovalRule,
    LocalDecision,
    LocalFile,
    Plan,
    Step,
    Submission,
)

__all__ = [
    "Application",
    "ApplicationFile",
    "ApprovalRule",
    "Attestation",
    "EvidenceFile",
    "LocalDecision",
    "LocalFile",
    "Plan",
    "RecordedVerdict",
    "Refutation",
    "Step",
    "Submission",
]


class Attestation(models.Model):
    """A unit states that it meets a condition, to an amount, for a run of days.

    ``condition`` is a dimension of the core (``stock:mask``) or ``outside:<clause key>``.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    condition = models.CharField(max_length=200)
    amount = models.FloatField()
    valid = DateRangeField()
    evidence = models.TextField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "condition"], name="attestation_of_unit")]


class EvidenceFile(KeptFile):
    """A photo, PDF or workbook handed in with an attestation."""

    attestation = models.OneToOneField(Attestation, models.PROTECT, related_name="file")


class Refutation(models.Model):
    """The discipline office finds an attestation untrue; it counts no more from then on."""

    attestation = models.OneToOneField(Attestation, on_delete=models.PROTECT)
    reason = models.TextField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    recorded_at = models.DateTimeField()


class RecordedVerdict(models.Model):
    """What was answered for a unit's own day at an instant, kept where it differs from the last.

    Written once and never changed. ``reasons``: the clauses that bound; ``unmet``: the conditions
    not shown; ``stops``: the stop-works over it. What is shown or acted on is evaluated anew
    (DESIGN 5.2): this is history.
    """

    pk = models.CompositePrimaryKey("unit_id", "number")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveIntegerField(help_text="1 for the unit's first")
    day = models.DateField()
    computed_at = models.DateTimeField()
    permitted = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    on_site_limit = models.PositiveIntegerField(null=True)
    reasons = models.JSONField()
    unmet = models.JSONField()
    stops = models.JSONField(default=list)
