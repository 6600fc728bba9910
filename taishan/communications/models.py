"""Who was told what, and who has confirmed it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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
    "Answer",
    "Confirmation",
    "ConfirmationFile",
    "Delivery",
    "Directive",
    "DirectiveDraft",
    "DirectiveFile",
    "DirectiveNumber",
    "DirectiveVersion",
    "Measure",
    "Notice",
    "Reach",
    "Recall",
]


class Notice(models.Model):
    """What a unit told some of its people; once sent it is never changed.

    ``about`` names what it speaks of, ``address`` the page on which something is to be done.
    """

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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(address="") | Q(address__regex=r"^/([^/]|$)"),
                name="notice_leads_inside",
            )
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id", "sent_at"], name="notice_about"),
        ]

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_zh if is_chinese() else self.title_en

    @property
    def text(self) -> str:
        """The text in the language of the page."""
        return self.text_zh if is_chinese() else self.text_en


class Delivery(models.Model):
    """One notice to one person; ``confirmed_at``: when they confirmed having read it."""

    pk = models.CompositePrimaryKey("person_id", "notice_id")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    confirmed_at = models.DateTimeField(null=True)
