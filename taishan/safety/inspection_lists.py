"""The list of inspections, narrowed as its address says, the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import Scope
from taishan.safety import inspection_rights
from taishan.safety.inspection_models import Inspection

LISTED = timedelta(days=366)
"""How far back the list goes from its day: what is before is on an earlier day's list."""

NARROWED = ("unit", "form", "verdict", "origin")
LIMIT = 100
UNSHOWN = ("answers", "version__source", "version__xform", "version__definition")
"""What no line of a list shows, though it is most of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``unit``: a unit's code, with all below it; ``form``: a checklist's. ``""``: whichever."""

    day: date
    unit: str = ""
    form: str = ""
    verdict: str = ""
    origin: str = ""

    def given(self) -> dict[str, str]:
        """Return it as it is kept beside a file that was asked for."""
        return asdict(self) | {"day": str(self.day)}


def ask(given: Mapping[str, str], scope: Scope) -> Asked:
    """Return how an address narrows the list."""
    words = {name: given.get(name, "").strip()[:LIMIT] for name in NARROWED}
    return Asked(day=scope.day, **{**words, "unit": words["unit"] or scope.within})


def read(given: Mapping[str, str]) -> Asked:
    """Return what ``Asked.given`` wrote."""
    return Asked(day=date.fromisoformat(given["day"]), **{name: given[name] for name in NARROWED})


def find(viewer: Viewer, asked: Asked) -> QuerySet[Inspection]:
    """Return the inspections of the list that the viewer may see."""
    rows = inspection_rights.find_visible(viewer).defer(*UNSHOWN)
    rows = rows.filter(day__lte=asked.day, day__gt=asked.day - LISTED)
    narrowed = {
        "version__form__code": asked.form, "verdict": asked.verdict, "origin": asked.origin,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    if asked.unit:
        on = UnitVersion.objects.filter(unit__code=asked.unit).order_by("-valid").first()
        below = UnitVersion.objects.filter(path__passes_through=on.unit_id if on else 0)
        # Their numbers, not a query for them: with that, the whole group's year is gone through.
        rows = rows.filter(unit_id__in=set(below.values_list("unit_id", flat=True)))
    return rows.order_by("-day", "-pk")
