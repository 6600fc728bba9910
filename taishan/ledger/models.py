"""What happened: rows that are written once and never changed (DESIGN 5.5)."""

from django.db import models


class Entry(models.Model):
    """One domain event. ``unit_id`` 0 is the group itself; records are named, not linked."""

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.BigIntegerField()
    id = models.UUIDField()
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=200)
    actor_label = models.CharField(max_length=200)
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    post = models.CharField(max_length=120, blank=True)
    door = models.CharField(max_length=10)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="ledger_entry_subject"),
            models.Index(fields=["recorded_at"], name="ledger_entry_recorded"),
        ]
