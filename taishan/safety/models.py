"""Stop-works: who stopped what and why, who asked for its lifting, and what was answered.

Rows are added and never changed: a stop stands until one of its requests is answered by lifting,
of which it keeps the instant.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taishan.kit.kept_files import KeptFile
from taishan.organisation.models import Account, Unit
from taishan.safety import (  # noqa: F401 - models of this app
    campaign_models,
    hazard_board_models,
    hazard_criteria_models,
    hazard_models,
    hazard_supervision_models,
    incident_models,
    inspection_models,
    investigation_models,
    red_line_models,
    risk_models,
)
from taishan.safety.red_line_models import RedLine


class StopWork(models.Model):
    """Work was stopped at a unit on safety grounds, from an instant.

    ``authority`` is the unit that alone lifts it, named by rule when it was stopped. ``by`` is null
    where the one who stopped it chose to be shown to nobody: the name is not kept then. Of what
    crossed a red line, ``red_line`` is the version of it that held. It stands from when it came in,
    whatever a phone says of when it was ``said_at``.
    """

    class ShownTo(models.TextChoices):
        """To whom the name of the one who stopped it is shown."""

        AUTHORITY = "authority", _("whoever may lift it, and the discipline office")
        EVERYBODY = "everybody", _("everybody")
        NOBODY = "nobody", _("nobody: it is not even kept")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stops", db_index=False)
    with_below = models.BooleanField(help_text="it holds for all units below it too")
    ground = models.TextField(max_length=2000)
    place = models.CharField(max_length=200, default="")
    shown_to = models.CharField(max_length=10, choices=ShownTo.choices)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    red_line = models.ForeignKey(RedLine, on_delete=models.PROTECT, null=True, related_name="stops")
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    key = models.UUIDField(
        null=True, unique=True, help_text="what comes twice under it is one stop"
    )
    said_at = models.DateTimeField(
        null=True, help_text="on a phone that had no network until later"
    )

    class Meta:
        indexes = [
            models.Index(fields=["lifted_at"], name="stops_by_their_lifting"),
            models.Index(fields=["unit", "lifted_at"], name="stops_of_unit_by_lifting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(shown_to="nobody") | models.Q(by=None),
                name="a_name_for_nobody_is_not_kept",
            )
        ]


class LiftingRequest(models.Model):
    """The unit says what made the place safe, and asks for the stop to be lifted."""

    stop = models.ForeignKey(StopWork, on_delete=models.PROTECT, related_name="requests")
    number = models.PositiveIntegerField()
    evidence = models.TextField(max_length=4000)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stop", "number"], name="a_lifting_is_asked_once")
        ]


class LiftingAnswer(models.Model):
    """The authority lifted the stop, or says what is still missing; a request has one answer."""

    request = models.OneToOneField(LiftingRequest, on_delete=models.PROTECT, related_name="answer")
    is_lifted = models.BooleanField()
    reason = models.TextField(max_length=4000)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()


class StopPhoto(KeptFile):
    """What the one who stopped work saw."""

    stop = models.OneToOneField(StopWork, models.PROTECT, related_name="photo")


class LiftingFile(KeptFile):
    """What shows that the place was made safe."""

    request = models.OneToOneField(LiftingRequest, models.PROTECT, related_name="file")
