"""Campaigns: what was ordered, the two lists of each unit, its returns, and how it all ended.

What is said of a campaign and each act on an entry are added and never changed; of an entry only
where it stands changes, together with the act that moved it. ``CampaignSum`` adds up per unit.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taishan.core.campaigns import Act, Measure, Stand
from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Person, Post, Unit, is_chinese
from taishan.safety.hazard_models import Hazard


class _TwoTongues(models.Model):
    """Something with a title in both languages."""

    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en


class _Said(models.Model):
    """Who did it, and when it was recorded."""

    recorded_at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Campaign(_TwoTongues, _Said):
    """A programme of a unit over units, in ``starts <= day < ends``.

    ``return_day``: the day of the next month by which each unit's monthly return is due;
    ``stalled_after_days``: how long lists may stay without movement; ``formula``: the code of the
    ranking's; ``source``: the public document that it follows, if any.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")
    goal_en = models.TextField(max_length=4000)
    goal_zh = models.TextField(max_length=4000)
    starts = models.DateField()
    ends = models.DateField()
    return_day = models.PositiveSmallIntegerField()
    stalled_after_days = models.PositiveSmallIntegerField()
    formula = models.CharField(max_length=20)
    template = models.CharField(max_length=60, default="")
    source = models.CharField(max_length=400, default="")
    source_url = models.CharField(max_length=400, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="a_campaign_has_days"),
            models.CheckConstraint(
                condition=Q(return_day__gte=1, return_day__lte=28),
                name="a_return_is_due_on_a_day_of_any_month",
            ),
        ]

    @property
    def goal(self) -> str:
        """The goal in the language of the page."""
        return self.goal_zh if is_chinese() else self.goal_en


class CampaignScope(models.Model):
    """A unit that a campaign is for, with all below it on each day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="scope")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="a_unit_is_in_scope_once")
        ]


class CampaignPhase(_TwoTongues):
    """A part of a campaign, ``starts <= day < ends``; phases follow each other without gaps."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField()
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="a_phase_has_its_number"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="a_phase_has_days"),
        ]


class CampaignMilestone(_TwoTongues, _Said):
    """What the campaign's own unit is to have reached by the end of a day of a phase."""

    phase = models.ForeignKey(CampaignPhase, on_delete=models.PROTECT, related_name="milestones")
    due_on = models.DateField()


class MilestoneReached(_Said):
    """A milestone was reached; ``text``: what shows it."""

    milestone = models.OneToOneField(
        CampaignMilestone, on_delete=models.PROTECT, related_name="reached"
    )
    text = models.TextField(max_length=2000)


MEASURES = {
    Measure.PROBLEMS_FOUND: _("problems found"),
    Measure.PROBLEMS_CLOSED: _("problems put right"),
    Measure.MEASURES_MADE: _("rules and measures made"),
    Measure.CLOSED_ON_TIME: _("closed on time, percent"),
    Measure.RETURNS_ON_TIME: _("returns on time, percent"),
}


class CampaignTarget(_Said):
    """A number to reach by the end of a day, by a unit with all below it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=20, choices=list(MEASURES.items()))
    amount = models.PositiveIntegerField()
    by_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "measure", "by_day"], name="a_target_is_set_once"
            )
        ]


STANDS = {
    Stand.OPEN: _("to be done"),
    Stand.DONE: _("to be verified"),
    Stand.CLOSED: _("closed, verified"),
    Stand.WITHDRAWN: _("withdrawn"),
}


class CampaignEntry(_Said):
    """A line of a unit's list. ``done_at``: when the last act said that it is done.

    One that names a hazard has no acts of its own: where it stands, its post and its deadline
    follow the hazard (``campaign_hazards``).
    """

    class Of(models.TextChoices):
        """The two lists."""

        PROBLEMS = "problems", _("problems and hazards")
        MEASURES = "measures", _("rules and measures")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    of = models.CharField(max_length=10, choices=Of.choices)
    number = models.PositiveIntegerField(help_text="within the unit's list, from 1")
    what = models.CharField(max_length=500)
    place = models.CharField(max_length=200, default="")
    how = models.CharField(max_length=500, default="", help_text="what is to be done")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    hazard = models.ForeignKey(
        Hazard, on_delete=models.PROTECT, null=True, related_name="campaign_entries"
    )
    due_on = models.DateField()
    due_at = models.DateTimeField()
    stand = models.CharField(max_length=10, choices=list(STANDS.items()), default=Stand.OPEN)
    done_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "of", "number"], name="a_line_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["campaign", "hazard"], name="a_hazard_is_listed_once_in_a_campaign"
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "unit", "due_at"],
                condition=Q(stand=Stand.OPEN),
                name="campaign_open_entries",
            )
        ]


ACTS = {
    Act.DONE: _("Done"),
    Act.RETURNED: _("Returned"),
    Act.VERIFIED: _("Verified and closed"),
    Act.WITHDRAWN: _("Withdrawn"),
}


class CampaignAct(_Said):
    """A step of an entry: who, when, with what words."""

    entry = models.ForeignKey(CampaignEntry, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=10, choices=list(ACTS.items()))
    text = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"], name="a_step_with_a_line_is_taken_once"
            )
        ]


class CampaignActFile(KeptFile):
    """What shows that an entry was done."""

    act = models.OneToOneField(CampaignAct, on_delete=models.PROTECT, related_name="file")


class CampaignReturn(_Said):
    """What a unit returned on a month; the numbers of its lists are those of the instant."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="returns", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(help_text="its first day")
    text = models.TextField(max_length=4000)
    problems = models.PositiveIntegerField()
    problems_closed = models.PositiveIntegerField()
    measures = models.PositiveIntegerField()
    measures_closed = models.PositiveIntegerField()
    is_on_time = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "month"], name="a_month_is_returned_once"
            )
        ]


class CampaignSum(models.Model):
    """What a unit has done in a campaign, kept by the acts themselves.

    ``problems`` and ``measures`` are those not withdrawn; ``returns_owed`` counts the months whose
    duty has been opened and was not waived.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="sums", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    problems = models.IntegerField()
    problems_waiting = models.IntegerField()
    problems_closed = models.IntegerField()
    problems_on_time = models.IntegerField()
    measures = models.IntegerField()
    measures_waiting = models.IntegerField()
    measures_closed = models.IntegerField()
    measures_on_time = models.IntegerField()
    returns_owed = models.IntegerField()
    returns_on_time = models.IntegerField()
    returns_late = models.IntegerField()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"], name="a_unit_has_one_sum_in_a_campaign"
            )
        ]


class CampaignClosing(_Said):
    """The end of a campaign: its report in words and in numbers frozen at the instant."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="closing")
    text = models.TextField(max_length=20_000)
    numbers = models.JSONField()
    sha256 = models.CharField(max_length=64)
