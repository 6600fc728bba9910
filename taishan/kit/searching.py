"""Rows that are found by their words, the latest first.

The column ``words`` has what ``kit/search_words.split`` makes of their text, under a GIN index. An
index by time walks to a common word at once, and through everything before it meets a rare one;
the index of words is fast with rare ones alone, since all that have a common one would be read and
sorted. Which of the two a word is, a look at the latest rows tells better than statistics do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from django.db.models import DateTimeField, ExpressionWrapper, F, Model, Q, QuerySet

from taishan.kit import arrays

LOOKED_THROUGH = 4000
"""How many of the latest are looked through for a word before the index of words is asked."""
Row = TypeVar("Row", bound=Model)


def find_latest(
    rows: QuerySet[Row], words: list[str], *, at: str, start: int = 0, stop: int
) -> list[Row]:
    """Return ``start <= n < stop`` of the rows that have all the words, by the instant ``at`` and
    their number, the latest first.

    Costs a look at ``LOOKED_THROUGH`` rows; where these do not fill the page, a look at each of all
    rows that have the words.
    """
    newest = rows.order_by(f"-{at}", "-pk")
    if not words:
        return list(newest[start:stop])
    page = _look_through(newest, words)[start:stop]
    if len(page) == stop - start:
        return list(newest.filter(arrays.any_of("id", page)))
    # An order that is computed is not walked through all rows.
    computed = ExpressionWrapper(F(at) + timedelta(0), output_field=DateTimeField())
    found = rows.filter(words__contains=words).order_by(computed.desc(), "-pk")
    return list(found[start:stop])


def _look_through(newest: QuerySet[Row], words: list[str]) -> list[int]:
    """Return the numbers of those of the latest that have the words."""
    looked = newest.annotate(has_them=Q(words__contains=words)).values_list("pk", "has_them")
    return [pk for pk, has_them in looked[:LOOKED_THROUGH] if has_them]
