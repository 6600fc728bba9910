"""Rows of incidents: anybody reports one, few see who was hurt, nobody judges their own."""

from __future__ import annotations

from tests.access.rows import MANAGER, W1_ANSWERS, Row, only, page

HANDLERS = (MANAGER, "unit_head", "safety_officer")
OFFICER = "safety_officer"
ONE = "safety/incidents/<int:pk>/"
PATH = "/safety/incidents/{incident}/"


def _act(act: str, answers: dict[str, int]) -> Row:
    """An act on the incident of W1, sent without what it asks for."""
    return Row(
        route=f"{ONE}acts/<slug:act>/", path=f"{PATH}acts/{act}/", get=405, post=answers
    )  # fmt: skip


INCIDENTS = (
    page("safety/incidents/"),
    page("safety/incidents/incidents.xlsx"),
    Row(route="safety/incidents/new/", path="/safety/incidents/new/", post=422),
    page("safety/incidents/statistics/"),
    page("safety/incidents/statistics.xlsx"),
    Row(
        route="safety/incidents/hours/", path="/safety/incidents/hours/?unit=W1",
        get=only(*HANDLERS, employee=403), post=only(*HANDLERS, yes=422, employee=403),
    ),
    Row(
        route="safety/incidents/hours/import/", path="/safety/incidents/hours/import/", get=405,
        post=only(*HANDLERS, yes=422, employee=403),
    ),
    page("safety/incidents/hours/template.xlsx"),
    page(
        "safety/incidents/osha/<slug:form>.xlsx", "safety/incidents/osha/300a.xlsx?unit=W1",
        only(*HANDLERS),
    ),
    page(
        "safety/incidents/osha/<slug:form>.xlsx", "safety/incidents/osha/301.xlsx?unit=W1",
        only(OFFICER),
    ),
    page(ONE, "safety/incidents/{incident}/", W1_ANSWERS),
    page(
        f"{ONE}photos/<int:photo>/", "safety/incidents/{incident}/photos/{incident_photo}/",
        W1_ANSWERS,
    ),
    _act("numbers", only(*HANDLERS, yes=422)),
    *(_act(act, only(MANAGER, yes=422)) for act in ("team", "lessons", "conditions", "closing")),
    *(_act(act, only()) for act in ("moments", "whys", "barriers", "measures")),
    Row(
        route=f"{ONE}tellings/<int:telling>/", path=PATH + "tellings/{telling}/", get=405,
        post=only(*HANDLERS, yes=422),
    ),
    Row(
        route=f"{ONE}tellings/<int:telling>/waiver/", path=PATH + "tellings/{telling}/waiver/",
        get=405, post=only(MANAGER, yes=422),
    ),
    page(
        f"{ONE}tellings/<int:telling>/file/",
        "safety/incidents/{incident}/tellings/{telling}/file/", W1_ANSWERS,
    ),
    Row(
        route=f"{ONE}injured/", path=PATH + "injured/", get=only(OFFICER),
        post=only(OFFICER, yes=422),
    ),
    Row(
        route=f"{ONE}injured/<int:number>/", path=PATH + "injured/1/", get=only(OFFICER),
        post=only(OFFICER, yes=422),
    ),
)  # fmt: skip
