"""What posts owe again and again, and how far the jobs that open duties have come."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models

from taishan.core.duty_matrix import Act, Template
from taishan.kit.editions import Edition
from taishan.organisation.models import Account, PostKind, Unit, is_chinese


class DutyTemplate(Edition):
    """What every post of some kinds owes again and again, in a unit and all below it.

    ``valid``: the days on which an occurrence may begin.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post_kinds = ArrayField(models.CharField(max_length=20, choices=PostKind.choices))
    what_en = models.CharField(max_length=300)
    what_zh = models.CharField(max_length=300)
    rule = models.CharField(max_length=200, help_text="RFC 5545: the days on which it may begin")
    counted_from = models.DateField(help_text="DTSTART of the rule")
    days = models.PositiveSmallIntegerField(help_text="to do it in, the first included")
    due_at = models.TimeField(help_text="local time on the last of them")
    lapses_after_days = models.PositiveSmallIntegerField(null=True)
    needs_evidence = models.BooleanField()
    done_by = models.CharField(
        max_length=20, default="", choices=[(act.value, act.value) for act in Act],
        help_text="the act that discharges it; empty where its debtor says so",
    )  # fmt: skip

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_template_of_a_unit_is_one_thing_on_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(days__gt=0), name="a_template_gives_a_day_at_least"
            ),
        ]

    @property
    def what(self) -> str:
        """What is owed, in the language of the page."""
        return self.what_zh if is_chinese() else self.what_en

    @property
    def source(self) -> str:
        """Who asks for it, in the language of the page."""
        return self.source_zh if is_chinese() else self.source_en

    @property
    def terms(self) -> Template:
        """The template as the core thinks of it."""
        return Template(
            rule=self.rule,
            counted_from=self.counted_from,
            days=self.days,
            due=self.due_at,
            lapses_after_days=self.lapses_after_days,
            needs_evidence=self.needs_evidence,
            post_kinds=frozenset(self.post_kinds),
            done_by=Act(self.done_by) if self.done_by else None,
        )


class Reached(models.Model):
    """How far a job has opened what recurs: everything that began by ``until`` is a duty."""

    what = models.CharField(max_length=80, primary_key=True)
    until = models.DateTimeField()


class FeedAddress(models.Model):
    """A secret address at which somebody's calendar reads what they owe; only its digest is kept.

    Its instants are real time, as for sessions.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(revoked_at=None),
                name="an_account_has_one_feed",
            )
        ]
