"""Red lines: everybody may know them and report one crossed; the duty office records them."""

from tests.access.rows import MANAGER, Row, only, page

RED_LINES = (
    page("safety/red-lines/"),
    page("safety/red-lines/<int:pk>/", "safety/red-lines/{red_line}/"),
    Row(
        route="safety/red-lines/breaches/new/", path="/safety/red-lines/breaches/new/", post=422
    ),
    Row(
        route="safety/red-lines/library/", path="/safety/red-lines/library/",
        get=only(MANAGER, employee=403), post=only(MANAGER, yes=422, employee=403),
    ),
    Row(route="api/v1/red-lines", path="/api/v1/red-lines?unit=W1", nobody=(401, 405)),
    Row(
        route="api/v1/red-lines/breaches", path="/api/v1/red-lines/breaches", get=405, post=422,
        nobody=(405, 401),
    ),
)  # fmt: skip
