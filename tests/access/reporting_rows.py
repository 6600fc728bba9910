"""Rows of forms, schedules and reports."""

from __future__ import annotations

from tests.access.rows import MANAGER, W1_ANSWERS, Row, only, page

FORMS = (
    Row(route="forms/", path="/forms/", post=only(MANAGER, yes=422, employee=403)),
    page("forms/<slug:code>/", "forms/daily_health/"),
    page("forms/<slug:code>/<int:number>/", "forms/daily_health/1/"),
    page("forms/<slug:code>/<int:number>.xlsx", "forms/daily_health/1.xlsx"),
    Row(
        route="forms/<slug:code>/<int:number>/files/", path="/forms/daily_health/1/files/",
        get=405, post=only(MANAGER, yes=302, employee=403),
    ),
    page(
        "forms/<slug:code>/<int:number>/files/<str:name>", "forms/daily_health/1/files/none.png",
        404,
    ),
    Row(
        route="forms/<slug:code>/<int:number>/publication/",
        path="/forms/daily_health/1/publication/", get=405,
        post=only(MANAGER, yes=302, employee=403),
    ),
    Row(
        route="forms/<slug:code>/<int:number>/retirement/",
        path="/forms/daily_health/1/retirement/", get=405,
        post=only(MANAGER, yes=302, employee=403),
    ),
)  # fmt: skip

REPORTING = (
    page("reports/"),
    Row(
        route="reports/<slug:form>/<str:day>/", path="/reports/daily_health/2020-02-12/", get=404,
        post=404,
    ),
    Row(
        route="reports/<slug:form>/<str:day>/<str:unit>/",
        path="/reports/unit_daily/{today}/W1/",
        get=only(MANAGER, "unit_head", "safety_officer", no=404),
        post=only(MANAGER, "unit_head", "safety_officer", yes=422, no=404),
    ),
    Row(
        route="reports/files/<uuid:kept_as>/", path="/reports/files/{report_file}/",
        get=only("unit_head", "safety_officer", employee=403),
    ),
    Row(
        route="r/units/<str:code>/", path="/r/units/W1/",
        get=only(MANAGER, "unit_head", "safety_officer"),
    ),
    Row(route="r/<str:token>/", path="/r/{unit_link}/", post=422, nobody=(200, 422)),
    Row(route="r/<str:token>/", path="/r/guessed/", get=404, post=404, nobody=(404, 404)),
    Row(route="offline/", path="/offline/", nobody=(200, 405)),
    Row(route="sw.js", path="/sw.js", nobody=(200, 405)),
    Row(route="manifest.webmanifest", path="/manifest.webmanifest", nobody=(200, 405)),
)  # fmt: skip

CLIENTS = (
    page("odk/"),
    Row(route="odk/tokens/", path="/odk/tokens/", get=405, post=422),
    Row(
        route="odk/tokens/<int:pk>/revocation/", path="/odk/tokens/1/revocation/", get=405,
        post=302,
    ),
    *(
        Row(
            route=f"odk/{before}{route}", path=f"/odk/{token}{path}", get=get, post=post,
            nobody=(get, post),
        )
        for before, token, refused in (("", "", 403), ("<str:token>/", "guessed/", 404))
        for route, path, get, post in (
            ("formList", "formList", refused, 405),
            (
                "forms/<str:form_id>/<int:number>.xml", "forms/unit_daily:W1/1.xml", refused, 405
            ),
            (
                "forms/<str:form_id>/<int:number>/manifest", "forms/unit_daily:W1/1/manifest",
                refused, 405,
            ),
            (
                "forms/<str:form_id>/<int:number>/media/<str:name>",
                "forms/unit_daily:W1/1/media/masks.png", refused, 405,
            ),
            ("submission", "submission", 405, refused),
        )
    ),
    Row(
        route="api/v1/dataValueSets", path="/api/v1/dataValueSets", get=405, post=400,
        nobody=(405, 401),
    ),
)  # fmt: skip

FOLLOW_UP = (
    page("follow-ups/"),
    page("follow-ups.xlsx"),
    page(
        "follow-ups/<int:pk>/", "follow-ups/{follow_up}/", only("safety_officer", employee=403)
    ),
    Row(
        route="follow-ups/<int:pk>/steps/", path="/follow-ups/{follow_up}/steps/", get=405,
        post=only("safety_officer", yes=302, employee=403),
        sent={"act": "release", "seen": "1", "release-text": "A cold"},
    ),
    Row(
        route="follow-ups/<int:pk>/checks/", path="/follow-ups/{follow_up}/checks/", get=405,
        post=only("safety_officer", yes=422, employee=403),
    ),
    Row(
        route="follow-ups/rules/<str:code>/", path="/follow-ups/rules/W1/", get=W1_ANSWERS,
        post=only(MANAGER, "safety_officer", yes=302), sent={"quarantine_days": "21"},
    ),
)  # fmt: skip

