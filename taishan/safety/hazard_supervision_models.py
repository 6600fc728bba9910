"""What belongs to a major hazard: who outside was told of it, and what headquarters said to it.

Rows are added and never changed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account
from taishan.safety.hazard_models import Hazard


class Whom(models.TextChoices):
    """Who has to be told of a major hazard."""

    REGULATOR = "regulator", _("the authority that supervises work safety")
    CONGRESS = "congress", _("the workers' congress")


class HazardTelling(models.Model):
    """Somebody outside the line was told of a major hazard: who, when, and what proves it."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="tellings")
    whom = models.CharField(max_length=10, choices=Whom.choices)
    who = models.CharField(max_length=300, help_text="the office or meeting, and how")
    told_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


class HazardTellingFile(KeptFile):
    """What proves it: a stamped letter, a receipt, the minutes."""

    telling = models.OneToOneField(HazardTelling, on_delete=models.PROTECT, related_name="file")


class HazardRemark(models.Model):
    """What the level that lists a hazard asks or says while it supervises it."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


class StopOfHazard(models.Model):
    """The stop-work that a hazard led to by its criterion."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="stops")
    stop = models.OneToOneField("safety.StopWork", on_delete=models.PROTECT, related_name="+")
