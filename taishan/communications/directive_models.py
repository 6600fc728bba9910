"""Directives: what was ordered, who has acknowledged it, and what was confirmed upward.

But for the draft, rows of these tables are added and never changed (a migration takes the privilege
away). What is owed by a directive are duties; the cascade is made of them alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.kit.kept_files import OldKeptFile
from taishan.organisation.models import Person, Unit, is_chinese


class Directive(models.Model):
    """An order from a unit to units below it, whatever its versions say.

    ``origin`` names what it came from, such as a decision of a meeting.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directives")
    origin_kind = models.CharField(max_length=40, default="")
    origin_id = models.CharField(max_length=200, default="")
    drafted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["origin_kind", "origin_id"], name="directive_origin")]


class DirectiveDraft(models.Model):
    """What a directive, or its next version, is to say: ``directives.Content`` as JSON."""

    directive = models.OneToOneField(
        Directive, on_delete=models.PROTECT, primary_key=True, related_name="draft"
    )
    content = models.JSONField()
    edition = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)


class DirectiveNumber(models.Model):
    """The number of a directive in its unit's series of a year, given when it is first issued."""

    directive = models.OneToOneField(
        Directive, on_delete=models.PROTECT, primary_key=True, related_name="numbered"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="a_directive_number_is_given_once"
            )
        ]


class DirectiveFile(OldKeptFile):
    """A file that belongs to a directive; each version names those it goes with."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="files")
    added_at = models.DateTimeField()


class Measure(models.Model):
    """Something a directive has units do, by an instant. It outlives versions that leave it be."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="measures")
    what_en = models.CharField(max_length=300)
    what_zh = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    needs_evidence = models.BooleanField()

    @property
    def what(self) -> str:
        """What is to be done, in the language of the page."""
        return self.what_zh if is_chinese() else self.what_en


class DirectiveVersion(models.Model):
    """What a directive said from its issue on, until the next version.

    ``cites`` names a regulation, ``cited_en`` and ``cited_zh`` are its clauses as they read then.
    """

    class Way(models.TextChoices):
        NONE = "", _("nobody")
        READ = "read", _("each unit, by its head or safety officer")
        SIGN = "sign", _("each unit, with a signature: typed name and password or passkey")

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    text_en = models.TextField(max_length=8000)
    text_zh = models.TextField(max_length=8000)
    acknowledgement = models.CharField(max_length=4, choices=Way.choices, default="")
    acknowledge_by = models.DateTimeField(null=True)
    cites = models.CharField(max_length=80, default="")
    cited_en = models.TextField(default="")
    cited_zh = models.TextField(default="")
    measures = models.ManyToManyField(Measure, related_name="versions")
    units = models.ManyToManyField(Unit, related_name="+")
    files = models.ManyToManyField(DirectiveFile, related_name="versions")
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "number"], name="a_version_of_a_directive_is_issued_once"
            ),
            models.CheckConstraint(
                condition=Q(acknowledgement="", acknowledge_by=None)
                | (~Q(acknowledgement="") & Q(acknowledge_by__isnull=False)),
                name="an_acknowledgement_has_its_hour",
            ),
        ]
        indexes = [models.Index(fields=["cites"], name="directive_cites", condition=~Q(cites=""))]

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en

    @property
    def text(self) -> str:
        """The text in the language of the page."""
        return self.text_zh if is_chinese() else self.text_en

    @property
    def cited(self) -> str:
        """The regulation it cites, in the language of the page."""
        return self.cited_zh if is_chinese() else self.cited_en


class Recall(models.Model):
    """The issuer asks for nothing of a directive any more."""

    directive = models.OneToOneField(
        Directive, on_delete=models.PROTECT, primary_key=True, related_name="recall"
    )
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)


class Reach(models.Model):
    """A unit that a directive concerns: addressed by it, or by whoever took a measure apart."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="reached", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directive", "unit"], name="a_unit_is_reached_once")
        ]


class Acknowledgement(models.Model):
    """A unit took note of a version. ``proof``: how the signer was proved; empty where only read.

    The typed name is the person's own, and so is not kept a second time.
    """

    version = models.ForeignKey(
        DirectiveVersion, on_delete=models.PROTECT, related_name="acknowledgements", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=4, choices=DirectiveVersion.Way.choices)
    proof = models.CharField(max_length=20, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "unit"], name="a_unit_acknowledges_a_version_once"
            )
        ]


class Confirmation(models.Model):
    """Whoever owes a part of a measure says that it is done, and shows it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty_id = models.UUIDField()
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=4000, default="")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty_id", "number"], name="confirmed_in_order")
        ]


class ConfirmationFile(OldKeptFile):
    """A photo or document that shows it."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="files")


class Answer(models.Model):
    """Whoever it is owed to found it done, or returned it with the reason; once."""

    confirmation = models.OneToOneField(
        Confirmation, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    is_accepted = models.BooleanField()
    reason = models.TextField(max_length=2000, default="")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_accepted=True) | ~Q(reason=""), name="a_return_has_its_reason"
            )
        ]
