"""What boards and lists of hazards read instead of the hazards: sums, and small pictures."""

from __future__ import annotations

from django.db import models

from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Unit
from taishan.safety.hazard_models import HazardPhoto


class Span(models.IntegerChoices):
    MONTH = 1
    YEAR = 2


class _Count(models.Model):
    """How many hazards of a cause and a grade were found in a month or a year, how many were
    closed, and how many of those were put right late.

    ``cause`` is ``*`` for all causes together; ``""`` of cause or grade: not graded. ``day`` is the
    first of the span. What was dismissed or merged is not counted, so found less closed is open.
    Usually there is one row a sum; several where two transactions came at once (``hazard_counts``).
    """

    cause = models.CharField(max_length=40)
    grade = models.CharField(max_length=10)
    span = models.SmallIntegerField(choices=Span.choices)
    day = models.DateField()
    found = models.IntegerField()
    closed = models.IntegerField()
    late = models.IntegerField()

    class Meta:
        abstract = True


class HazardCount(_Count):
    """Those of a unit."""

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(
                fields=["span", "cause", "day", "unit"],
                include=["grade", "found", "closed", "late"],
                name="hazards_of_a_span",
            )
        ]


class HazardGroupCount(_Count):
    """Those of all units together: what a whole group's statistics read."""

    id = models.UUIDField(primary_key=True)

    class Meta:
        indexes = [
            models.Index(fields=["span", "day", "cause", "grade"], name="hazards_of_all_in_a_span")
        ]


class HazardThumbnail(KeptFile):
    """A small picture of a photo, made by the worker. A photo of which none can be made has none.

    ``hazard_id`` is named again here, so that a list finds the pictures of its rows at once.
    """

    photo = models.OneToOneField(HazardPhoto, on_delete=models.PROTECT, related_name="thumbnail")
    hazard_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["hazard_id", "photo"], name="thumbnails_of_a_hazard")]
