"""Accountability cases: somebody is to answer for what was not done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from taishan.core.accountability import Act, Finding, Measure
from taishan.organisation.models import Person, Post, Unit


class Case(models.Model):
    """A debtor answers for lapses: a unit, or in it a post's holder of then or a person.

    ``person`` is who held the post, or owed. ``hear_until`` is the debtor's time to explain. What
    is done in a case are its rows of ``CaseAct``; a case itself is never changed.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases")
    creditor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    hear_until = models.DateTimeField()


class CaseLapse(models.Model):
    """A duty for which the debtor answers. ``at``: from when; ``state``: what it was then."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lapses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty_id = models.UUIDField()
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "duty_id"], name="a_lapse_is_answered_for_once")
        ]


class CaseAct(models.Model):
    """What somebody said or decided in a case. Written once, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10, choices=[(act.value, act.value) for act in Act])
    finding = models.CharField(
        max_length=15, choices=[(one.value, one.value) for one in Finding], null=True
    )
    measure = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in Measure], null=True
    )
    text = models.TextField(max_length=4000)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Of two who decide at once, the second is refused here at the latest.
            models.UniqueConstraint(
                fields=["case", "act"], condition=~Q(act=Act.REMARKED), name="a_case_is_judged_once"
            ),
            models.CheckConstraint(
                condition=Q(act=Act.FOUND, finding__isnull=False)
                | ~Q(act=Act.FOUND) & Q(finding=None),
                name="a_finding_says_which",
            ),
            models.CheckConstraint(
                condition=Q(act=Act.MEASURED, measure__isnull=False)
                | ~Q(act=Act.MEASURED) & Q(measure=None),
                name="a_measure_says_which",
            ),
        ]
