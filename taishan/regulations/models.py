"""Rule: every regulation as it was recorded, and territories' risk levels."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.organisation.models import Place


class Revision(models.Model):
    """One recorded state of one regulation; ``content`` is its entry in the library format.

    Known from ``recorded_at`` until ``recorded_until`` (null: still). History is never rewritten:
    a changed text closes its revision and opens the next.
    """

    key = models.CharField(max_length=80)
    library = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    authority = models.CharField(max_length=60)
    issued = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_until = models.DateTimeField(null=True)
    historical = models.BooleanField(
        help_text="the recorded instant was stated by an import of history"
    )
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="revisions_are_numbered"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(recorded_until=None), name="one_revision_is_current"
            ),
            models.CheckConstraint(
                condition=Q(recorded_until=None) | Q(recorded_until__gte=models.F("recorded_at")),
                name="a_revision_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["recorded_until", "recorded_at"], name="revision_known")]


class TerritoryRisk(models.Model):
    """A territory's risk level from a day, as recorded from an instant.

    It holds until its own end or the next level of the territory, whichever comes first. A
    correction closes the row (``recorded_until``) and opens another: what was known stays.
    """

    class Level(models.TextChoices):
        LOW = "low", _("low risk")
        MEDIUM = "medium", _("medium risk")
        HIGH = "high", _("high risk")

    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    level = models.CharField(max_length=10, choices=Level.choices)
    starts = models.DateField()
    ends = models.DateField(null=True)
    source = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "starts"],
                condition=Q(recorded_until=None),
                name="one_level_a_territory_a_day",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["low", "medium", "high"]), name="a_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=models.F("starts")),
                name="a_level_ends_after_it_begins",
            ),
        ]
