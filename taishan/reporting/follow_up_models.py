"""FACT: whom a unit follows up, why, by which rules, and what was done for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taishan.core import followup
from taishan.organisation.models import Account, Person, Unit


class FollowUpRule(models.Model):
    """What a unit asks of itself and of all below it when people are followed up (core/followup).

    The latest row of a unit holds; what is null asks for nothing of its own. Only added to.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    quarantine_days = models.PositiveSmallIntegerField(null=True)
    checks_per_day = models.PositiveSmallIntegerField(null=True)
    causes = ArrayField(models.CharField(max_length=20), null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)


ENDED = sorted(state.value for state in followup.ENDED)
APART = sorted(state.value for state in followup.APART)


class FollowUp(models.Model):
    """A person who is followed up: from a report that gave cause until they are released or back.

    It goes with the person: whose unit it concerns on a day is whose roster they are on that day.
    ``state`` is the last step's, here so that two people cannot both take the next one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follow_ups")
    state = models.CharField(max_length=12)
    steps_taken = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state__in=ENDED),
                name="a_person_is_followed_up_once_at_a_time",
            )
        ]


class Step(models.Model):
    """What became of a follow-up on a day: its state in ``since <= day < until``, and by whom.

    ``given_by`` is who said it, the doctor or the street office; the account is who recorded it.
    ``starts``, ``ends``, ``place`` and ``checks_per_day`` are a quarantine's, as it was ordered.
    """

    class Manner(models.TextChoices):
        VERBAL = "verbal", _("verbally")
        WRITTEN = "written", _("in writing")

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = models.CharField(max_length=120, blank=True)
    manner = models.CharField(max_length=10, choices=Manner.choices, blank=True)
    text = models.TextField(blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    place = models.CharField(max_length=200, blank=True)
    checks_per_day = models.PositiveSmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "number"], name="the_steps_of_a_follow_up_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["follow_up"], condition=Q(until=None), name="one_step_is_the_last"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_step_ends_after_it"
            ),
            models.CheckConstraint(
                condition=~Q(state=followup.State.QUARANTINED.value)
                | Q(starts__isnull=False, ends__isnull=False, checks_per_day__isnull=False)
                & Q(ends__gt=F("starts"), checks_per_day__gt=0)
                & ~Q(manner=""),
                name="a_quarantine_says_from_until_and_how_it_was_ordered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(until=None) & Q(state__in=APART),
                name="reporting_step_apart",
            )
        ]


class Cause(models.Model):
    """A report that gave cause for a follow-up; the same report never gives cause twice.

    ``client`` is the report's number: answers that replaced others may give cause anew.
    """

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="causes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.DateField()
    client = models.UUIDField()
    kinds = ArrayField(models.CharField(max_length=20))
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period", "client"], name="a_report_gives_cause_once"
            )
        ]


class Check(models.Model):
    """Somebody in quarantine was looked after on a day; ``is_report``: by their daily report."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()
    recorded_at = models.DateTimeField()
    is_report = models.BooleanField(default=False)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "day"],
                condition=Q(is_report=True),
                name="the_report_of_a_day_is_one_check",
            )
        ]
