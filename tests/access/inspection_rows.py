"""Rows of inspections of units. The inspector's desk at /inspection/ is another thing."""

from __future__ import annotations

from tests.access.rows import MANAGER, W1_ANSWERS, Row, only, page

_BASE = "safety/inspections/"
_CHECK = (MANAGER, "unit_head", "safety_officer")


def _w1(route: str, path: str, get: int = 405, post: int = 405, no: int = 403) -> Row:
    """A page of who inspects W1."""
    answers = [only(*_CHECK, yes=one, no=no) if one != 405 else 405 for one in (get, post)]
    return Row(route=_BASE + route, path=f"/{_BASE}{path}", get=answers[0], post=answers[1])


INSPECTIONS = (
    page(_BASE),
    page(f"{_BASE}overview.xlsx"),
    page(f"{_BASE}all/"),
    page(f"{_BASE}all.xlsx"),
    page(f"{_BASE}today/"),
    page(f"{_BASE}plans/"),
    page(f"{_BASE}routes/"),
    page(f"{_BASE}checklists/"),
    page(f"{_BASE}checklists/<slug:form>/", f"{_BASE}checklists/check_site/"),
    _w1("do/<str:unit>/<slug:form>/", "do/W1/check_site/", get=200, post=422),
    _w1("plans/new/<str:unit>/", "plans/new/W1/", get=200, post=422),
    _w1("plans/<int:pk>/end/", "plans/{inspection_plan}/end/", post=302),
    _w1("routes/new/<str:unit>/", "routes/new/W1/", get=200, post=422),
    _w1("routes/<int:pk>/", "routes/{route}/", get=200, no=404),
    _w1("routes/<int:pk>/end/", "routes/{route}/end/", post=302, no=404),
    _w1("points/<str:code>/", "points/{point}/", get=200, post=200, no=404),
    page(f"{_BASE}<int:pk>/", f"{_BASE}{{site_inspection}}/", W1_ANSWERS),
    page(
        f"{_BASE}<int:pk>/photos/<int:photo>/",
        f"{_BASE}{{site_inspection}}/photos/{{inspection_photo}}/", W1_ANSWERS,
    ),
    _w1(
        "<int:pk>/items/<str:code>/hazard/", "{site_inspection}/items/extinguishers/hazard/",
        post=302,
    ),
)  # fmt: skip
