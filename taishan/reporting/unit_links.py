"""The link of a unit for people without an account: what it opens, for whom, and how long.

Nothing is stored of a link. It is the unit's number, signed; who may report for the unit can make a
new one at any time. Links and passes are secrets, so real time counts for them.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

from taishan.forms.models import Form
from taishan.kit import clock
from taishan.organisation.models import Membership, Person, UnitVersion
from taishan.reporting import my_reports
from taishan.reporting.models import Door, Report
from taishan.reporting.my_reports import Owed

LINK, PASS = "taishan.unit-link", "taishan.report-pass"
LINK_AGE = timedelta(days=92)
PASS_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What hangs on the wall. ``until`` is the instant at which it ends."""

    token: str
    until: datetime


def make(unit_id: int) -> Link:
    """Return a new link of the unit."""
    return Link(token=signing.dumps(unit_id, salt=LINK), until=timezone.now() + LINK_AGE)


def find_unit(token: str) -> UnitVersion | None:
    """Return the unit a link is of, as it is today; None for an altered, old or closed one's."""
    try:
        unit_id = signing.loads(token, salt=LINK, max_age=LINK_AGE)
    except signing.BadSignature:
        return None
    return UnitVersion.objects.filter(unit_id=unit_id, valid__contains=clock.today()).first()


def find_person(unit: UnitVersion, staff_no: str, name: str) -> Person | None:
    """Return who has the number and the name, where they work in the unit or below it today.

    A wrong name, an unknown number and somebody of elsewhere are alike in every way.
    """
    people = Membership.objects.filter(
        person__staff_no=staff_no.strip(),
        valid__contains=clock.today(),
        unit__versions__path__descends_from=unit.path,
        unit__versions__valid__contains=clock.today(),
    ).select_related("person")
    found = people.first()
    known = _comparable(found.person.name) if found else b""
    is_right = hmac.compare_digest(known, _comparable(name))
    return found.person if found and is_right else None


def _comparable(name: str) -> bytes:
    """Return a name as people mean it: without spaces, widths or capitals."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).encode(errors="replace")


def give_pass(person: Person, token: str) -> str:
    """Return what lets the person answer for an hour, under the link by which they came."""
    return signing.dumps([person.pk, token], salt=PASS)


def find_passed(given: str, token: str) -> Person | None:
    """Return whose pass this is, where it is of this link and good."""
    try:
        person_id, of = signing.loads(given, salt=PASS, max_age=PASS_AGE)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=person_id).first() if of == token else None


def find_owed(person: Person, now: datetime) -> Owed | None:
    """Return the report about themselves that the person is to give now; what is not given first.

    Units' returns are given by who is signed in.
    """
    owed = my_reports.find_owed(person, now)
    own = [one for one in owed if one.form.subject == Form.Subject.PERSON]
    return min(own, key=lambda one: one.is_received, default=None)


def is_given_signed_in(owed: Owed) -> bool:
    """Tell whether the report came by a safer door than a link: a link does not replace it."""
    key = (owed.unit_id, owed.form.pk, owed.period, owed.subject_id)
    return Report.objects.filter(pk=key).exclude(door=Door.LINK).exists()
