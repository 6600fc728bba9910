"""Rows of campaigns: headquarters directs one, units keep their lists, employees read their own."""

from __future__ import annotations

from tests.access.rows import (
    MANAGER,
    P1_ANSWERS,
    W1_ANSWERS,
    Answers,
    Row,
    only,
    page,
)

CAMPAIGN = "safety/campaigns/<int:pk>/"
UNIT = f"{CAMPAIGN}units/<str:code>/"
LINE = "safety/campaigns/entries/<int:pk>/"
KEEPERS = (MANAGER, "unit_head", "safety_officer")
DIRECTED = only(MANAGER, yes=302, employee=403)


def _of(what: str, path: str = "", *, get: Answers = 405, post: Answers = 405, **sent: str) -> Row:
    """A part of headquarters' campaign."""
    return Row(
        route=f"{CAMPAIGN}{what}", path="/safety/campaigns/{campaign}/" + (path or what), get=get,
        post=post, sent=sent,
    )  # fmt: skip


def _of_w1(what: str, path: str = "", get: Answers = W1_ANSWERS, post: Answers = 405) -> Row:
    return Row(
        route=f"{UNIT}{what}", path="/safety/campaigns/{campaign}/units/W1/" + (path or what),
        get=get, post=post,
    )  # fmt: skip


def _step(what: str, mark: str, *roles: str, status: int = 302) -> Row:
    """A step of a line of W1."""
    return Row(
        route=f"{LINE}{what}/", path="/safety/campaigns/entries/{" + mark + "}/" + f"{what}/",
        get=405, post=only(*roles, yes=status), sent={"text": "so"},
    )  # fmt: skip


CAMPAIGNS = (
    page("safety/campaigns/"),
    Row(
        route="safety/campaigns/new/", path="/safety/campaigns/new/",
        get=only(MANAGER, "unit_head", employee=403),
        post=only(MANAGER, "unit_head", yes=422, employee=403),
    ),
    _of("", get=200),
    _of("units.xlsx", get=200),
    _of("lists.xlsx", get=200),
    _of(
        "milestones/", post=DIRECTED, phase="{phase}", title_zh="查", due_on="2020-02-20"
    ),
    _of(
        "milestones/<int:number>/reaching/", "milestones/{milestone}/reaching/", post=DIRECTED,
        text="seen",
    ),
    _of(
        "targets/", post=DIRECTED, unit="W1", measure="problems_found", amount="9",
        by_day="2020-02-20",
    ),
    _of("closing/", get=only(MANAGER, employee=403), post=DIRECTED, text="All of it"),
    Row(
        route=f"{CAMPAIGN}report/", path="/safety/campaigns/{closed}/report/", get=W1_ANSWERS
    ),
    Row(
        route=f"{CAMPAIGN}report.<str:form>", path="/safety/campaigns/{closed}/report.docx",
        get=W1_ANSWERS,
    ),
    _of_w1(""),
    Row(route=UNIT, path="/safety/campaigns/{campaign}/units/P1/", get=P1_ANSWERS),
    _of_w1("entries/", get=405, post=only(*KEEPERS, yes=422)),
    _of_w1("hazards/", get=405, post=only(*KEEPERS, yes=404)),
    _of_w1("lists.xlsx"),
    _of_w1("template.xlsx"),
    _of_w1("import/", get=only(*KEEPERS), post=only(*KEEPERS, yes=422)),
    _of_w1("import/<str:token>/", "import/guessed/", get=405, post=only(*KEEPERS, yes=422)),
    _of_w1(
        "returns/<str:month>/", "returns/2020-01/", post=only(*KEEPERS, yes=422)
    ),
    page(LINE, "safety/campaigns/entries/{entry}/", W1_ANSWERS),
    page(
        f"{LINE}files/<int:number>/", "safety/campaigns/entries/{done_entry}/files/1/", W1_ANSWERS
    ),
    _step("completion", "entry", *KEEPERS),
    _step("return", "done_entry", *KEEPERS),
    _step("verification", "done_entry", *KEEPERS),
    _step("withdrawal", "entry", MANAGER, "unit_head"),
)  # fmt: skip
