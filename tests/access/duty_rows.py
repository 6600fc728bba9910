"""Rows of duties, the inspector's desk and accountability cases."""

from __future__ import annotations

from tests.access.rows import MANAGER, ROLES, W1_ANSWERS, Row, only, page

DUTY = "duties/<str:code>/<uuid:pk>/"


def _of_duty(act: str, *roles: str, sent: dict[str, str]) -> Row:
    """An act on the duty of W1 that the duty office is owed, by those who may."""
    return Row(
        route=f"{DUTY}{act}/", path="/duties/W1/{duty}/" + f"{act}/", get=405,
        post=only(*roles, yes=302), sent=sent,
    )  # fmt: skip


DUTIES = (
    page("duties/scorecards/"),
    page("duties/scorecards.xlsx"),
    page("duties/scorecards/", "duties/scorecards/?within=W1", W1_ANSWERS),
    Row(route="duties/feed/", path="/duties/feed/", post=200),
    Row(
        route="duties/feed/<str:token>.ics", path="/duties/feed/guessed.ics", get=404,
        nobody=(404, 405),
    ),
    page("duties/matrix/<str:code>/", "duties/matrix/W1/", W1_ANSWERS),
    page("duties/units/<str:code>/", "duties/units/W1/", W1_ANSWERS),
    page(DUTY, "duties/W1/{duty}/", W1_ANSWERS),
    page(f"{DUTY}file/", "duties/W1/{duty}/file/", 404),
    _of_duty("discharge", "unit_head", "safety_officer", sent={"evidence": "done"}),
    _of_duty("waiver", MANAGER, sent={"reason": "no longer needed"}),
    _of_duty("extension", MANAGER, sent={"due_at": "2030-01-01T17:00", "reason": "roads"}),
    _of_duty("handover", MANAGER, "unit_head", sent={"reason": "so be it", "staff_no": "A1"}),
)  # fmt: skip

INSPECTORS = only("inspector", "discipline_office", employee=403)

INSPECTION = (
    page("inspection/", get=INSPECTORS),
    page("inspection/record/", "inspection/record/?record=unit:W1", INSPECTORS),
    *(
        page(f"inspection/entries.{form}", f"inspection/entries.{form}?record=unit:W1", INSPECTORS)
        for form in ("csv", "xlsx", "zip")
    ),
    page("inspection/seals/", get=INSPECTORS),
    page("inspection/verify.py", get=INSPECTORS),
)


def _case(what: str, *yes: str, status: int = 302, **sent: str) -> Row:
    """An act in the case of W1: its head answers, the discipline office judges."""
    return Row(
        route=f"cases/<int:pk>/{what}/", path="/cases/{case}/" + what + "/", get=405, sent=sent,
        post=dict.fromkeys(ROLES, 404) | dict.fromkeys(READERS, 403) | dict.fromkeys(yes, status),
    )  # fmt: skip


READERS = ("unit_head", "inspector", "discipline_office")

DIRECTORS = (MANAGER, "unit_head")

CASES = (
    page("cases/"),
    page("cases/<int:pk>/", "cases/{case}/", only(*READERS, no=404)),
    Row(
        route="cases/<int:pk>/explanation/", path="/cases/{case}/explanation/",
        get=only("inspector", "discipline_office", yes=403, no=404) | {"unit_head": 200},
        post=only("inspector", "discipline_office", yes=403, no=404) | {"unit_head": 422},
    ),
    _case("remarks", "unit_head", "discipline_office", text="The road was shut"),
    _case("finding", "discipline_office", finding="negligent", text="It was open"),
    _case("measure", "discipline_office", measure="talk", text="Once"),
    _case("closure", "discipline_office", text="Talked"),
    page("escalation/"),
    *(
        Row(
            route=f"escalation/{route}/", path=f"/escalation/{path}/", get=405,
            post=only(*DIRECTORS, yes=302, employee=403),
        )
        for route, path in (
            ("steps", "steps"), ("days", "days"),
            ("steps/<int:pk>/withdrawal", "steps/{added_step}/withdrawal"),
        )
    ),
)  # fmt: skip
