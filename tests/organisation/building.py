"""A small group in two provinces, for the tests of the organisation."""

from datetime import UTC, date, datetime

from taishan.kit.actor import Actor
from taishan.organisation import actions
from taishan.organisation.models import UnitVersion

NOW = datetime(2020, 2, 12, tzinfo=UTC)
OPENED = date(2020, 1, 1)
TODAY = date(2020, 2, 12)
DUTY = Actor(label="duty office", door="page")


def details(code: str, parent: str = "", **more: object) -> actions.UnitDetails:
    """Return a unit in Zhejiang with all that a test does not care about filled in."""
    given = {
        "name_en": f"Unit {code}",
        "name_zh": f"单位{code}",
        "kind": "company",
        "place": "CN-ZJ",
        "time_zone": "Asia/Shanghai",
        "head_count": 100,
    }
    return actions.UnitDetails(code=code, parent=parent, **given | more)  # type: ignore[arg-type]


def a_group() -> None:
    """Open HQ with two companies A and B, and A's site A1."""
    actions.open_units(
        actor=DUTY,
        now=NOW,
        on=OPENED,
        details=[
            details("A1", "A", kind="site"),
            details("HQ", kind="headquarters", place="CN-SH"),
            details("A", "HQ"),
            details("B", "HQ"),
        ],
    )


def tree_on(day: date) -> dict[str, str]:
    """Return the parent's code of each unit open on the day."""
    versions = UnitVersion.objects.filter(valid__contains=day).select_related("unit", "parent")
    return {v.unit.code: v.parent.code if v.parent else "" for v in versions}
