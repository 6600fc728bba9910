"""Looking into an incident: who, what happened when, why, what follows, and what others learn.

Rows are added and never changed.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from taishan.core import incidents as core
from taishan.organisation.models import Person, Post, Unit
from taishan.safety.incident_models import Incident, Said


class Investigator(Said):
    """Somebody of another line of command, appointed to look into an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="investigators")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    leads = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="appointed_once"),
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(leads=True), name="one_leads_the_team"
            ),
        ]


class Moment(Said):
    """One point of what happened: ``happened_at`` by what was found out."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="moments")
    happened_at = models.DateTimeField()
    text = models.TextField(max_length=1000)


class Why(Said):
    """One step of asking why: ``step`` counts from 1 in its ``chain``; a root cause ends it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="whys")
    chain = models.PositiveIntegerField()
    step = models.PositiveIntegerField()
    text = models.TextField(max_length=1000)
    is_root = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "chain", "step"], name="why_in_order")
        ]


class Barrier(Said):
    """What should have stopped it, and whether it did."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        WEAK = "weak", _("did not suffice")
        FAILED = "failed", _("failed")
        MISSING = "missing", _("was not there")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="barriers")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices)
    text = models.TextField(max_length=1000, blank=True, default="")


class IncidentMeasure(Said):
    """What is to be done so that it does not happen again: a duty of a unit or of a post in it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="measures")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=280)
    due_at = models.DateTimeField()


class Condition(models.TextChoices):
    """The four that never let go, in words."""

    CAUSE = core.Condition.CAUSE.value, _("The cause is found")
    ANSWERED_FOR = (
        core.Condition.ANSWERED_FOR.value,
        _("Whoever is responsible has answered for it"),
    )
    MEASURES = core.Condition.MEASURES.value, _("The measures are carried out")
    TAUGHT = core.Condition.TAUGHT.value, _("Those concerned have learnt from it")


class ConditionAnswer(Said):
    """How one of the four conditions is met; the last answer counts."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="answers")
    condition = models.CharField(max_length=20, choices=Condition.choices)
    text = models.TextField(max_length=2000)


class Lesson(Said):
    """What units with the same risk were told. ``notice_id``: the notice by which they were;
    ``units``: how many of them had somebody who leads and so was told; ``unled``: the ids of those
    that had nobody.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lessons")
    within = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind_of_work = models.CharField(max_length=20, blank=True, default="")
    text = models.TextField(max_length=2000)
    notice_id = models.BigIntegerField()
    units = models.PositiveIntegerField()
    unled = ArrayField(models.BigIntegerField(), default=list)


class Closing(Said):
    """The incident is closed; once more where it turned out grave after a unit closed it alone."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="closings")
    text = models.TextField(max_length=2000)
