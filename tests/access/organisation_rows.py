"""Rows of the organisation."""

from __future__ import annotations

from tests.access.rows import MANAGER, P1_ANSWERS, W1_ANSWERS, Row, only, page


def _change(what: str) -> Row:
    return Row(
        route=f"organisation/units/<str:code>/{what}/",
        path=f"/organisation/units/W1/{what}/",
        get=only(MANAGER),
        post=only(MANAGER, yes=422),
    )


ORGANISATION = (
    page("organisation/"),
    Row(
        route="organisation/import/", path="/organisation/import/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    Row(
        route="organisation/import/<str:token>/", path="/organisation/import/guessed/", get=405,
        post=only(MANAGER, yes=422, employee=403),
    ),
    Row(
        route="organisation/imports/<int:pk>/", path="/organisation/imports/{run}/",
        get=only(MANAGER, employee=403),
    ),
    *(
        page(f"organisation/<str:what>{form}", f"organisation/{what}{form}")
        for form in ("-template.xlsx", ".xlsx", ".csv")
        for what in ("units", "people", "posts", "places")
    ),
    page("organisation/<str:what>.csv", "organisation/secrets.csv", get=404),
    page("organisation/places/"),
    page("organisation/places/<str:code>/", "organisation/places/CN-ZJ/"),
    page("organisation/units/"),
    page("organisation/units/<str:code>/", "organisation/units/W1/", W1_ANSWERS),
    page("organisation/units/<str:code>/", "organisation/units/P1/", P1_ANSWERS),
    page("organisation/units/<str:code>/branch/", "organisation/units/W1/branch/", W1_ANSWERS),
    *(_change(what) for what in ("parts", "facts", "move", "merger", "split", "closure", "roles")),
    Row(
        route="organisation/roles/<int:pk>/revocation/",
        path="/organisation/roles/{grant}/revocation/", get=405,
        post=only(MANAGER, yes=302, employee=403),
    ),
    Row(
        route="organisation/units/<str:code>/group/", path="/organisation/units/W1/group/", get=405,
        post=only(MANAGER, yes=302), sent={"staff_no": "D2", "role": "lead"},
    ),
    Row(
        route="organisation/units/<str:code>/posts/<str:post>/kind/",
        path="/organisation/units/W1/posts/W1-F/kind/", get=405,
        post=only(MANAGER, yes=302), sent={"kind": "team_leader"},
    ),
    page("organisation/people/<str:staff_no>/", "organisation/people/D2/", W1_ANSWERS),
    page("organisation/people/<str:staff_no>/", "organisation/people/D6/", P1_ANSWERS),
    Row(
        route="organisation/people/<str:staff_no>/account/",
        path="/organisation/people/D2/account/", get=405, post=only(MANAGER, employee=403),
    ),
)  # fmt: skip
