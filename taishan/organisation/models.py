"""Who: places, units as they were on each day, people, roles and accounts."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from taishan.kit.ltree import PathField


def is_chinese() -> bool:
    """Tell whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


class Place(models.Model):
    """A jurisdiction: ISO 3166 code, or ``CN-330300`` for a GB/T 2260 code below the provinces."""

    code = models.CharField(max_length=20, unique=True)
    local_code = models.CharField(max_length=12, blank=True, db_index=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    time_zone = models.CharField(max_length=60, blank=True)

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if is_chinese() else self.name_en


class Unit(models.Model):
    """A node of the group, whatever it was called and wherever it hung on a day."""

    code = models.CharField(max_length=40, unique=True)


class KindOfWork(models.TextChoices):
    """What exemptions of regulations speak of."""

    ORD = "ORD", _("ordinary work")
    UTIL = "UTIL", _("water, power, gas, heat, telecoms")
    TRANSIT = "TRANSIT", _("public transport")
    ENV = "ENV", _("environmental protection")
    MUNI = "MUNI", _("municipal services and sanitation")
    EPI = "EPI", _("epidemic control supplies")
    LIFE = "LIFE", _("daily necessities")
    MARKET = "MARKET", _("farm-produce markets")
    LOGI = "LOGI", _("logistics and delivery")
    PROP = "PROP", _("property management")
    KEYPROJ = "KEYPROJ", _("key projects")
    NATECON = "NATECON", _("vital to the national economy")
    HKMO = "HKMO", _("supply of Hong Kong and Macao")
    URGENT = "URGENT", _("urgent work")


class Facility(models.TextChoices):
    """What a unit runs besides its work, and rules may speak of."""

    DORMITORY = "dormitory", _("dormitory")
    CANTEEN = "canteen", _("canteen")


class UnitVersion(models.Model):
    """What a unit was from a day to a day (half-open, the unit's local days)."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("headquarters")
        COMPANY = "company", _("company")
        INSTITUTE = "institute", _("institute")
        SITE = "site", _("project site")
        OFFICE = "office", _("office")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    valid = DateRangeField()
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="children")
    path = PathField(help_text="unit ids, root first")
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    sort_zh = models.CharField(max_length=400)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    time_zone = models.CharField(max_length=60)
    kinds_of_work = ArrayField(models.CharField(max_length=20), default=list)
    head_count = models.PositiveIntegerField(null=True)
    floor_area_m2 = models.FloatField(null=True)
    facilities = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_unit_is_one_thing_on_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [GistIndex(fields=["path"], name="unit_version_path")]

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if is_chinese() else self.name_en

    @property
    def work_in_words(self) -> str:
        labels = dict(KindOfWork.choices)
        return ", ".join(str(labels.get(code, code)) for code in self.kinds_of_work)

    @property
    def facilities_in_words(self) -> str:
        labels = dict(Facility.choices)
        return ", ".join(str(labels.get(code, code)) for code in self.facilities)


class Person(models.Model):
    """Somebody who works for the group."""

    staff_no = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=400)


class Role(models.TextChoices):
    """What a person may do over a subtree."""

    DUTY_OFFICE = "duty_office", _("Duty office")
    UNIT_HEAD = "unit_head", _("Unit head")
    SAFETY_OFFICER = "safety_officer", _("Safety officer")
    INSPECTOR = "inspector", _("Inspector")
    DISCIPLINE_OFFICE = "discipline_office", _("Discipline office")
    EMPLOYEE = "employee", _("Employee")


class RoleGrant(models.Model):
    """A role over a unit and all below it, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_role_is_granted_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Account(AbstractUser):
    """A way to sign in; the person behind it holds the roles."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, related_name="account"
    )
    language = models.CharField(
        max_length=10,
        default="",
        help_text="chosen last while signed in; letters are written in it",
    )


class Withdrawal(models.Model):
    """Tokens of an account that were given before are worthless (``withdrawals``).

    ``at`` is real time, as for sessions. Rows are of use for an hour.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)


