"""A sort key for Chinese names; the embedded database has no ICU collation."""

import pypinyin


def sort_key(name: str) -> str:
    """Return lower-case pinyin with tone numbers, other text as it is."""
    syllables = pypinyin.lazy_pinyin(name, style=pypinyin.Style.TONE3)
    return " ".join(syllables).casefold()[:400]
