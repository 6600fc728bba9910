"""Incidents: what was reported, how the numbers moved, who was told, who was hurt.

All of it is added to and never changed, but for what an incident amounts to now (``kind``,
``is_road_traffic``, ``grade``, numbers and ``stage``), kept beside its rows for lists; and for who
was hurt, which is erased in time.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from taishan.core import incidents as core
from taishan.core import injury_rates
from taishan.kit.kept_files import KeptFile
from taishan.organisation import history
from taishan.organisation.models import Account, Unit


class Kind(models.TextChoices):
    """The kinds of ``core.incidents``, in words."""

    NEAR_MISS = core.Kind.NEAR_MISS.value, _("near miss")
    FIRST_AID = core.Kind.FIRST_AID.value, _("first aid")
    INJURY = core.Kind.INJURY.value, _("injury")
    FATALITY = core.Kind.FATALITY.value, _("fatality")
    ILLNESS = core.Kind.ILLNESS.value, _("occupational illness")
    FIRE = core.Kind.FIRE.value, _("fire")
    ENVIRONMENTAL = core.Kind.ENVIRONMENTAL.value, _("harm to the environment")
    PROPERTY = core.Kind.PROPERTY.value, _("damage to property")
    EPIDEMIC = core.Kind.EPIDEMIC.value, _("epidemic at a site")


class Stage(models.TextChoices):
    """The stages of ``core.incidents``, in words."""

    REPORTED = core.Stage.REPORTED.value, _("reported")
    INVESTIGATED = core.Stage.INVESTIGATED.value, _("being looked into")
    CLOSED = core.Stage.CLOSED.value, _("incident closed")


class Counted(models.Model):
    """The numbers of ``core.incidents.Numbers``, and the grade that follows from them."""

    deaths = models.PositiveIntegerField(default=0)
    serious = models.PositiveIntegerField(default=0)
    light = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    loss_yuan = models.PositiveBigIntegerField(default=0)
    hospitalised = models.PositiveIntegerField(default=0)
    amputations = models.PositiveIntegerField(default=0)
    eyes_lost = models.PositiveIntegerField(default=0)
    grade = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def numbers(self) -> core.Numbers:
        return core.Numbers(**{name: getattr(self, name) for name in core.MEASURES})

    @property
    def is_light(self) -> bool:
        kind: str = getattr(self, "kind")  # noqa: B009 - each of the two has one of its own
        return core.is_light(core.Kind(kind), self.numbers)


class Said(models.Model):
    """Something that somebody said of an incident."""

    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Incident(Counted):
    """Something that happened at a unit. ``country`` is that of the unit's place on the day;
    ``words`` are what it is searched by.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="incidents")
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    is_road_traffic = models.BooleanField(default=False)
    what = models.TextField(max_length=2000)
    place = models.CharField(max_length=200, blank=True, default="")
    first_measures = models.TextField(max_length=2000, blank=True, default="")
    occurred_at = models.DateTimeField()
    known_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    words = ArrayField(models.CharField(max_length=40), default=list)
    origin = models.CharField(max_length=60, blank=True, default="")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.REPORTED)
    key = models.UUIDField(
        null=True, unique=True, help_text="what comes twice under it is one incident"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin"],
                condition=~models.Q(origin=""),
                name="an_incident_comes_in_once",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-occurred_at"], name="incidents_of_a_unit"),
            models.Index(fields=["-occurred_at"], name="incidents_latest_first"),
            models.Index(fields=["kind", "-occurred_at"], name="incidents_of_a_kind"),
            models.Index(fields=["country", "-occurred_at"], name="incidents_of_a_country"),
            models.Index(
                fields=["grade", "-occurred_at"],
                condition=~models.Q(grade=""),
                name="incidents_of_a_grade",
            ),
            models.Index(
                fields=["stage", "-occurred_at"],
                condition=~models.Q(stage=Stage.CLOSED),
                name="incidents_of_a_stage",
            ),
            GinIndex(fields=["words"], name="incident_words"),
        ]  # fmt: skip

    def was_always_light(self) -> bool:
        """Tell whether it was never said to be more than light."""
        return all(one.is_light for one in self.revisions.all())

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clock that the unit had when it happened."""
        known = getattr(self, "zone_name", None)  # of rows that are read by their days
        return ZoneInfo(known) if known else history.zone_of(self.unit_id, self.occurred_at)


class Revision(Counted, Said):
    """What kind it was and the numbers were said to be, from an instant on; the last counts."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    is_road_traffic = models.BooleanField(default=False)
    note = models.TextField(max_length=2000, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="numbers_revised_in_order")
        ]


class IncidentPhoto(KeptFile):
    """What it looked like."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="photos")


class Telling(models.Model):
    """Somebody outside is to be told by an instant: a clock of a library (``code``) that began with
    a revision of the numbers. The duty of it is opened beside.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tellings")
    revision = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "revision", "code"], name="a_clock_begins_once"
            )
        ]


