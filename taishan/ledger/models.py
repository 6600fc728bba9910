"""What happened: rows that are written once and never changed (DESIGN 5.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One domain event. ``unit_id`` 0 is the group itself; records are named, not linked.

    ``actor_label`` is empty where a person acted: people are referenced, so that a proof holds
    after a name is erased. ``data["about"]``, a kind and an id, names the record that this one is
    about: the story of that record holds this one's too.
    """

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
            models.Index(fields=["unit_id", "recorded_at"], name="ledger_entry_unit"),
            models.Index(fields=["person_id", "recorded_at"], name="ledger_entry_person"),
            models.Index(fields=["verb", "recorded_at"], name="ledger_entry_verb"),
            models.Index(
                "data__about__0", "data__about__1", name="ledger_entry_about",
                condition=models.Q(data__has_key="about"),
            ),
        ]  # fmt: skip


class Unsealed(models.Model):
    """An entry that waits for its number: written with it, taken away by the sealer."""

    pk = models.CompositePrimaryKey("unit_id", "entry_id")
    unit_id = models.BigIntegerField()
    entry_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    digest = models.BinaryField()


class Leaf(models.Model):
    """The number of an entry in the tree, from 0 on, and the hash of its leaf."""

    number = models.BigIntegerField(primary_key=True)
    unit_id = models.BigIntegerField()
    entry_id = models.UUIDField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "entry_id"], name="ledger_leaf_once"),
        ]


class Node(models.Model):
    """A kept hash above the leaves: ``core.merkle`` says over which of them."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()


class Seal(models.Model):
    """The head of the tree over the first ``size`` entries."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    sealed_at = models.DateTimeField()

    @property
    def code(self) -> str:
        """The seal as it is published and handed to whoever verifies: its size and its root."""
        return f"{self.size}:{bytes(self.root).hex()}"


class Publication(models.Model):
    """That a seal, and with it all before, was published in one of the ways that are set."""

    class Channel(models.TextChoices):
        FILE = "file", _("file")
        WEBHOOK = "webhook", _("webhook")

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="publications")
    channel = models.CharField(max_length=10, choices=Channel)
    published_at = models.DateTimeField()
