"""Which forms a person is offered, and each as the client downloads it.

A form about a unit is offered once for each unit that the person answers for, under the form's code
and the unit's, as in ``unit_daily:W1``: so the client sends back for which unit was answered, and
nobody has to guess it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from taishan.forms import presenting
from taishan.forms.models import Form, FormVersion
from taishan.organisation.access import Viewer
from taishan.organisation.models import Person, UnitVersion
from taishan.reporting import my_reports
from taishan.safety import inspection_rights

_PRIMARY = re.compile(r'(<instance><[^<>]*? id=)"[^"]*"')
_END_OF_TITLE = "</h:title>"
_META = "<meta><instanceID/>"
_BIND = '<bind nodeset="/data/meta/instanceID"'
_TIME_END = (
    '<bind nodeset="/data/meta/timeEnd" type="dateTime" readonly="true()" '
    'jr:preload="timestamp" jr:preloadParams="end"/>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A form to be answered, with its text for this person."""

    form_id: str
    name: str
    version: FormVersion
    xform: bytes

    @property
    def hash(self) -> str:
        """The text's hash, as the form list writes it."""
        return f"md5:{hashlib.md5(self.xform, usedforsecurity=False).hexdigest()}"


def find_offered(person: Person, viewer: Viewer, on: date, lang: str) -> list[Offered]:
    """Return the forms that the person may be asked to answer on the day, by their id: reports, and
    checklists of the units that they inspect."""
    asked = [
        *((one.form, one.subject) for one in my_reports.find_asked(person, on)),
        *inspection_rights.find_asked(viewer, on),
    ]
    versions = FormVersion.objects.filter(
        form__in={form.pk for form, _subject in asked}, state=FormVersion.State.PUBLISHED
    ).select_related("form")
    in_force = {version.form_id: version for version in versions.defer("source", "definition")}
    names = _unit_names({subject for _form, subject in asked}, on)
    found = [
        _offered(in_force[form.pk], subject, names, lang)
        for form, subject in asked
        if form.pk in in_force
    ]
    return sorted(found, key=lambda one: one.form_id)


def _unit_names(codes: set[str], on: date) -> dict[str, str]:
    rows = UnitVersion.objects.filter(unit__code__in=codes, valid__contains=on)
    return {row.unit.code: row.name for row in rows.select_related("unit")}


def _offered(version: FormVersion, subject: str, names: dict[str, str], lang: str) -> Offered:
    form = version.form
    name, form_id = presenting.title(form, lang), form.code
    if form.subject == Form.Subject.UNIT:
        form_id, name = f"{form.code}:{subject}", f"{name} · {names[subject]}"
    text = "".join(addressed(version.xform, form_id, name))
    return Offered(form_id=form_id, name=name, version=version, xform=text.encode())


def addressed(xform: str, form_id: str, name: str) -> Iterator[str]:
    """Yield the XForm with its id and name, and with the question when it was answered.

    That instant gives the period of what was answered without a network; the phone notes it by
    itself. The text is pyxform's own, so it is changed as text: no parser would keep it as it is.
    """
    head, end_of_title, rest = xform.partition(_END_OF_TITLE)
    yield head.rpartition(">")[0] + ">" + escape(name) + end_of_title
    rest = _PRIMARY.sub(lambda found: found[1] + quoteattr(form_id), rest, count=1)
    rest = rest.replace(_META, f"{_META}<timeEnd/>", 1)
    yield rest.replace(_BIND, _TIME_END + _BIND, 1)