OF_A1 = "form=daily_health&of={reported}&day=2020-02-12"

CORRECTIONS = (
    page("answers/", f"answers/?{OF_A1}", only("safety_officer", employee=403)),
    Row(
        route="answers/correction/", path=f"/answers/correction/?{OF_A1}",
        get=only("safety_officer", no=404), post=only("safety_officer", yes=422, no=404),
    ),
    Row(
        route="corrections/", path="/corrections/",
        get=only(MANAGER, "unit_head", "safety_officer", employee=403),
        post=only(MANAGER, "unit_head", "safety_officer", yes=422, employee=403),
    ),
    page(
        "corrections/<int:pk>/", "corrections/{correction}/", only("safety_officer", employee=403)
    ),
    Row(
        route="corrections/<int:pk>/ruling/", path="/corrections/{correction}/ruling/", get=405,
        post=only("safety_officer", yes=302, employee=403),
        sent={"outcome": "refused", "reason": "not so"},
    ),
)  # fmt: skip

PRIVACY = (
    page("my-data/"),
    Row(
        route="my-data/consents/", path="/my-data/consents/", get=405, post=302,
        sent={"form": "daily_health"},
    ),
    Row(
        route="privacy/grounds/", path="/privacy/grounds/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    Row(
        route="privacy/units/<str:code>/", path="/privacy/units/W1/", get=W1_ANSWERS,
        post=only("unit_head", yes=422),
    ),
    Row(
        route="privacy/rules/<int:pk>/end/", path="/privacy/rules/{disclosure}/end/", get=405,
        post=only("unit_head", yes=302, employee=403), sent={"reason": "over"},
    ),
)  # fmt: skip

DISAGREEMENTS = (
    page("situation/disagreements/"),
    page("situation/disagreements.xlsx"),
    Row(
        route="situation/disagreements/reminders/", path="/situation/disagreements/reminders/",
        get=405, post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=403),
    ),
)  # fmt: skip

SCHEDULES = (
    page("schedules/<str:code>/", "schedules/W1/", W1_ANSWERS),
    Row(
        route="schedules/<str:code>/new/", path="/schedules/W1/new/",
        get=only(MANAGER, "safety_officer"), post=only(MANAGER, "safety_officer", yes=422),
    ),
    Row(
        route="schedules/<str:code>/<int:pk>/", path="/schedules/W1/{schedule}/",
        get=only(MANAGER), post=only(MANAGER, yes=422),
    ),
    Row(
        route="schedules/<str:code>/<int:pk>/end/", path="/schedules/W1/{schedule}/end/", get=405,
        post=only(MANAGER, yes=422),
    ),
    Row(
        route="schedules/<str:code>/shifts/new/", path="/schedules/W1/shifts/new/",
        get=only(MANAGER, "safety_officer"), post=only(MANAGER, "safety_officer", yes=422),
    ),
    Row(
        route="schedules/<str:code>/shifts/<int:pk>/", path="/schedules/W1/shifts/{shift}/",
        get=W1_ANSWERS, post=only(MANAGER, "safety_officer", yes=422),
    ),
    Row(
        route="schedules/<str:code>/shifts/<int:pk>/end/",
        path="/schedules/W1/shifts/{shift}/end/", get=405,
        post=only(MANAGER, "safety_officer", yes=404),
    ),
    Row(
        route="schedules/<str:code>/shifts/<int:pk>/name/",
        path="/schedules/W1/shifts/{shift}/name/", get=405,
        post=only(MANAGER, "safety_officer", yes=422),
    ),
    Row(
        route="schedules/<str:code>/shifts/<int:pk>/closure/",
        path="/schedules/W1/shifts/{shift}/closure/", get=405, post=only(MANAGER, yes=422),
    ),
    Row(
        route="schedules/<str:code>/shifts/file/", path="/schedules/W1/shifts/file/",
        get=only(MANAGER, "safety_officer"), post=only(MANAGER, "safety_officer", yes=422),
    ),
    page("schedules/<str:code>/shifts.xlsx", "schedules/W1/shifts.xlsx", W1_ANSWERS),
)  # fmt: skip
