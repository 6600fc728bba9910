"""One's own files."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from taishan.files.actions import KEPT
from taishan.files.models import AskedFile


def find_mine(account_id: int, now: datetime) -> QuerySet[AskedFile]:
    """Return what the account asked for and may still be kept, the latest first."""
    return AskedFile.objects.filter(account_id=account_id, asked_at__gt=now - KEPT).order_by("-pk")
