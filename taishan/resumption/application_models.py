"""Applications to resume work: what a unit asks for, what it rests on, and what became of it.

Plans, submissions, steps and decisions of a locality are added and never changed; the last step
says where an application stands, and its number is what two who decide at once are told apart by.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from taishan.core.approvals import Act
from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, KindOfWork, Unit


class ApprovalRule(models.Model):
    """From a day on: up to which size the unit above decides, and within how many days.

    Set by headquarters for the whole group; the last one that has begun holds.
    """

    starts = models.DateField()
    parent_up_to = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)


class Application(models.Model):
    """A unit applies to resume work. ``ground``: why it cannot wait, in the urgent lane."""

    class Lane(models.TextChoices):
        ORDINARY = "ordinary", _("level by level")
        URGENT = "urgent", _("urgent: directly to headquarters")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="applications")
    lane = models.CharField(max_length=10, choices=Lane.choices)
    kind_of_work = models.CharField(max_length=20, choices=KindOfWork.choices, default="")
    ground = models.TextField(max_length=2000, default="")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lane="ordinary")
                | (~models.Q(ground="") & ~models.Q(kind_of_work="")),
                name="what_is_urgent_has_its_ground",
            )
        ]


class Plan(models.Model):
    """How the unit means to resume; each saving makes a new edition.

    ``phases``: a list of ``{"day", "persons", "who"}``. ``until``: the day on which the urgent task
    is over and the approval with it (half-open).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    starts_on = models.DateField()
    until = models.DateField(null=True)
    principle = models.TextField(max_length=4000)
    phases = models.JSONField()
    pace = models.TextField(max_length=2000)
    who_first = models.TextField(max_length=2000)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="a_plan_is_written_once")
        ]


class Submission(models.Model):
    """What was handed in, frozen: the plan, the verdict of that moment and what it rests on.

    ``verdict`` as in RecordedVerdict, with its day. ``line``: the ids of the units that may decide,
    in order; the one at ``last`` is the first that may approve.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="submissions"
    )
    round = models.PositiveIntegerField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    verdict = models.JSONField()
    rests_on = models.ManyToManyField("resumption.Attestation", related_name="+")
    line = ArrayField(models.BigIntegerField())
    last = models.PositiveIntegerField()
    days = models.PositiveIntegerField(help_text="within which each level decides")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round"], name="a_round_is_submitted_once"
            )
        ]


class Step(models.Model):
    """Something that happened to an application: it stands until the next step.

    ``unit``: who decided, or null for the applicant and for what the facts did. ``breaches``: why
    it was suspended, as ``[cause, about]``.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Act])
    round = models.PositiveIntegerField()
    level = models.PositiveIntegerField(help_text="in the submission's line; whose turn it is next")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=4000, default="")
    breaches = models.JSONField(default=list)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="an_application_takes_a_step_once"
            )
        ]


class LocalDecision(models.Model):
    """What an authority of the place has filed or approved, by its own number.

    ``attestation`` is what it shows of the unit's conditions, recorded by the same act.
    """

    class Kind(models.TextChoices):
        FILED = "filed", _("filed with the authority")
        APPROVED = "approved", _("approved by the authority")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="local_decisions"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    authority = models.CharField(max_length=200)
    number = models.CharField(max_length=100)
    on = models.DateField()
    attestation = models.ForeignKey(
        "resumption.Attestation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class LocalFile(KeptFile):
    """The locality's paper."""

    decision = models.OneToOneField(LocalDecision, models.PROTECT, related_name="file")


class ApplicationFile(KeptFile):
    """A file of an application, such as the plan of the floors."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    added_at = models.DateTimeField()
