"""Hazards (hidden dangers): what was found, what it waits for, and each step taken."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.core import hazards
from taishan.core.hazards import Act, Grade, Plan, Record, State
from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, Post, Unit

ASSIGNED_IN = (State.ASSIGNED, State.RECTIFYING, State.SUBMITTED, State.VERIFIED, State.CLOSED)
ACTS = [(act.value, act.value) for act in Act]
STATES = [(state.value, state.value) for state in State]


class Hazard(models.Model):
    """A condition or act that breaks a measure and could hurt someone.

    ``state`` and the plan follow from its acts, each of which is a ``HazardAct``. ``reporter`` is
    null where it was reported anonymously: then only ``receipt``, the SHA-256 of a code that the
    reporter alone has, leads to it. ``origin`` names what it came of, ``lister`` the unit that
    closes it, ``words`` are what it is searched by (``hazard_search``).
    """

    class Looks(models.IntegerChoices):
        """How bad it looks to whoever found it; the grade is given by criteria."""

        MINOR = 1, _("somebody could be hurt a little")
        SERIOUS = 2, _("somebody could be badly hurt")
        ACUTE = 3, _("danger to life now")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hazards", db_index=False)
    key = models.UUIDField(unique=True, help_text="given by the phone: sent twice is reported once")
    area = models.CharField(max_length=200, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    text = models.TextField(max_length=4000)
    looks = models.SmallIntegerField(choices=Looks.choices)
    found_at = models.DateTimeField()
    found_on = models.DateField(help_text="the unit's own day of found_at")
    reporter = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(max_length=64, null=True, unique=True)
    origin_kind = models.CharField(max_length=40, default="report")
    origin_id = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=10, choices=STATES)
    grade = models.CharField(max_length=10, choices=[(g.value, g.value) for g in Grade], null=True)
    cause = models.CharField(max_length=40, default="", help_text="a cause of the criteria library")
    criterion = models.CharField(max_length=60, default="")
    lister = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    measures = models.TextField(max_length=4000, default="")
    money_cny = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    due_at = models.DateTimeField(null=True)
    contingency = models.TextField(max_length=4000, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True, help_text="the unit's own day of ended_at")
    put_right_at = models.DateTimeField(null=True, help_text="when it was handed in last")
    words = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reporter=None) | Q(receipt=None), name="anonymous_leaves_no_trace"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.FOUND, State.DISMISSED, State.MERGED])
                | Q(grade__isnull=False, lister__isnull=False),
                name="a_hazard_is_graded_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ASSIGNED_IN)
                | Q(post__isnull=False, money_cny__gte=0, due_at__isnull=False)
                & ~Q(measures="")
                & ~Q(contingency=""),
                name="an_assignment_has_its_five_parts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(hazards.ENDED), ended_at__isnull=False)
                | ~Q(state__in=sorted(hazards.ENDED)) & Q(ended_at=None),
                name="an_ended_hazard_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | ~Q(state=State.MERGED) & Q(merged_into=None),
                name="a_merged_hazard_goes_on_in_another",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-found_at"], name="hazard_of_unit"),
            models.Index(fields=["-found_at", "-id"], name="hazard_latest"),
            models.Index(
                fields=["-found_at", "-id"], condition=Q(ended_at=None), name="hazard_latest_open"
            ),
            models.Index(
                fields=["unit", "state", "due_at"], include=["grade", "cause", "found_at"],
                condition=Q(ended_at=None), name="hazard_open",
            ),
            models.Index(
                fields=["ended_on"], condition=Q(state=State.CLOSED), name="hazard_closed"
            ),
            models.Index(
                fields=["found_on"], include=["unit", "cause", "area", "state"],
                condition=~Q(cause="") & ~Q(area=""), name="hazard_repeated",
            ),
            models.Index(
                fields=["lister"], condition=Q(ended_at=None, grade=Grade.MAJOR),
                name="hazard_major_open",
            ),
            models.Index(fields=["origin_kind", "origin_id"], name="hazard_of_origin"),
            GinIndex(fields=["words"], name="hazard_words"),
        ]  # fmt: skip

    @property
    def record(self) -> Record:
        """The hazard as the core thinks of it."""
        grade = Grade(self.grade) if self.grade else None
        return Record(state=State(self.state), grade=grade, due_at=self.due_at)

    @property
    def plan(self) -> Plan:
        return Plan(
            post_id=self.post_id, measures=self.measures, money_cny=self.money_cny,
            due_at=self.due_at, contingency=self.contingency,
        )  # fmt: skip


class HazardAct(models.Model):
    """One step, from a state to a state. Written once, never changed; ``data``: what it settled."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=ACTS)
    before = models.CharField(max_length=10, choices=STATES, null=True)
    after = models.CharField(max_length=10, choices=STATES)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=4000, default="")
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # Of two who act at once, the second is refused here at the latest.
            models.UniqueConstraint(
                fields=["hazard", "number"], name="a_step_with_a_hazard_is_taken_once"
            )
        ]


class HazardPhoto(KeptFile):
    """What was seen when a step was taken: before it was put right, or after."""

    act = models.ForeignKey(HazardAct, on_delete=models.PROTECT, related_name="photos")
