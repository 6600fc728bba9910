"""Rows of the situation, its reports and files."""

from __future__ import annotations

from tests.access.rows import MANAGER, OFFICES, W1_ANSWERS, Row, only, page

SITUATION = (
    page("situation/"),
    page("situation.xlsx"),
    page("situation/people/"),
    page("situation/people.xlsx", get=only(*OFFICES, employee=403)),
    page("situation/people.csv", get=only(*OFFICES, employee=403)),
    Row(
        route="situation/reminders/", path="/situation/reminders/?within=W1", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=403),
    ),
)  # fmt: skip


def _written(what: str, *roles: str, answered: int = 302) -> Row:
    """A step of the situation report of W1, by those who may take it."""
    return Row(
        route=f"situation/reports/<int:pk>/{what}/",
        path="/situation/reports/{situation_report}/" + what + "/",
        get=405, post=only(MANAGER, *roles, yes=answered),
    )  # fmt: skip


WRITERS = ("unit_head", "safety_officer")

SITUATION_REPORTS = (
    page("situation/reports/"),
    page("situation/reports/<int:pk>/", "situation/reports/{situation_report}/", W1_ANSWERS),
    *(
        page(
            f"situation/reports/<int:pk>.{form}", "situation/reports/{situation_report}." + form,
            W1_ANSWERS,
        )
        for form in ("xlsx", "docx")
    ),
    Row(
        route="situation/reports/drafts/", path="/situation/reports/drafts/", get=405,
        post=only(MANAGER, *WRITERS, yes=302), sent={"unit": "W1"},
    ),
    Row(
        route="situation/reports/<int:pk>/text/",
        path="/situation/reports/{situation_report}/text/",
        get=only(MANAGER, *WRITERS), post=only(MANAGER, *WRITERS, yes=422),
    ),
    _written("numbers", *WRITERS),
    _written("submission", *WRITERS),
    _written("return", "unit_head"),
    _written("review", "unit_head"),
    _written("publication", "unit_head"),
)  # fmt: skip

FILES = (
    page("files/"),
    page("files/<int:pk>/", "files/{file}/", only(MANAGER, no=404)),
    Row(
        route="files/<int:pk>/again/", path="/files/{file}/again/", get=405,
        post=only(MANAGER, yes=302, no=404),
    ),
)  # fmt: skip
