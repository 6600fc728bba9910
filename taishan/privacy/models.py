"""Who may read people's answers about their health, on what ground they are asked, who looked.

All of it is only added to: what held on a day can be shown for good. Looks alone are erased, after
the time of the answers that were looked at.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taishan.core.disclosure import Reach
from taishan.forms.models import Form
from taishan.organisation.models import Account, Person, Role, Unit

READING = [Role.SAFETY_OFFICER, Role.UNIT_HEAD, Role.DUTY_OFFICE]
"""The roles that a rule may let read; an inspector reads everything but this."""


class DisclosureRule(models.Model):
    """Who holds ``role`` at ``reader`` may read the answers of the unit's people and of all below.

    ``until`` is the first day on which it no longer holds; an End may bring it forward.
    """

    class Kind(models.TextChoices):
        WITHIN = Reach.WITHIN, _("within the country")
        CROSSING = Reach.CROSSING, _("across the border")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(role, role.label) for role in READING])
    kind = models.CharField(max_length=10, choices=Kind.choices)
    starts = models.DateField()
    until = models.DateField()
    ground = models.TextField(help_text="why, and by which article")
    decided_by = models.CharField(max_length=120, help_text="who decided it")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("starts")), name="a_disclosure_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(ground="") & ~Q(decided_by=""),
                name="a_disclosure_says_why_and_by_whom",
            ),
        ]


class DisclosureEnd(models.Model):
    """A rule that no longer holds from a day on, before its own end."""

    rule = models.OneToOneField(DisclosureRule, on_delete=models.PROTECT, related_name="end")
    on = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


class Look(models.Model):
    """Somebody looked at answers about the health of others: at one's, or at a list of many.

    What a list was of is not kept: it would say what is erased elsewhere.
    """

    class Door(models.TextChoices):
        ANSWERS = "answers", _("answers")
        FILE = "file", _("a file that came with answers")
        LIST = "list", _("a list with names")
        FOLLOW_UP = "follow_up", _("a follow-up")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    period = models.DateField(null=True)
    door = models.CharField(max_length=10, choices=Door.choices)
    looked_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=120)


class Seen(models.Model):
    """One of those a look was at; ``salt`` hides them in the ledger once this row is gone."""

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="seen")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    salt = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["look", "person"], name="a_look_is_at_each_once")
        ]


class Ground(models.Model):
    """On what ground a form is asked in a country from a day on, and why in plain words.

    ``country`` empty: in all that have no row of their own. ``version``: the form's then.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", _("separate consent of the person")
        DUTY = "duty", _("legal duty of the employer")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="grounds")
    version = models.PositiveIntegerField()
    country = models.CharField(max_length=2, blank=True)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    article = models.CharField(max_length=300)
    why_en = models.TextField()
    why_zh = models.TextField()
    starts = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


class Consent(models.Model):
    """What a person said to being asked a form; the latest row holds, from its day on."""

    class State(models.TextChoices):
        GIVEN = "given", _("given")
        WITHDRAWN = "withdrawn", _("withdrawn")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    from_day = models.DateField()
    said_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["form", "person"],
                condition=Q(state="withdrawn"),
                name="privacy_consent_withdrawn",
            )
        ]
