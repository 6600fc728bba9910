"""What is owed, one row a duty, and what became of it.

A population's daily reports are not here: what it owes is derived from roster and reports. These
tables carry the unit first in the key, to be distributed by it; no foreign key points to a duty.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.core import duties, duty_kinds
from taishan.core.duties import State, Terms
from taishan.duties import case_models, escalation_models  # noqa: F401 - models of this app
from taishan.duties.matrix_models import DutyTemplate, FeedAddress, Reached  # noqa: F401 - models
from taishan.kit.kept_files import OldKeptFile
from taishan.organisation.models import Person, Post, Unit, is_chinese

ENDS = {
    State.ON_TIME: _("done on time"),
    State.LATE: _("done late"),
    State.WAIVED: _("waived"),
    State.MISSED: _("missed"),
}
ESCALATES = Q(escalates_at__isnull=False) & (
    Q(ended=None) | Q(ended__in=[State.LATE, State.MISSED, State.WAIVED])
)
"""Of which duties somebody is still to be told, or to answer for: one done in time leaves by
itself, whatever its ``escalates_at``. One waived is looked at once more: to ask for it no longer
does not undo that somebody had to answer for it before.
"""


class Duty(models.Model):
    """Something owed: by the unit, or in it by a post or a person, to another unit, by an instant.

    What a post owes is owed by whoever holds it on the day. ``subject`` names what it is about in
    any app; ``address`` is the page on which it is done. ``ended`` stays null while it is open, and
    is written once, together with its ``Ending``.
    """

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField()
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    creditor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=200)
    what_en = models.CharField(max_length=300)
    what_zh = models.CharField(max_length=300)
    address = models.CharField(max_length=400, default="")
    needs_evidence = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_on = models.DateField(help_text="the unit's own day of due_at; it counts on it")
    lapses_at = models.DateTimeField(null=True)
    parent_unit_id = models.BigIntegerField(null=True)
    parent_id = models.UUIDField(null=True)
    ended = models.CharField(max_length=10, choices=list(ENDS.items()), null=True)
    ended_at = models.DateTimeField(null=True, help_text="when it was done, waived or missed")
    escalates_at = models.DateTimeField(
        null=True, help_text="when to look next whom to tell; first when it opens"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "subject_kind", "subject_id", "kind", "post", "person"],
                name="the_same_is_owed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(post=None) | Q(person=None), name="a_duty_has_one_debtor"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__lte=models.F("due_at"))
                & (Q(lapses_at=None) | Q(lapses_at__gte=models.F("due_at"))),
                name="a_duty_opens_falls_due_and_lapses",
            ),
            models.CheckConstraint(
                condition=Q(ended=None, ended_at=None)
                | Q(ended__isnull=False, ended_at__isnull=False),
                name="an_ended_duty_has_its_instant",
            ),
            # A missed child could neither be done nor be passed over: its parent would hang.
            models.CheckConstraint(
                condition=Q(parent_id=None) | Q(lapses_at=None), name="a_part_of_a_duty_stays_open"
            ),
            models.CheckConstraint(
                condition=Q(address="") | Q(address__regex=r"^/([^/]|$)"),
                name="duty_leads_inside",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_at"], condition=Q(ended=None), name="duty_open_of_unit"
            ),
            models.Index(
                fields=["post", "due_at"],
                condition=Q(ended=None, post__isnull=False),
                name="duty_open_of_post",
            ),
            models.Index(
                fields=["person", "due_at"],
                condition=Q(ended=None, person__isnull=False),
                name="duty_open_of_person",
            ),
            models.Index(
                fields=["creditor", "due_at"], condition=Q(ended=None), name="duty_open_to_unit"
            ),
            models.Index(
                fields=["lapses_at"],
                condition=Q(ended=None, lapses_at__isnull=False),
                name="duty_lapses",
            ),
            models.Index(fields=["unit", "due_on"], name="duty_of_unit_by_day"),
            models.Index(
                fields=["post", "due_on"], condition=Q(post__isnull=False), name="duty_of_post"
            ),
            models.Index(
                fields=["person", "due_on"],
                condition=Q(person__isnull=False),
                name="duty_of_person",
            ),
            models.Index(fields=["escalates_at"], condition=ESCALATES, name="duty_escalates"),
            models.Index(fields=["subject_kind", "subject_id"], name="duty_of_subject"),
            models.Index(
                fields=["parent_id"], condition=Q(parent_id__isnull=False), name="duty_of_parent"
            ),
        ]

    @property
    def what(self) -> str:
        """What is owed, in the language of the page."""
        return self.what_zh if is_chinese() else self.what_en

    @property
    def terms(self) -> Terms:
        return Terms(
            opened_at=self.opened_at,
            due_at=self.due_at,
            soon=duty_kinds.get_kind(self.kind).soon,
            lapses_at=self.lapses_at,
        )

    @property
    def end(self) -> State | None:
        """What an act, or its lapse, has made of it."""
        return None if self.ended is None else State(self.ended)

    def standing(self, now: datetime) -> State:
        """Return where it stands at an instant, whether or not a job has run since."""
        return duties.standing(self.terms, self.end, now)


class _OfDuty(models.Model):
    """A row of what became of a duty: who, when, why. Written once, never changed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    by_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(default="", max_length=2000)

    class Meta:
        abstract = True


class Ending(_OfDuty):
    """How a duty ended. ``at``: when it was done, waived or missed; ``reason``: what shows it."""

    pk = models.CompositePrimaryKey("unit_id", "duty_id")
    state = models.CharField(max_length=10, choices=list(ENDS.items()))
    at = models.DateTimeField()


class ProofFile(OldKeptFile):
    """A file handed in with what shows that a duty was done."""

    pk = models.CompositePrimaryKey("unit_id", "duty_id")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty_id = models.UUIDField()


class Extension(_OfDuty):
    """A duty was given a later hour."""

    pk = models.CompositePrimaryKey("unit_id", "duty_id", "recorded_at")
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()


class Handover(_OfDuty):
    """A person's duty passed to another, or to a post."""

    pk = models.CompositePrimaryKey("unit_id", "duty_id", "recorded_at")
    from_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    from_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )


class Count(models.Model):
    """How many duties of a kind a unit owed another over a span of days, and what became of them.

    A duty counts on its ``due_on``, and stands in four sums: of its day, of five days (the 1st to
    the 5th, the 6th to the 10th … the 26th to the last), of its month and of its year, so that any
    period is read from few of them. ``day`` is the first of the span. Usually there is one row
    a sum; several where two transactions came at once: each puts into its own what nobody else
    holds, so that nobody waits for anybody (``counting``).
    """

    class Span(models.IntegerChoices):
        DAY = 0
        MONTH = 1
        YEAR = 2
        FIVE_DAYS = 3

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField()
    creditor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    span = models.SmallIntegerField(choices=Span.choices)
    day = models.DateField()
    owed = models.IntegerField()
    on_time = models.IntegerField()
    late = models.IntegerField()
    missed = models.IntegerField()
    waived = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["span", "day", "unit"],
                include=["creditor", "kind", "owed", "on_time", "late", "missed", "waived"],
                name="duties_of_a_span",
            )
        ]
