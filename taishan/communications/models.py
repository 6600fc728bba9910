"""Who was told what, and who has confirmed it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.communications.channel_models import Address, Channel, News, Sending
from taishan.communications.directive_models import (
    Acknowledgement,
    Answer,
    Confirmation,
    ConfirmationFile,
    Directive,
    DirectiveDraft,
    DirectiveFile,
    DirectiveNumber,
    DirectiveVersion,
    Measure,
    Reach,
    Recall,
)
from taishan.organisation.models import Person, Unit, is_chinese

__all__ = [
    "Acknowledgement",
    "Address",
    "Answer",
    "Channel",
    "Confirmation",
    "ConfirmationFile",
    "Delivery",
    "Directive",
    "DirectiveDraft",
    "DirectiveFile",
    "DirectiveNumber",
    "DirectiveVersion",
    "LineList",
    "Measure",
    "News",
    "Notice",
    "Reach",
    "Recall",
    "Round",
    "Sending",
]


class Notice(models.Model):
    """What a unit told some of its people; once sent it is never changed.

    ``about`` names what it speaks of, ``address`` the page on which something is to be done.
    Whoever joins the audience before ``valid_until`` is told too. Where ``confirm_by`` is set,
    those who have not confirmed are reminded every so many hours until then.

    Of one with ``is_private`` only who was told may know: the unit does not list it, no page says
    who was told, and the ledger does not name who opened or confirmed it.
    """

    class Audience(models.TextChoices):
        PEOPLE = "people", _("the people of a list")
        EVERYBODY = "everybody", _("everybody in the unit and below it")
        OFFICERS = "officers", _("its heads and safety officers, and those below it")
        POSTS = "posts", _("whoever holds a post in the unit or below it")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="notices")
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    text_en = models.TextField(max_length=4000)
    text_zh = models.TextField(max_length=4000)
    about_kind = models.CharField(max_length=40, default="")
    about_id = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=400, default="")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    news = models.CharField(max_length=10, choices=News.choices, default=News.NOTICE)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PEOPLE)
    post_title = models.CharField(max_length=60, default="")
    valid_until = models.DateTimeField(null=True)
    confirm_by = models.DateTimeField(null=True)
    remind_every_h = models.PositiveSmallIntegerField(null=True)
    is_private = models.BooleanField(db_default=False, default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(address="") | Q(address__regex=r"^/([^/]|$)"),
                name="notice_leads_inside",
            ),
            models.CheckConstraint(
                condition=Q(remind_every_h=None) | Q(confirm_by__isnull=False),
                name="reminders_have_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id", "sent_at"], name="notice_about"),
            models.Index(
                fields=["valid_until"], condition=Q(valid_until__isnull=False),
                name="notice_in_force",
            ),
            models.Index(
                fields=["confirm_by"], condition=Q(remind_every_h__isnull=False),
                name="notice_reminds",
            ),
        ]  # fmt: skip

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en

    @property
    def text(self) -> str:
        """The text in the language of the page."""
        return self.text_zh if is_chinese() else self.text_en


class Delivery(models.Model):
    """One notice to one person, in Taishan itself: told, last reminded, opened, confirmed.

    ``opened_by`` and ``confirmed_by`` are the channel by which they came: empty for a page of
    Taishan, ``email`` for the link of a letter.
    """

    pk = models.CompositePrimaryKey("person_id", "notice_id")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    told_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=10, default="")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=10, default="")


class Round(models.Model):
    """One telling of a notice to some people: the first, to those who joined, or once more.

    ``person_ids`` is whom, until all are told (then empty); ``people`` how many that is, and
    ``people_done`` how many of them, in the order of the ids, have been told.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("sent")
        JOINED = "joined", _("sent to who joined")
        AGAIN = "again", _("sent again")
        REMINDER = "reminder", _("reminded by itself")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    person_ids = ArrayField(models.BigIntegerField())
    people = models.PositiveIntegerField()
    people_done = models.PositiveIntegerField(default=0)
    goes_outside = models.BooleanField(help_text="by e-mail too, where people want it")
    ended_at = models.DateTimeField(null=True)


class LineList(models.Model):
    """People whom a page handed over to be told something; kept for the account for some days."""

    account_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    person_ids = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField()
