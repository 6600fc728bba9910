"""Rows of verdicts, applications, regulations and stops of work."""

from __future__ import annotations

from tests.access.rows import MANAGER, P1_ANSWERS, W1_ANSWERS, Row, only, page


def _issuing(what: str, get: int = 405, post: int = 405) -> Row:
    """A page of who manages regulations for the whole group."""
    get_answers, post_answers = (
        only(MANAGER, yes=status, employee=403) if status != 405 else 405 for status in (get, post)
    )
    path = what.replace("<str:token>", "guessed")
    return Row(
        route=f"regulations/{what}", path=f"/regulations/{path}", get=get_answers, post=post_answers
    )


DECISIONS = (
    page(""),
    page("board/"),
    page("board/trend/"),
    page("board.xlsx"),
    page("units/<str:code>/", "units/W1/", W1_ANSWERS),
    page("units/<str:code>/", "units/P1/", P1_ANSWERS),
    Row(
        route="units/<str:code>/attestations/", path="/units/W1/attestations/", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302),
    ),
    Row(
        route="units/<str:code>/attestations/<int:pk>/refutation/",
        path="/units/W1/attestations/{attestation}/refutation/", get=405,
        post=only("discipline_office", yes=302), sent={"reason": "untrue"},
    ),
    page("units/<str:code>/verdicts/", "units/W1/verdicts/", W1_ANSWERS),
    page(
        "units/<str:code>/attestations/<int:pk>/file/",
        "units/W1/attestations/{with_file}/file/", W1_ANSWERS,
    ),
    page("regulations/"),
    page("regulations/library.xlsx"),
    page("regulations/library.yaml"),
    page("regulations/template.xlsx"),
    _issuing("libraries/", get=200, post=422),
    _issuing("libraries/<str:token>/", get=422),
    _issuing("libraries/<str:token>/confirmation/", post=422),
    Row(
        route="regulations/risk-levels/", path="/regulations/risk-levels/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    page("regulations/risk-levels.xlsx"),
    page("regulations/risk-levels.csv"),
    _issuing("risk-levels/import/", get=200, post=422),
    _issuing("risk-levels/import/<str:token>/", post=422),
    page(
        "regulations/risk-levels/<str:what>-template.xlsx",
        "regulations/risk-levels/levels-template.xlsx",
    ),
    Row(
        route="regulations/risk-levels/<str:place>/<str:starts>/withdrawal/",
        path="/regulations/risk-levels/CN-330302/2020-02-10/withdrawal/", get=405,
        post=only(MANAGER, yes=302, employee=403),
    ),
    page("regulations/<slug:key>/", "regulations/cn-hb-20200220/"),
    Row(
        route="regulations/<slug:key>/directives/",
        path="/regulations/cn-hb-20200220/directives/", get=405,
        post=only(MANAGER, "unit_head", yes=302), sent={"unit": "W1"},
    ),
    Row(route="api/v1/verdicts", path="/api/v1/verdicts", nobody=(401, 405)),
    Row(route="api/v1/reports", path="/api/v1/reports", get=405, post=400, nobody=(405, 401)),
    Row(route="api/v1/tokens", path="/api/v1/tokens", get=405, post=200, nobody=(405, 401)),
    Row(
        route="api/v1/openapi.json", path="/api/v1/openapi.json", post=200, nobody=(200, 200)
    ),
    Row(route="api/v1/", path="/api/v1/", get=404, post=404, nobody=(404, 404)),
)  # fmt: skip

ATTESTERS = (MANAGER, "unit_head", "safety_officer")


def _acted(what: str, *roles: str, answered: int = 302) -> Row:
    """Something done with the application of W1, which lies with headquarters."""
    return Row(
        route=f"applications/<int:pk>/{what}/", path="/applications/{application}/" + what + "/",
        get=405, post=only(*roles, yes=answered), sent={"seen": "1", "reason": "looked at"},
    )  # fmt: skip


APPLICATIONS = (
    page("applications/"),
    Row(
        route="applications/rule/", path="/applications/rule/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    Row(
        route="units/<str:code>/applications/", path="/units/W1/applications/",
        get=only(*ATTESTERS), post=only(*ATTESTERS, yes=422),
    ),
    page("applications/<int:pk>/", "applications/{application}/", W1_ANSWERS),
    Row(
        route="applications/<int:pk>/plan/", path="/applications/{application}/plan/",
        get=only(*ATTESTERS), post=only(*ATTESTERS, yes=422),
    ),
    _acted("submission", *ATTESTERS, answered=422),
    _acted("approval", MANAGER),
    _acted("return", MANAGER),
    _acted("forwarding", MANAGER, answered=422),
    _acted("confirmation", MANAGER, answered=422),
    _acted("unlocking", MANAGER, answered=422),
    _acted("files", *ATTESTERS, answered=422),
    _acted("local", *ATTESTERS, answered=422),
    page(
        "applications/<int:pk>/files/<int:file>/",
        "applications/{application}/files/{application_file}/", W1_ANSWERS,
    ),
    page(
        "applications/<int:pk>/local/<int:decision>/file/",
        "applications/{application}/local/{local_decision}/file/", W1_ANSWERS,
    ),
)  # fmt: skip

STOPPING = (
    page("stop-work/"),
    Row(route="stop-work/new/", path="/stop-work/new/", post=422),
    page("stop-work/<int:pk>/", "stop-work/{stop}/", W1_ANSWERS),
    page("stop-work/<int:pk>/photo/", "stop-work/{stop}/photo/", W1_ANSWERS),
    page(
        "stop-work/<int:pk>/requests/<int:number>/file/", "stop-work/{stop}/requests/1/file/",
        W1_ANSWERS,
    ),
    Row(
        route="stop-work/<int:pk>/requests/", path="/stop-work/{stop}/requests/", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=422), sent={"evidence": "again"},
    ),
    *(
        Row(
            route=f"stop-work/<int:pk>/{act}/", path="/stop-work/{stop}/" + act + "/", get=405,
            post=only(MANAGER, yes=302), sent={"reason": "I was there"},
        )
        for act in ("lifting", "refusal")
    ),
)  # fmt: skip
