"""Meetings: who was called and who came, what was said, and what was decided.

Rows are added and never changed (a migration takes the privilege away): the minutes are their last
edition, until the chair has confirmed one, and then that one for good.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.communications.models import Directive
from taishan.kit.kept_files import OldKeptFile
from taishan.organisation.models import Person, Post, Unit, is_chinese


class Meeting(models.Model):
    """A meeting of a unit that was called. ``place`` is wherever it is held, a link too."""

    class Kind(models.TextChoices):
        THEMATIC = "thematic", _("thematic meeting")
        GROUP = "group", _("meeting of the leadership group")
        STUDY = "study", _("study session")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["unit", "-starts_at"], name="meetings_of_unit")]

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en


class Cancellation(models.Model):
    """A meeting that was called is not held; those who were called were told why."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, primary_key=True, related_name="cancelled"
    )
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)


class AgendaItem(models.Model):
    """What is to be spoken of, in order."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="an_agenda_is_in_order")
        ]


class Invitation(models.Model):
    """Somebody who is to come: a person, or whoever holds a post on the day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, post__isnull=False) | Q(person__isnull=False, post=None),
                name="a_person_or_a_post_is_invited",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person", "post"], name="somebody_is_invited_once",
                nulls_distinct=False,
            ),
        ]  # fmt: skip


class Presence(models.Model):
    """Somebody came. ``by_label`` is who recorded it; empty where they signed themselves."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="present", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="somebody_comes_once")
        ]


class PresenceCorrection(models.Model):
    """What was recorded of somebody's coming is put right; the last correction counts."""

    presence = models.ForeignKey(Presence, on_delete=models.PROTECT, related_name="corrections")
    came = models.BooleanField()
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)


class Material(OldKeptFile):
    """A file that a meeting studies."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    added_at = models.DateTimeField()


class Minutes(models.Model):
    """What the minutes said at an instant. Each saving makes a new edition."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="minutes", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=20000)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_are_written_once")
        ]


class MinutesConfirmation(models.Model):
    """The chair found an edition of the minutes right; nothing is written in them after."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, primary_key=True, related_name="confirmed"
    )
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="of the text, in UTF-8")


class Decision(models.Model):
    """Something that was decided. ``directive`` null: a duty was opened on the spot."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    number = models.PositiveIntegerField()
    what_en = models.CharField(max_length=300)
    what_zh = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    by_label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decisions_are_numbered")
        ]

    @property
    def what(self) -> str:
        """What was decided, in the language of the page."""
        return self.what_zh if is_chinese() else self.what_en
