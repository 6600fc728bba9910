"""Hazards: reporting one, its page, each step with it, headquarters' list and the criteria."""

from tests.access.rows import MANAGER, OFFICES, Row, only, page

HANDLERS = (MANAGER, "unit_head", "safety_officer")
ANYBODY_WHO_SEES = only(*OFFICES)


def _step(noun: str, post: dict[str, int]) -> Row:
    return Row(
        route=f"safety/hazards/<int:pk>/{noun}/", path="/safety/hazards/{hazard}/" + noun + "/",
        get=405, post=post,
    )  # fmt: skip


HAZARDS = (
    Row(route="safety/hazards/new/", path="/safety/hazards/new/", post=422),
    Row(
        route="safety/hazards/receipt/", path="/safety/hazards/receipt/", post=422,
        nobody=(200, 422), sent={"code": "none"},
    ),
    page("safety/hazards/major/"),
    Row(
        route="safety/hazards/criteria/", path="/safety/hazards/criteria/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    page("safety/hazards/<int:pk>/", "safety/hazards/{hazard}/", ANYBODY_WHO_SEES),
    page(
        "safety/hazards/<int:pk>/photos/<int:number>/",
        "safety/hazards/{hazard}/photos/{hazard_photo}/", ANYBODY_WHO_SEES,
    ),
    page(
        "safety/hazards/<int:pk>/tellings/<int:number>/file/",
        "safety/hazards/{hazard}/tellings/{hazard_telling}/file/", ANYBODY_WHO_SEES,
    ),
    *(
        _step(noun, only(*HANDLERS, yes=422))
        for noun in (
            "grading", "assignment", "merger", "acceptance", "rectification", "verification",
            "closure", "return", "extension", "dismissal",
        )
    ),
    _step("tellings", only(*HANDLERS, yes=422)),
    _step("remarks", only(MANAGER, yes=422)),
    Row(
        route="api/v1/hazards", path="/api/v1/hazards", get=405, post=400, nobody=(405, 401),
    ),
    Row(
        route="api/v1/hazards/<number>", path="/api/v1/hazards/{hazard}", get=ANYBODY_WHO_SEES,
        nobody=(401, 405),
    ),
    Row(
        route="api/v1/hazards/<number>/steps", path="/api/v1/hazards/{hazard}/steps", get=405,
        post=400, nobody=(405, 401),
    ),
)  # fmt: skip
