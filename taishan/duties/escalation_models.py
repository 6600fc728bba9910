"""Who was told of a duty and when; what a unit adds to the tables of the core."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from taishan.core.escalation import Hours, To
from taishan.organisation.models import Person, Unit, is_chinese


class Escalation(models.Model):
    """A person was told of a duty: by which step, for the how manieth time, about which hour.

    Written once, by one pass over all duties (``round``), never changed. An extension gives a duty
    another hour, about which the same step tells anew.
    """

    pk = models.CompositePrimaryKey(
        "unit_id", "duty_id", "person_id", "step", "number", "about_due_at"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    about_due_at = models.DateTimeField()
    told_as = models.CharField(max_length=10, choices=[(to.value, to.value) for to in To])
    at = models.DateTimeField(help_text="when the step was to tell")
    recorded_at = models.DateTimeField()
    round = models.UUIDField(db_index=True)


class AddedStep(models.Model):
    """A step that holds for a unit and all below it beside those of the core, until withdrawn.

    A unit can only add: what is shipped tells at least as much everywhere.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    offset_min = models.IntegerField(help_text="after the hour; negative before it")
    to = ArrayField(models.CharField(max_length=10, choices=[(to.value, to.value) for to in To]))
    hours = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Hours])
    every_min = models.PositiveIntegerField(null=True)
    times = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(times=1) | Q(times__gt=1, every_min__gt=0),
                name="a_repeated_step_has_its_time_between",
            )
        ]


class CalendarDay(models.Model):
    """A holiday, or a worked weekend day, of a unit and all below it; the nearest unit's holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    works = models.BooleanField()
    name = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day"], name="a_unit_says_of_a_day_once")
        ]


class HolidayDay(models.Model):
    """A day of rest of a country, or a worked day of a weekend there, and the document that says
    so; a unit's own ``CalendarDay`` goes before it.
    """

    country = models.CharField(max_length=2, help_text="ISO 3166-1")
    day = models.DateField()
    works = models.BooleanField()
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    source_en = models.TextField()
    source_zh = models.TextField()
    source_url = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "day"], name="a_country_says_of_a_day_once")
        ]

    @property
    def name(self) -> str:
        """The holiday, in the language of the page; empty for a worked day."""
        return self.name_zh if is_chinese() else self.name_en

    @property
    def source(self) -> str:
        """The document, in the language of the page."""
        return self.source_zh if is_chinese() else self.source_en
