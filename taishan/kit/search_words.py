"""Text as the words by which it is found: Chinese by pairs of characters, the rest by words.

Most Chinese queries have two characters, for which trigrams would look at everything; pairs in a
GIN index answer them directly. Single characters are kept too, for queries of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LIMIT = 40
_CHINESE = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(f"([{_CHINESE}]+)|([^\\W_{_CHINESE}]+)")


def split(text: str) -> list[str]:
    """Return the distinct words by which a text is found, sorted."""
    return sorted({*_words(text), *(one for run in _chinese(text) for one in run)})


def ask(query: str) -> list[str]:
    """Return the words that a text must all have to match a query, sorted; none for no query."""
    return sorted(set(_words(query)))


def _words(text: str) -> Iterator[str]:
    for run, word in _RUNS.findall(_plain(text)):
        if word:
            yield word[:LIMIT]
        else:
            yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def _chinese(text: str) -> Iterator[str]:
    return (run for run, _word in _RUNS.findall(_plain(text)))


def _plain(text: str) -> str:
    """Full-width forms and capitals are found by their plain ones."""
    return unicodedata.normalize("NFKC", text).casefold()
