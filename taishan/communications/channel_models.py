"""The ways by which news leaves Taishan, and every message that went or waits to go by one."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.organisation.models import Person, Unit


class Channel(models.TextChoices):
    """How news reaches people besides Taishan's own pages, which it always does."""

    EMAIL = "email", _("e-mail")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    WEBHOOK = "webhook", _("webhook")


ROBOTS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)


class News(models.TextChoices):
    """What kind of news a notice is: each address says which of them it wants."""

    NOTICE = "notice", _("notices of my units")
    REMINDER = "reminder", _("reminders of reports and confirmations")
    DUTY = "duty", _("duties and directives")
    URGENT = "urgent", _("urgent: what is overdue, refused or has failed")


class Address(models.Model):
    """Where news goes: an e-mail address of a person; a robot or a webhook of a unit.

    ``target`` and ``secret`` are sealed (``sealing``) and stand in no log. It is written to from
    ``verified_at``, when its owner showed that it is theirs, until ``ended_at``. Its hours are
    those of ``time_zone``; ``not_before`` is when a robot may speak again.
    """

    class Pace(models.TextChoices):
        NOW = "now", _("at once")
        DAILY = "daily", _("once a day, at 08:00")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="addresses"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="addresses")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    name = models.CharField(max_length=60, default="")
    target = models.TextField()
    secret = models.TextField(default="")
    language = models.CharField(max_length=10, default="")
    wanted = ArrayField(models.CharField(max_length=10))
    pace = models.CharField(max_length=5, choices=Pace.choices, default=Pace.NOW)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    time_zone = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="the last that went out")
    error = models.CharField(max_length=300, default="", help_text="of the last try; sent: empty")
    error_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="email", person__isnull=False, unit=None)
                | (~Q(channel="email") & Q(person=None, unit__isnull=False)),
                name="letters_go_to_people_robots_and_webhooks_to_units",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]

    @property
    def is_robot(self) -> bool:
        return self.channel in ROBOTS


class Sending(models.Model):
    """One message to one address: of a round of a notice, or one that the address itself asks for.

    ``next_try_at`` is when it is due; while a worker has it, when another may take it. The same
    ``message_id`` goes with every try, so that a receiver knows a repetition.
    """

    class Purpose(models.TextChoices):
        NOTICE = "notice"
        TEST = "test"
        CONFIRMATION = "confirmation"

    class State(models.TextChoices):
        QUEUED = "queued", _("waits")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        WITHDRAWN = "withdrawn", _("withdrawn: the address was removed")

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="sendings")
    round = models.ForeignKey(
        "communications.Round", on_delete=models.PROTECT, null=True, related_name="sendings"
    )
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.NOTICE)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, default="")
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=32, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "address"], name="a_round_goes_to_an_address_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"], condition=Q(state="queued"), name="sending_due"
            )
        ]
