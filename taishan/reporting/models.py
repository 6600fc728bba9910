"""FACT: who owes which report when, the reports, and the counters they add up to.

A million reports come in each morning, so the large tables name forms, units, people and accounts
by short numbers without foreign keys, and hold no index but their keys (DESIGN 6). All of them
carry the unit first in the key, to be distributed by it.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taishan.forms.models import Form
from taishan.organisation.models import Account, Shift, Unit
from taishan.privacy.models import Consent
from taishan.reporting import follow_up_models  # noqa: F401 - models of this app


class ExactField(models.DecimalField):  # type: ignore[type-arg]
    """A number of any size, exactly: counters must come to nothing when all is taken away again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"max_digits": None, "decimal_places": None})

    def db_type(self, connection: Any) -> str:
        return "numeric"


class Door(models.IntegerChoices):
    """Where a report came in."""

    PAGE = 1, _("page")
    PHONE = 2, _("phone")
    OPENROSA = 3, _("OpenRosa client")
    API = 4, _("API")
    FILE = 5, _("file")
    LINK = 6, _("link of the unit")
    CORRECTION = 7, _("correction")


class Schedule(models.Model):
    """Who owes a form how often, by which local hours (core/schedules).

    That of a shift stands, for who works it, in place of the one that holds for everybody.
    """

    class OwedBy(models.TextChoices):
        PEOPLE = "people", _("every employee")
        UNITS = "units", _("each unit")
        SITES = "sites", _("each project site")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="schedules")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, help_text="with all below it", related_name="+"
    )
    owed_by = models.CharField(max_length=10, choices=OwedBy.choices)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=200, help_text="RFC 5545")
    days_on = models.PositiveSmallIntegerField(default=1, help_text="each time, one after another")
    starts = models.DateField()
    until = models.DateField(null=True, help_text="the first day on which it no longer holds")
    skipped = ArrayField(models.DateField(), default=list, help_text="holidays")
    opens_day = models.SmallIntegerField(default=0)
    opens_at = models.TimeField()
    due_day = models.SmallIntegerField(default=0)
    due_at = models.TimeField()
    late_day = models.SmallIntegerField(default=0)
    late_at = models.TimeField()
    closes_day = models.SmallIntegerField(default=0)
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owed_by__in=["people", "units", "sites"]),
                name="a_report_is_owed_by_people_units_or_sites",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("starts")),
                name="a_schedule_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(shift=None) | Q(owed_by="people"), name="people_alone_work_shifts"
            ),
            models.CheckConstraint(
                condition=Q(days_on__gte=1), name="a_period_begins_on_a_day_at_least"
            ),
        ]


class Indicator(models.Model):
    """A number by its name; counters of any form name it by its id."""

    name = models.CharField(max_length=200, unique=True)


class Tally(models.Model):
    """What a report adds to the counters, kept once for all reports that add the same.

    It names no unit, day or person. ``digest`` is of its content, for finding it.
    """

    digest = models.UUIDField(unique=True)
    indicators = ArrayField(models.IntegerField())
    amounts = ArrayField(ExactField())


class Report(models.Model):
    """The answers in force to a form, by a person or unit, for a period.

    ``period`` is the first local day; ``unit_id`` where the person was on it. ``subject_id`` is the
    person's or the unit's. ``answers`` are by the place of their question in the version
    (``packing``). ``client`` is the number that the sender gave the report: a second one of the
    same number is the same report. ``device_ahead_s`` is by how many seconds the sender's clock was
    ahead of ``submitted_at``; it proves nothing. The columns stand in the order that leaves no gaps
    between them.
    """

    pk = models.CompositePrimaryKey("unit_id", "form_id", "period", "subject_id")
    client = models.UUIDField()
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    unit_id = models.IntegerField()
    subject_id = models.IntegerField()
    period = models.DateField()
    device_ahead_s = models.IntegerField(null=True)
    tally_id = models.IntegerField()
    account_id = models.IntegerField(null=True)
    form_id = models.SmallIntegerField()
    version = models.SmallIntegerField()
    door = models.SmallIntegerField(choices=Door.choices)
    is_late = models.BooleanField()
    answers = models.JSONField()


