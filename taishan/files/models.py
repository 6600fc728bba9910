"""Large exports that the worker writes, each for the one person who asked for it."""

from __future__ import annotations

from django.db import models


class AskedFile(models.Model):
    """A file: what was asked, how far it is, and where it is kept until it is deleted.

    ``kind`` and ``asked`` say of what it is, in the words of the app that writes it. The account is
    named and not linked: it belongs to an app further up.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WRITING = "writing"
        READY = "ready"
        INTERRUPTED = "interrupted"

    account_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    asked = models.JSONField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0, help_text="0 until they were counted")
    kept_as = models.CharField(max_length=32, default="")
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["account_id", "-asked_at"], name="files_of_an_account")]

    @property
    def state(self) -> State:
        """Where it stands; what ended without a file was interrupted."""
        if self.ended_at:
            return self.State.READY if self.kept_as else self.State.INTERRUPTED
        return self.State.WRITING if self.begun_at else self.State.WAITING
