"""Inspections: routes with their points, plans, what was found item by item, and the sums of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taishan.core import inspections
from taishan.core.inspections import Outcome, Score, Verdict
from taishan.core.schedules import Mark, Marks, Schedule
from taishan.forms.models import Form, FormVersion
from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, Post, Unit


class Route(models.Model):
    """The points of a unit that an inspection goes past. It is ended and made anew, not changed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="routes")
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RoutePoint(models.Model):
    """A place on a route. ``code`` is random: whoever has it has read it there, off its QR or NFC
    tag."""

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=12, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "number"], name="points_of_a_route_in_order")
        ]


def marks(days: int, due_at: time, lapses_after_days: int) -> Marks:
    """Return the instants of an occurrence: it opens with its first day, can be done on as many,
    and is missed so many more after it fell due."""
    due = Mark(day=days - 1, at=due_at)
    closes = Mark(day=days - 1 + lapses_after_days, at=due_at)
    return Marks(opens=Mark(at=time(0)), due=due, late=due, closes=closes)


class InspectionPlan(models.Model):
    """A unit is inspected by a checklist again and again.

    ``by`` is the unit that inspects, itself or one above; ``post`` the post in it that owes each
    occurrence, null where the unit does. What nobody announces is by a unit above, and is shown to
    that unit alone.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, null=True, related_name="+")
    is_surprise = models.BooleanField(default=False)
    rule = models.CharField(max_length=200, help_text="RFC 5545: the days on which it begins")
    starts = models.DateField(help_text="DTSTART of the rule")
    days = models.PositiveSmallIntegerField(help_text="to do it in, the first included")
    due_at = models.TimeField(help_text="local time on the last of them")
    lapses_after_days = models.PositiveSmallIntegerField(
        help_text="days after which it is missed and can no longer be done"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_surprise=False) | ~Q(unit=F("by")),
                name="nobody_surprises_themselves",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="a_plan_gives_a_day_at_least"),
        ]
        indexes = [
            models.Index(fields=["unit", "form"], condition=Q(ended_at=None), name="plans_in_force")
        ]

    @property
    def schedule(self) -> Schedule:
        """The plan as the core thinks of it."""
        given = marks(self.days, self.due_at, self.lapses_after_days)
        return Schedule(rule=self.rule, starts=self.starts, marks=given)

    @property
    def length(self) -> timedelta:
        """How long an occurrence can be done, its late days included."""
        return timedelta(days=self.days + self.lapses_after_days)

    def route_at(self, instant: datetime) -> Route | None:
        """Return the route to go along at an instant: none once it has ended, for its codes prove
        nothing then."""
        route = self.route
        return route if route and (route.ended_at is None or instant < route.ended_at) else None


class Inspection(models.Model):
    """Somebody went through a checklist at a unit. Written once, never changed.

    ``key`` is given by the phone: sent twice it is recorded once. ``by_unit`` is the unit for which
    they did it. ``started_at`` and ``ended_at`` are as the phone has them, ``recorded_at`` is ours.
    """

    class Origin(models.TextChoices):
        """What it was done on."""

        SCHEDULED = "scheduled", _("planned")
        SURPRISE = "surprise", _("unannounced")
        UPPER = "upper", _("by a unit above")
        OWN = "own", _("of the unit's own accord")

    key = models.UUIDField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(
        InspectionPlan, on_delete=models.PROTECT, null=True, related_name="inspections"
    )
    origin = models.CharField(max_length=10, choices=Origin.choices)
    place = models.CharField(max_length=200, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    day = models.DateField(help_text="the unit's own day of ended_at")
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Verdict])
    passed_weight = models.PositiveIntegerField()
    counted_weight = models.PositiveIntegerField()
    failed = models.PositiveSmallIntegerField()
    failed_critical = models.PositiveSmallIntegerField()
    answers = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__lte=F("ended_at")), name="an_inspection_begins_and_ends"
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-day", "-id"], name="inspections_of_unit"),
            models.Index(fields=["-day", "-id"], name="inspections_by_day"),
        ]

    @property
    def score(self) -> Score:
        """The score as the core thinks of it."""
        return Score(
            passed_weight=self.passed_weight, counted_weight=self.counted_weight,
            failed=self.failed, failed_critical=self.failed_critical,
        )  # fmt: skip


class InspectionItem(models.Model):
    """What became of one item in one inspection. Millions of rows: the unit comes first, and no
    foreign key points here."""

    pk = models.CompositePrimaryKey("unit_id", "inspection_id", "code")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    code = models.CharField(max_length=inspections.LIMIT_CODE)
    form_id = models.BigIntegerField()
    day = models.DateField()
    outcome = models.PositiveSmallIntegerField(choices=[(one.value, one.name) for one in Outcome])
    weight = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=inspections.LIMIT_CAUSE, default="")

    class Meta:
        indexes = [models.Index(fields=["unit", "form_id", "code", "day"], name="items_over_time")]


class InspectionSum(models.Model):
    """What inspections of a unit come to in a month, by item; ``code`` empty: as a whole.

    Kept in the transaction that records an inspection; nothing is read by going through items.
    """

    pk = models.CompositePrimaryKey("unit_id", "form_id", "month", "code")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    form_id = models.BigIntegerField()
    month = models.DateField(help_text="its first day")
    code = models.CharField(max_length=inspections.LIMIT_CODE)
    inspections = models.PositiveIntegerField()
    failed_whole = models.PositiveIntegerField(help_text="of which a critical item failed")
    passed = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    passed_weight = models.PositiveBigIntegerField()
    counted_weight = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["month", "unit"], condition=Q(code=""), name="sums_of_wholes")
        ]


class InspectionGroupSum(models.Model):
    """What inspections of all units come to in a month, by item: what a whole group's page reads.

    Kept in the same statement as the sums of the unit. Units are spread over a few ``part``s, so
    that inspections that come in at once seldom wait for one another.
    """

    PARTS = 8

    pk = models.CompositePrimaryKey("form_id", "month", "code", "part")
    form_id = models.BigIntegerField()
    month = models.DateField(help_text="its first day")
    code = models.CharField(max_length=inspections.LIMIT_CODE)
    part = models.PositiveSmallIntegerField(help_text="the rest of the unit's number")
    inspections = models.PositiveBigIntegerField()
    failed_whole = models.PositiveBigIntegerField(help_text="of which a critical item failed")
    passed = models.PositiveBigIntegerField()
    failed = models.PositiveBigIntegerField()
    excluded = models.PositiveBigIntegerField()
    passed_weight = models.PositiveBigIntegerField()
    counted_weight = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["month"], condition=Q(code=""), name="group_sums_of_wholes")
        ]


class InspectionPhoto(KeptFile):
    """A photo that an answer names; ``code`` is the item, or the question where it is none."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    code = models.CharField(max_length=100)
    answer = models.CharField(max_length=255, help_text="the name by which the answer names it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "answer"], name="a_photo_of_an_inspection_is_kept_once"
            )
        ]


class PointVisit(models.Model):
    """Somebody proved that they were at a point: by opening the address on its tag, or by giving
    its code with an inspection."""

    point = models.ForeignKey(RoutePoint, on_delete=models.PROTECT, related_name="visits")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, related_name="visits"
    )

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="visits_of_somebody")]
