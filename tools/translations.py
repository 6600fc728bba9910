"""Collect every string shown to a person, and keep the Simplified Chinese catalogue complete.

``python tools/translations.py`` updates the catalogue; ``--check`` fails where a string has no
translation or the catalogue is out of date. No gettext binary is needed: templates are read with
Django's own lexer and strings with Babel.
"""

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, pofile
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent / "taishan"
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Return all strings of the code and the templates."""
    found = Catalog(charset="utf-8")
    templates = [*ROOT.rglob("templates/**/*.html"), *ROOT.rglob("templates/**/*.txt")]
    for path in sorted([*ROOT.rglob("*.py"), *templates]):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text)
        where = path.relative_to(ROOT.parent).as_posix()
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            found.add(message, locations=[(where, 0)], context=context)
        if path.suffix == ".py":
            for message in in_f_strings(text):
                found.add(message, locations=[(where, 0)])
    return found


def in_f_strings(text: str) -> Iterator[str]:
    """Yield what ``_`` is called with inside f-strings, which Babel reads from Python 3.12 on."""
    for joined in ast.walk(ast.parse(text)):
        for call in ast.walk(joined) if isinstance(joined, ast.JoinedStr) else ():
            match call:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(message))]):
                    yield message


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_check = parser.parse_args().check
    settings.configure(USE_I18N=True)
    catalogue = Catalog(locale="zh_Hans", charset="utf-8")
    if CATALOGUE.exists():
        catalogue = pofile.read_po(CATALOGUE.open("rb"), locale="zh_Hans")
    known = {message.id for message in catalogue if message.id}
    template = collect()
    if only_check and known != {message.id for message in template if message.id}:
        print("the catalogue is out of date: run python tools/translations.py")  # noqa: T201
        return 1
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if not only_check:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        with CATALOGUE.open("wb") as out:
            pofile.write_po(out, catalogue, include_lineno=False, sort_output=True, width=100)
    return report(catalogue)


def report(catalogue: Catalog) -> int:
    """Print what has no translation, or one that is in doubt and so not used; 1 for any, else 0."""
    missing = [
        message.id
        for message in catalogue
        if message.id
        and (
            message.fuzzy
            or not all(message.string if isinstance(message.string, tuple) else [message.string])
        )
    ]
    for message in missing:
        print(f"no translation: {message!r}")  # noqa: T201
    return min(1, len(missing))


if __name__ == "__main__":
    sys.exit(main())
