"""Rows of the boards, lists and tables of hazards."""

from tests.access.rows import MANAGER, OFFICES, W1_ANSWERS, Row, only, page

HANDLERS = (MANAGER, "unit_head", "safety_officer")
HANDLERS_ALONE = only(*HANDLERS, employee=403)

HAZARD_BOARDS = (
    page("safety/"),
    page("safety/", "safety/?within=W1", W1_ANSWERS),
    page("safety/statistics/"),
    page("safety/statistics/", "safety/statistics/?within=W1", W1_ANSWERS),
    page("safety/statistics.xlsx"),
    page("safety/hazards/"),
    page("safety/hazards/", "safety/hazards/?within=W1", W1_ANSWERS),
    page("safety/hazards.xlsx"),
    page("safety/hazards/repeated/"),
    page("safety/hazards/repeated/", "safety/hazards/repeated/?within=W1", W1_ANSWERS),
    page("safety/hazards/mine/"),
    page(
        "safety/hazards/thumbnails/<int:pk>/", "safety/hazards/thumbnails/{thumbnail}/",
        only(*OFFICES),
    ),
    Row(
        route="safety/hazards/import/", path="/safety/hazards/import/", get=HANDLERS_ALONE,
        post=only(*HANDLERS, yes=422, employee=403),
    ),
    page("safety/hazards/import/template.xlsx"),
    Row(
        route="safety/hazards/import/<str:token>/", path="/safety/hazards/import/none/", get=405,
        post=only(*HANDLERS, yes=422, employee=403),
    ),
)  # fmt: skip