class Earlier(models.Model):
    """Answers that later ones replaced; as in Report. Only added to, until they are erased."""

    pk = models.CompositePrimaryKey("unit_id", "form_id", "period", "subject_id", "client")
    client = models.UUIDField()
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    unit_id = models.IntegerField()
    subject_id = models.IntegerField()
    period = models.DateField()
    device_ahead_s = models.IntegerField(null=True)
    account_id = models.IntegerField(null=True)
    form_id = models.SmallIntegerField()
    version = models.SmallIntegerField()
    door = models.SmallIntegerField(choices=Door.choices)
    is_late = models.BooleanField()
    answers = models.JSONField()


class ReportFile(models.Model):
    """A file that came with a report, under the name its answers give it (``files``).

    ``client`` is the number under which it came; ``kept_as`` its random name in the media folder
    and in addresses.
    """

    pk = models.CompositePrimaryKey("unit_id", "form_id", "period", "subject_id", "client", "name")
    client = models.UUIDField()
    kept_as = models.UUIDField()
    recorded_at = models.DateTimeField()
    unit_id = models.IntegerField()
    subject_id = models.IntegerField()
    period = models.DateField()
    account_id = models.IntegerField(null=True)
    form_id = models.SmallIntegerField()
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["kept_as"], name="reporting_file_kept_as")]


class Counter(models.Model):
    """The sum of an indicator over the reports of one unit itself for one period of a form."""

    pk = models.CompositePrimaryKey("unit_id", "form_id", "period", "indicator_id")
    unit_id = models.IntegerField()
    indicator_id = models.IntegerField()
    period = models.DateField()
    form_id = models.SmallIntegerField()
    amount = ExactField()

    class Meta:
        indexes = [models.Index(fields=["form_id", "period"], name="reporting_counter_day")]


class Amendment(models.Model):
    """That counters of a period moved which was long over: one row for each statement that did.

    Only added to. Whoever keeps sums of such a period knows by its rows whether they still hold.
    ``unit_id`` is one of the units.
    """

    pk = models.CompositePrimaryKey("unit_id", "id")
    id = models.UUIDField()
    unit_id = models.IntegerField()
    period = models.DateField()
    form_id = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["form_id", "period"], name="amendment_of_a_period")]


class Correction(models.Model):
    """Answers that came for a closed period, for the unit's officer to accept or refuse."""

    client = models.UUIDField()
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    unit_id = models.IntegerField()
    subject_id = models.IntegerField()
    period = models.DateField()
    device_ahead_s = models.IntegerField(null=True)
    tally_id = models.IntegerField()
    account_id = models.IntegerField(null=True)
    form_id = models.SmallIntegerField()
    version = models.SmallIntegerField()
    answers = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "form_id", "period", "subject_id", "client"],
                name="a_correction_is_proposed_once",
            )
        ]


class Ruling(models.Model):
    """What became of a correction: by whom, when, and why."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    correction = models.OneToOneField(Correction, on_delete=models.CASCADE, related_name="ruling")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    ruled_at = models.DateTimeField()
    ruled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | (Q(outcome="refused") & ~Q(reason="")),
                name="a_refusal_says_why",
            )
        ]


class Erasure(models.Model):
    """The answers of a form for periods before ``until`` were erased; their counters stay."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="erasures")
    until = models.DateField()
    erased_at = models.DateTimeField()
    reports = models.PositiveIntegerField(help_text="how many were erased")


class Withdrawal(models.Model):
    """A withdrawn consent of which the answers of before are erased."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField()
    reports = models.PositiveIntegerField()


class Frozen(models.Model):
    """A unit's counters of a period hold reports that are erased: so many, and nobody's name.

    They go on with what else comes in, and no recount can equal them any more.
    """

    pk = models.CompositePrimaryKey("unit_id", "form_id", "period")
    unit_id = models.IntegerField()
    period = models.DateField()
    form_id = models.SmallIntegerField()
    reports = models.PositiveIntegerField()