class Invitation(models.Model):
    """A link by which somebody chooses the password of their account, once.

    Only its digest is kept; its instants are real time, as for sessions.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Membership(models.Model):
    """Which unit a person works in, from a day to a day; one unit at a time."""

    # The exclusion constraint's own index answers "of this person" too, but five times as slowly,
    # and each report asks it.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_in_one_unit_on_a_day",
                expressions=[("person", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Shift(models.Model):
    """A shift that people of a unit, or of those below it, work in turns: early, late, night.

    By which hours, and on which days, is said for each thing that is owed (reporting's schedules).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="a_unit_names_a_shift_once")
        ]


class ShiftWorker(models.Model):
    """Who works a shift, from a day to a day; one shift at a time.

    It counts on the days on which their unit is the shift's own or below it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(
        Shift, on_delete=models.PROTECT, related_name="workers", db_index=False
    )
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_works_one_shift_on_a_day",
                expressions=[("person", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [GistIndex(fields=["shift", "valid"], name="workers_of_a_shift")]


class HeadcountChange(models.Model):
    """By how much the number of a unit's people changes; the database writes it.

    Each change stands in four sums: of its day, month, year and of all days, so that the number on
    a day is read without going through the days before it. ``day`` is the first of the span, and
    -infinity of all days. Usually there is one row a sum; several where two transactions came at
    once: each puts into its own what nobody else holds, so that nobody waits for anybody.
    """

    class Span(models.IntegerChoices):
        DAY = 0
        MONTH = 1
        YEAR = 2
        ALL = 3

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    change = models.IntegerField()
    span = models.SmallIntegerField(choices=Span.choices)

    class Meta:
        indexes = [
            models.Index(
                fields=["span", "day", "unit"], include=["change"], name="headcount_of_a_span"
            )
        ]


class PostKind(models.TextChoices):
    """What a post is, whatever it is called: the duty matrix speaks of kinds."""

    UNIT_HEAD = "unit_head", _("head of the unit, first responsible")
    PARTY_SECRETARY = "party_secretary", _("party secretary")
    DIRECTOR = "director", _("director or general manager")
    DEPUTY = "deputy", _("deputy in charge of a line")
    SAFETY_DIRECTOR = "safety_director", _("safety director")
    SAFETY_OFFICER = "safety_officer", _("safety officer")
    WORKSHOP_HEAD = "workshop_head", _("head of a workshop or project")
    TEAM_LEADER = "team_leader", _("team leader")


class Post(models.Model):
    """A position in a unit, from a day to a day, that carries duties; one holder at a time."""

    code = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PostKind.choices, blank=True, default="")
    valid = DateRangeField()

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en


class PostHolding(models.Model):
    """Who holds a post, from a day to a day; one person may hold several posts."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_post_has_one_holder_on_a_day",
                expressions=[("post", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Seat(models.Model):
    """A person's place in the emergency leadership group of a unit, from a day to a day."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        DEPUTY = "deputy", _("deputy")
        MEMBER = "member", _("member")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=Role.choices)
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_has_one_seat_in_a_group",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="a_group_has_one_lead_on_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=models.Q(role="lead"),
            ),
        ]


class Succession(models.Model):
    """Which unit took over from which, by a merger or a split, on a day."""

    former = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successors")
    later = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["former", "later"], name="a_unit_takes_over_from_another_once"
            )
        ]


class ImportRun(models.Model):
    """A large import of people that the worker performs: what was asked, how far it is, its end.

    ``content`` is the file until the end; in the database, since the worker may run elsewhere.
    ``outcome`` is ``sheets.Outcome`` with its first errors; ``refusal`` why a file was not read.
    """

    asked_by = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    on = models.DateField()
    mode = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    content = models.BinaryField()
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0, help_text="0 until the file was read")
    ended_at = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)
    refusal = models.TextField(default="")
