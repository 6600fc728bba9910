"""Forms and their versions. What was answered to version 3 stays readable when 5 is in force."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.organisation.models import Account


class Form(models.Model):
    """What is asked about a person or a unit, period after period, under one code."""

    class Subject(models.TextChoices):
        PERSON = "person", _("a person")
        UNIT = "unit", _("a unit")

    code = models.CharField(max_length=60, unique=True)
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    is_personal_health = models.BooleanField(
        help_text="answers are personal health data, seen and kept by the rules for these"
    )
    retention_days = models.PositiveIntegerField(
        null=True, help_text="days after which identifiable answers are erased; null: kept"
    )
    ground = models.TextField(help_text="the legal ground for collecting", blank=True)
    is_checklist = models.BooleanField(
        default=False, help_text="it is filled in by inspections, and never by reports"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=["person", "unit"]),
                name="a_form_is_about_a_person_or_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(is_personal_health=False) | ~Q(ground=""),
                name="health_data_has_a_ground",
            ),
        ]


class FormVersion(models.Model):
    """One text of a form. ``definition`` is the JSON of core/answers, ``xform`` what ODK reads.

    ``digest`` is of the cells of ``source``, an xlsx file as it was given.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("in force")
        RETIRED = "retired", _("retired")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    source = models.BinaryField()
    source_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    xform = models.TextField()
    definition = models.JSONField()
    settings = models.JSONField(help_text="what the file says of its form, valid once published")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="versions_are_numbered"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(state="published"), name="one_version_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "retired"]),
                name="a_version_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="a_version_in_force_was_published",
            ),
            models.CheckConstraint(
                condition=~Q(state="retired") | Q(retired_at__isnull=False),
                name="a_retired_version_has_its_end",
            ),
        ]


class FormFile(models.Model):
    """A file that a version's questions show; ``kept_as`` is its name in the media folder.

    Versions share it there, so it stays when a draft goes. ``md5`` is what OpenRosa asks for.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    md5 = models.CharField(max_length=32)
    kept_as = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name"], name="files_of_a_version_have_names_of_their_own"
            )
        ]
