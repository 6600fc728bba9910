"""The risk register: risk points, each grading of one, their control measures and their checks."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.core.duty_matrix import Template
from taishan.core.risk_points import Level, Method
from taishan.kit.editions import Edition
from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, Post, Unit, is_chinese
from taishan.safety.risk_method_files import as_method

CHECKED_BY = time(17)
"""The local hour by which a check is done on its last day."""


class Levels(models.IntegerChoices):
    """How bad a risk is, with its word."""

    LOW = Level.LOW, _("low risk")
    GENERAL = Level.GENERAL, _("general risk")
    LARGER = Level.LARGER, _("larger risk")
    MAJOR = Level.MAJOR, _("major risk")


class RiskMethod(Edition):
    """One edition of a way of grading, for the whole group, from a day to a day.

    ``factors``: a list of dict(code, en, zh, scores of dict(value, en, zh)); ``levels``: a list of
    [level, starts, edges], the worst first.
    """

    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    note_en = models.TextField(default="")
    note_zh = models.TextField(default="")
    factors = models.JSONField()
    levels = models.JSONField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_risk_method_is_one_thing_on_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en

    @property
    def source(self) -> str:
        return self.source_zh if is_chinese() else self.source_en

    @property
    def note(self) -> str:
        return self.note_zh if is_chinese() else self.note_en

    @property
    def method(self) -> Method:
        """The method as the core thinks of it."""
        scores = {one["code"]: [s["value"] for s in one["scores"]] for one in self.factors}
        return as_method(scores, [tuple(one) for one in self.levels])


class RiskPoint(models.Model):
    """An activity, a place or a piece of equipment with its graded risk.

    ``level`` and ``reassess_on`` are those of its latest ``RiskGrading``.
    """

    class Kind(models.TextChoices):
        """What bears the risk."""

        ACTIVITY = "activity", _("activity")
        PLACE = "place", _("place")
        EQUIPMENT = "equipment", _("equipment")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="risk_points")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    area = models.CharField(max_length=200)
    harm = models.CharField(max_length=300, help_text="what may happen to whom")
    level = models.SmallIntegerField(choices=Levels.choices)
    reassess_on = models.DateField()
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"], name="a_risk_point_has_its_code_in_its_unit"
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "area"], condition=Q(closed_at=None), name="risk_point_open"
            )
        ]


class RiskGrading(models.Model):
    """How a risk point was graded once. Written once, never changed."""

    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="gradings")
    number = models.PositiveIntegerField()
    method = models.ForeignKey(RiskMethod, on_delete=models.PROTECT, related_name="+")
    scores = models.JSONField(help_text="score by factor")
    value = models.FloatField()
    level = models.SmallIntegerField(choices=Levels.choices)
    reason = models.CharField(max_length=1000, default="")
    reassess_on = models.DateField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="a_grading_is_given_once")
        ]


class RiskMeasure(models.Model):
    """What keeps a risk under control, which post checks it, how often, and on what.

    A check is owed from each day of ``rule``, within ``days``. ``valid``: the days on which one
    may begin. What began before ``opens_at``, and has been looked for, is a duty already; a new
    measure carries the instant of its recording.
    """

    class Kind(models.TextChoices):
        """The five kinds of the dual prevention."""

        ENGINEERING = "engineering", _("engineering")
        ADMINISTRATIVE = "administrative", _("administrative")
        TRAINING = "training", _("training")
        PROTECTION = "protection", _("protective equipment")
        EMERGENCY = "emergency", _("emergency response")

    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=Kind.choices)
    text = models.CharField(max_length=500)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=200, help_text="RFC 5545: the days on which a check begins")
    days = models.PositiveSmallIntegerField(help_text="to do it in, the first included")
    items = ArrayField(models.CharField(max_length=200))
    valid = DateRangeField()
    recorded_at = models.DateTimeField()
    opens_at = models.DateTimeField(
        null=True, help_text="when the next check begins; null: none will"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="a_measure_has_its_number"),
            models.CheckConstraint(condition=Q(days__gt=0), name="a_check_has_a_day_at_least"),
        ]
        indexes = [
            models.Index(
                fields=["opens_at"], condition=Q(opens_at__isnull=False), name="risk_measure_due"
            )
        ]

    @property
    def terms(self) -> Template:
        """When it is to be checked; what was not done in its days is missed."""
        return Template(
            rule=self.rule, counted_from=self.valid.lower, days=self.days, due=CHECKED_BY,
            lapses_after_days=0, needs_evidence=False, post_kinds=frozenset({"any"}),
        )  # fmt: skip


class RiskCheck(models.Model):
    """A measure was looked at: every item holds, or some failed. Written once, never changed."""

    measure = models.ForeignKey(RiskMeasure, on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveIntegerField()
    failed = ArrayField(models.CharField(max_length=200), help_text="the items that do not hold")
    note = models.CharField(max_length=2000, default="")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="a_check_is_done_once")
        ]


class RiskCheckPhoto(KeptFile):
    """What was seen when a measure was checked."""

    check_of = models.OneToOneField(RiskCheck, models.PROTECT, related_name="photo")
