"""The criteria by which hazards are graded: each recording of a library is a version of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from taishan.core.hazards import Cause, Grade
from taishan.organisation.models import is_chinese


class CriteriaVersion(models.Model):
    """A library as it was recorded. Of each library the latest version is what counts."""

    from_library = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title_en = models.CharField(max_length=300)
    title_zh = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_library", "number"], name="a_criteria_version_has_its_number"
            )
        ]

    @property
    def title(self) -> str:
        return self.title_zh if is_chinese() else self.title_en


class Criterion(models.Model):
    """One criterion and the days it holds on (half-open). Without a ``cause`` it fits any.

    ``stops``: work stops at once at the unit where it is found.
    """

    version = models.ForeignKey(CriteriaVersion, on_delete=models.PROTECT, related_name="criteria")
    code = models.CharField(max_length=60)
    cause = models.CharField(
        max_length=40, choices=[(one.value, one.value) for one in Cause], default="", blank=True
    )
    grade = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Grade])
    stops = models.BooleanField()
    words_en = models.TextField()
    words_zh = models.TextField()
    source_en = models.TextField()
    source_zh = models.TextField()
    source_url = models.CharField(max_length=400, default="")
    valid = DateRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="a_criterion_stands_once"),
            models.CheckConstraint(
                condition=models.Q(stops=False) | models.Q(grade=Grade.MAJOR),
                name="only_a_major_hazard_stops_work",
            ),
        ]

    @property
    def words(self) -> str:
        return self.words_zh if is_chinese() else self.words_en

    @property
    def source(self) -> str:
        return self.source_zh if is_chinese() else self.source_en
