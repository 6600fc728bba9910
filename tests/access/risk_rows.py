"""The risk register: seen with the unit, kept by who handles its hazards, checked by posts."""

from tests.access.rows import MANAGER, W1_ANSWERS, Row, only, page

KEEPERS = (MANAGER, "unit_head", "safety_officer")


def _acted(what: str, **sent: str) -> Row:
    return Row(
        route=f"safety/risks/<int:pk>/{what}/", path="/safety/risks/{risk}/" + what + "/", get=405,
        post=only(*KEEPERS, yes=422), sent=sent,
    )  # fmt: skip


RISKS = (
    page("safety/risks/"),
    page("safety/risks/methods/"),
    page("safety/risks/file/"),
    page("safety/risks/template/"),
    Row(
        route="safety/risks/import/", path="/safety/risks/import/",
        get=only(*KEEPERS, employee=403), post=only(*KEEPERS, yes=422, employee=403),
    ),
    Row(
        route="safety/risks/import/<str:token>/", path="/safety/risks/import/gone/", get=405,
        post=only(*KEEPERS, yes=422, employee=403),
    ),
    Row(
        route="safety/risks/new/", path="/safety/risks/new/",
        get=only(*KEEPERS, employee=403), post=only(*KEEPERS, yes=422, employee=403),
    ),
    page("safety/risks/<int:pk>/", "safety/risks/{risk}/", W1_ANSWERS),
    _acted("gradings"),
    _acted("measures"),
    _acted("closing"),
    Row(
        route="safety/risks/measures/<int:pk>/check/",
        path="/safety/risks/measures/{risk_measure}/check/",
        get=only(*KEEPERS), post=only(*KEEPERS, yes=422), sent={"failed": "none such"},
    ),
    Row(
        route="safety/risks/measures/<int:pk>/end/",
        path="/safety/risks/measures/{risk_measure}/end/", get=405,
        post=only(*KEEPERS, yes=422),
    ),
    page(
        "safety/risks/checks/<int:pk>/photo/", "safety/risks/checks/{risk_check}/photo/",
        W1_ANSWERS,
    ),
)  # fmt: skip
