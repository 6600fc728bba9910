"""Rows of notices, channels, directives and meetings."""

from __future__ import annotations

from tests.access.rows import MANAGER, OFFICES, W1_ANSWERS, Answers, Row, only, page

TELLING = (
    page("notices/"),
    page("notices/<int:pk>/", "notices/{notice}/", only(*OFFICES)),
    Row(
        route="notices/<int:pk>/confirmation/", path="/notices/{notice}/confirmation/", get=405,
        post=only("unit_head", yes=302, no=404),
    ),
    Row(
        route="notices/units/<str:code>/", path="/notices/units/W1/", get=W1_ANSWERS,
        post=only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    page("notices/<int:pk>/mine/", "notices/{notice}/mine/", only("unit_head", no=404)),
    Row(
        route="notices/<int:pk>/again/", path="/notices/{notice}/again/", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302),
    ),
    Row(
        route="situation/letters/", path="/situation/letters/?within=W1", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=403),
    ),
)  # fmt: skip

CHANNELS = (
    page("channels/"),
    Row(route="channels/emails/", path="/channels/emails/", get=405, post=422),
    Row(
        route="channels/confirmation/<str:token>/", path="/channels/confirmation/guessed/",
        get=404, post=404,
    ),
    Row(
        route="channels/units/<str:code>/", path="/channels/units/W1/", get=W1_ANSWERS,
        post=only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    *(
        Row(
            route=f"channels/<int:pk>/{what}/", path="/channels/{robot}/" + what + "/", get=405,
            post=only(MANAGER, "unit_head", "safety_officer", yes=302, no=404),
        )
        for what in ("wishes", "test", "removal")
    ),
    *(
        Row(
            route=f"channels/<int:pk>/{what}/", path="/channels/{email}/" + what + "/", get=405,
            post=only("unit_head", yes=302, no=404),
        )
        for what in ("wishes", "test", "removal")
    ),
    page("outbox/", get=only(MANAGER, employee=403)),
    *(
        page(
            f"outbox/<str:name>{end}", f"outbox/nothing{end}",
            only(MANAGER, yes=404, employee=403),
        )
        for end in ("/", ".eml")
    ),
)  # fmt: skip

DIRECTORS = only(MANAGER, "unit_head", yes=302, no=403, employee=404)

ISSUERS = only(MANAGER, yes=302, employee=404)
REFUSED = only(MANAGER, yes=422, employee=404)
"""The same, who send no reason: the page says so."""


def _part(what: str = "", get: Answers = 405, post: Answers = 405, **more: dict[str, str]) -> Row:
    """An address of what W1 owes of a measure."""
    return Row(
        route=f"directives/measures/<int:pk>/<str:kind>/<str:code>/{what}",
        path=f"/directives/measures/{{measure}}/units/W1/{what}", get=get, post=post, **more,
    )  # type: ignore[arg-type] # fmt: skip


DIRECTIVES = (
    page("directives/"),
    Row(
        route="directives/drafts/", path="/directives/drafts/", get=405,
        post=only(MANAGER, "unit_head", yes=302), sent={"unit": "W1"},
    ),
    page("directives/<int:pk>/", "directives/{directive}/", W1_ANSWERS),
    Row(
        route="directives/<int:pk>/draft/", path="/directives/{drafted}/draft/",
        get=only(MANAGER, no=404), post=only(MANAGER, yes=422, no=404),
    ),
    Row(
        route="directives/<int:pk>/draft/files/", path="/directives/{drafted}/draft/files/",
        get=405, post=only(MANAGER, yes=302, no=404),
    ),
    Row(
        route="directives/<int:pk>/draft/end/", path="/directives/{drafted}/draft/end/", get=405,
        post=only(MANAGER, yes=302, no=404),
    ),
    Row(
        route="directives/<int:pk>/issue/", path="/directives/{drafted}/issue/", get=405,
        post=only(MANAGER, yes=302, no=404),
    ),
    *(
        Row(
            route=f"directives/<int:pk>/{act}/", path=f"/directives/{{directive}}/{act}/", get=405,
            post=answers,
        )
        for act, answers in (("version", ISSUERS), ("recall", REFUSED), ("reminders", ISSUERS))
    ),
    Row(
        route="directives/<int:pk>/acknowledgement/",
        path="/directives/{directive}/acknowledgement/", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=404),
        sent={"unit": "{w1}", "version": "1"},
    ),
    Row(
        route="directives/<int:pk>/signature/", path="/directives/{directive}/signature/",
        get=only(*OFFICES, yes=302),
        post=only(*OFFICES, yes=403) | {"unit_head": 302, "safety_officer": 302},
    ),
    page(
        "directives/<int:pk>/files/<int:file>/", "directives/{directive}/files/{directive_file}/",
        W1_ANSWERS,
    ),
    page("directives/measures/<int:pk>/", "directives/measures/{measure}/", W1_ANSWERS),
    _part(get=W1_ANSWERS),
    _part("parts/", post=only(MANAGER, "unit_head", yes=422, employee=404)),
    _part(
        "confirmations/", post=only(MANAGER, "unit_head", "safety_officer", yes=422, employee=404)
    ),
    _part("waiver/", post=REFUSED),
    Row(
        route="directives/confirmations/<int:pk>/answer/",
        path="/directives/confirmations/{confirmation}/answer/", get=405, post=REFUSED,
    ),
    page(
        "directives/confirmations/<int:pk>/files/<int:file>/",
        "directives/confirmations/{confirmation}/files/{evidence}/", W1_ANSWERS,
    ),
)  # fmt: skip

KEEPERS = only(MANAGER, "unit_head", "safety_officer", yes=302)
TOLD_WHY = only(MANAGER, "unit_head", "safety_officer", yes=422)


def _meeting(what: str = "", get: Answers = 405, post: Answers = 405, **sent: str) -> Row:
    return Row(
        route=f"meetings/<int:pk>/{what}", path=f"/meetings/{{meeting}}/{what}", get=get,
        post=post, sent=sent,
    )  # fmt: skip


MEETINGS = (
    page("meetings/"),
    Row(
        route="meetings/units/<str:code>/new/", path="/meetings/units/W1/new/",
        get=only(MANAGER, "unit_head", "safety_officer"),
        post=only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    _meeting(get=W1_ANSWERS),
    _meeting("cancellation/", post=TOLD_WHY, reason="It has been held already"),
    _meeting("code/", only(MANAGER, "unit_head", "safety_officer")),
    _meeting("presence/", 200, 422),
    _meeting("attendance/", post=TOLD_WHY, staff_no="X9"),
    Row(
        route="meetings/<int:pk>/attendance/<int:presence>/",
        path="/meetings/{meeting}/attendance/{presence}/", get=405, post=KEEPERS,
        sent={"came": "no", "reason": "It was somebody else"},
    ),
    _meeting("materials/", post=KEEPERS),
    page(
        "meetings/<int:pk>/materials/<int:file>/", "meetings/{meeting}/materials/{material}/",
        W1_ANSWERS,
    ),
    _meeting(
        "minutes/", only(MANAGER, "unit_head", "safety_officer"), TOLD_WHY,
    ),
    _meeting("confirmation/", post=only("unit_head", yes=302), edition="0"),
    _meeting("decisions/", post=only(MANAGER, "unit_head", yes=422)),
    Row(
        route="meetings/<int:pk>/decisions/<int:number>/done/",
        path="/meetings/{meeting}/decisions/1/done/", get=405, post=KEEPERS,
        sent={"evidence": "Counted"},
    ),
)  # fmt: skip
