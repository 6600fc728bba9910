"""What units state of themselves, and what became of it."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from taishan.organisation.models import Account, Unit


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


class Refutation(models.Model):
    """The discipline office finds an attestation untrue; it counts no more from then on."""

    attestation = models.OneToOneField(Attestation, on_delete=models.PROTECT)
    reason = models.TextField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    recorded_at = models.DateTimeField()
