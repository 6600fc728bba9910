"""What pyxform objects to, in the words of our pages: it speaks English alone.

The commonest of its errors are said in both languages; whatever else it says is quoted. By their
texts, since most have no code: one that a later version words anew is quoted from then on.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KNOWN: tuple[tuple[str, str | Promise], ...] = (
    (
        r"^Unknown question type '(?P<type>[^']*)'",
        gettext_lazy("Unknown question type “%(type)s”."),
    ),
    (r"^Question with no type", gettext_lazy("The question has no type.")),
    (r"^Question or group with no name", gettext_lazy("The question or group has no name.")),
    (r"^Missing calculation", gettext_lazy("The calculation is missing.")),
    (
        r"^List name not in choices sheet: (?P<list>\S+)",
        gettext_lazy("There is no list “%(list)s” in the sheet “choices”."),
    ),
    (
        r"^There should be a choices sheet",
        gettext_lazy(
            "There is no sheet “choices”: it has the columns “list_name”, “name” and “label”."
        ),
    ),
    (
        r"'name' value '(?P<name>[^']*)' is invalid\. Questions, groups, and repeats must",
        gettext_lazy("The name “%(name)s” is given twice in the same group."),
    ),
    (
        r"'name' value '(?P<name>[^']*)' is invalid\. Repeat names must unique",
        gettext_lazy("The name “%(name)s” is given to two repeated groups."),
    ),
    (
        r"'name' value '(?P<name>[^']*)' is invalid\. Repeat names must not be the same as",
        gettext_lazy("No repeated group may have the name “%(name)s”: it is the form's own."),
    ),
    (
        r"The name 'meta' is reserved",
        gettext_lazy("No question may have the name “meta”: it is reserved."),
    ),
    (r"Choices must have a name", gettext_lazy("The choice has no name.")),
    (r"Choices should have a label", gettext_lazy("The choice has no label.")),
    (
        r"Choice names must be unique",
        gettext_lazy("The name of the choice is given twice in its list."),
    ),
    (
        r"^Choice names with spaces cannot .* See \[(?P<name>[^]]*)\] in \[(?P<list>[^]]*)\]",
        gettext_lazy(
            "The name of the choice “%(name)s” in the list “%(list)s” has a space, which a question"
            " of several choices does not allow."
        ),
    ),
    (
        r"Names must begin with a letter or underscore",
        gettext_lazy(
            "A name begins with a letter or an underscore, and goes on with letters, digits,"
            " underscores, hyphens or full stops."
        ),
    ),
    (
        r"Reference variables must start with",
        gettext_lazy("Another question is named by ${, its name and }."),
    ),
    (
        r"must contain a name from the 'survey' sheet\. Could not find the name '(?P<name>[^']*)'",
        gettext_lazy("There is no question “%(name)s”."),
    ),
    (
        r"^There is no survey element named '(?P<name>[^']*)'",
        gettext_lazy("There is no question “%(name)s”."),
    ),
    (
        r"names must be unique anywhere in the 'survey'\. The name '(?P<name>[^']*)'",
        gettext_lazy("The question “%(name)s” is spoken of, and there are several of that name."),
    ),
    (
        r"^Unmatched 'end_(?P<type>[^']*)'",
        gettext_lazy("“end_%(type)s” ends nothing: “begin_%(type)s” is missing before it."),
    ),
    (
        r"^Unmatched 'begin_(?P<type>[^']*)'",
        gettext_lazy("“begin_%(type)s” does not end: “end_%(type)s” is missing after it."),
    ),
    (
        r"Parameters must be in the form of",
        gettext_lazy("Parameters are written as key1=value1 key2=value2."),
    ),
    (
        r"The accepted parameter keys .* are '(?P<known>[^']*)'\..* key\(s\): '(?P<unknown>[^']*)'",
        gettext_lazy("Unknown parameter “%(unknown)s”. Here there are: %(known)s."),
    ),
    (
        r"^Invalid headers provided for sheet: '(?P<sheet>[^']*)'\. For XLSForms",
        gettext_lazy("The first row of the sheet “%(sheet)s” has no headings."),
    ),
    (
        r"different names for the same column were found: '(?P<one>[^']*)', '(?P<other>[^']*)'",
        gettext_lazy(
            "“%(one)s” and “%(other)s” are headings of the same column. Rename or remove one."
        ),
    ),
    (
        r"One or more required column headers were not found: (?P<missing>.+?)\. Learn more",
        gettext_lazy("Headings are missing: %(missing)s."),
    ),
    (
        r"Column headers must not be empty and must not contain spaces",
        gettext_lazy("A heading is not empty and has no spaces."),
    ),
)


def say(said: str) -> str:
    """Return an error of pyxform, given without its row, in the language that is active."""
    for pattern, words in KNOWN:
        if found := re.search(pattern, said, re.DOTALL):
            return str(words) % found.groupdict()
    return _("The form cannot be converted. The converter says: %s") % said