class TellingProof(models.Model):
    """Who was told, when and by what; ``receipt`` is the number they gave."""

    telling = models.OneToOneField(Telling, on_delete=models.PROTECT, related_name="proof")
    whom = models.CharField(max_length=200)
    how = models.CharField(max_length=100)
    receipt = models.CharField(max_length=120, blank=True, default="")
    told_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class TellingWaiver(Said):
    """Why somebody outside is to be told no longer: a false alarm, or no such incident."""

    telling = models.OneToOneField(Telling, on_delete=models.PROTECT, related_name="waiver")
    reason = models.TextField(max_length=2000)


class TellingFile(KeptFile):
    """The receipt itself."""

    proof = models.OneToOneField(TellingProof, models.PROTECT, related_name="file")


class Injury(Said):
    """What became of one person hurt, as known from an instant on, without saying who; the last
    revision of a ``number`` counts. Days are days of the calendar, the day itself left out, but for
    ``charged_days``, which the tables of GB 6441-86 set. For which parts of the body they do is
    health data, and said by InjuredPerson alone.
    """

    class Outcome(models.TextChoices):
        """The worst, in the order of OSHA's form 300."""

        DEATH = "death", _("death")
        AWAY = "away", _("days away from work")
        RESTRICTED = "restricted", _("other or restricted work")
        OTHER = "other", _("treated by a doctor, back at work")
        FIRST_AID = "first_aid", _("first aid only")

    class Ailment(models.TextChoices):
        """The columns M (1) to (6) of OSHA's form 300."""

        INJURY = "injury", _("injury")
        SKIN = "skin", _("skin disorder")
        RESPIRATORY = "respiratory", _("respiratory condition")
        POISONING = "poisoning", _("poisoning")
        HEARING = "hearing", _("hearing loss")
        OTHER = "other_illness", _("another illness")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="injuries")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    ailment = models.CharField(max_length=20, choices=Ailment.choices)
    days_away = models.PositiveIntegerField(default=0)
    days_restricted = models.PositiveIntegerField(default=0)
    charged_days = models.PositiveIntegerField(default=0)
    is_privacy_case = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number", "revision"], name="an_injury_is_revised_in_order"
            )
        ]

    @property
    def lost_days(self) -> int:
        """Working days lost, as the severity rate counts them."""
        if self.outcome == self.Outcome.DEATH:
            return injury_rates.DAYS_OF_A_DEATH
        return injury_rates.find_lost(days_away=self.days_away, charged_days=self.charged_days)


class InjuredPerson(models.Model):
    """Who was hurt and how: the fields of OSHA's form 301. Read by whoever may see the injured
    alone, and erased once it is kept no longer (``incident_people``). ``charged_for`` are codes of
    parts of the body (``lost_days``).
    """

    class Sex(models.TextChoices):
        MALE = "male", _("male")
        FEMALE = "female", _("female")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="people")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    born_on = models.DateField(null=True)
    hired_on = models.DateField(null=True)
    sex = models.CharField(max_length=10, choices=Sex.choices, blank=True, default="")
    doctor = models.CharField(max_length=200, blank=True, default="")
    was_in_emergency_room = models.BooleanField(default=False)
    was_in_patient = models.BooleanField(default=False)
    began_work = models.TimeField(null=True)
    was_doing = models.TextField(max_length=1000, blank=True, default="")
    injury = models.TextField(max_length=1000, blank=True, default="")
    by_what = models.CharField(max_length=300, blank=True, default="")
    died_on = models.DateField(null=True)
    charged_for = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="an_injured_person_is_one")
        ]


class WorkedHours(models.Model):
    """The hours worked at a unit in a month (its first day), and by how many people on average."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    hours = models.PositiveBigIntegerField()
    workers = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="a_month_is_worked_once")
        ]


class IncidentSum(models.Model):
    """What happened at a unit in a month (its first day, by the unit's clock), counted anew with
    every change of an incident in it. ``hurt`` are the people dead or hurt by the numbers;
    ``living_cases`` those of the living whose outcome is recorded.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    incidents = models.PositiveIntegerField()
    near_misses = models.PositiveIntegerField()
    first_aid_cases = models.PositiveIntegerField()
    deaths = models.PositiveIntegerField()
    away_cases = models.PositiveIntegerField()
    restricted_cases = models.PositiveIntegerField()
    other_cases = models.PositiveIntegerField()
    lost_days = models.PositiveIntegerField()
    hurt = models.PositiveIntegerField()
    living_cases = models.PositiveIntegerField()
    last_lost_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="a_month_is_summed_once")
        ]
        indexes = [
            models.Index(
                fields=["unit", "-last_lost_on"], condition=Q(last_lost_on__isnull=False),
                name="last_lost_time_of_a_unit",
            )
        ]  # fmt: skip
