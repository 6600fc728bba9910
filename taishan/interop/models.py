"""How programs of a person's own get in: by a token, where a password would be too much."""

from django.db import models

from taishan.organisation.models import Account


class ClientToken(models.Model):
    """A secret that lets a client report in its owner's name; it opens no page.

    Only its digest is kept. ``name`` tells its owner which client has it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="client_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
