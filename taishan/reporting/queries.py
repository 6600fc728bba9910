"""Reading reports, counters, and who owes what."""

from __future__ import annotations

from datetime import date

from taishan.reporting.models import Erasure


def is_erased(form_id: int, period: date) -> bool:
    """Tell whether the answers of the form for the period are erased; its counters are frozen."""
    return Erasure.objects.filter(form_id=form_id, until__gt=period).exists()
