"""Every address as every role and as nobody, by reading and by sending, against one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from taishan.communications import actions as notices
from taishan.communications import cascading, directives
from taishan.communications.actions import Words
from taishan.communications.models import Notice
from taishan.config.urls import NOT_OFFERED
from taishan.forms.models import Form
from taishan.kit import attachments, clock
from taishan.learning import decisions, meetings
from taishan.organisation import accounts, import_runs, invitations
from taishan.organisation.models import Account, Person, RoleGrant, Unit
from taishan.reporting import files, noticing, unit_links
from taishan.reporting.follow_up_models import FollowUp
from taishan.reporting.models import Correction, ReportFile
from taishan.resumption import actions
from taishan.resumption.models import Attestation
from tests import people
from tests.communications import directing, writing
from tests.duties import building as duties
from tests.duties.escalating import step_of_w1, w1_answers
from tests.files.building import ready_file
from tests.learning import calling
from tests.privacy import allowing
from tests.reporting import building
from tests.resumption import applying
from tests.safety import building as building_stops
from tests.situation.building import draft_report

Answers = int | dict[str, int]
"""The status for every role, or for each."""

ROLES = sorted(people.CAST)
LOGIN = -302
"""Sent to sign in: what nobody gets from nearly every page."""


def only(*roles: str, yes: int = 200, no: int = 403, employee: int = 404) -> dict[str, int]:
    """Return ``yes`` for the roles and ``no`` for others; the employee does not see the unit W1."""
    return dict.fromkeys(ROLES, no) | {"employee": employee} | dict.fromkeys(roles, yes)


OFFICES = tuple(role for role in ROLES if role != "employee")
GROUP_WIDE = ("duty_office", "inspector", "discipline_office")
W1_ANSWERS = only(*OFFICES)
P1_ANSWERS = only(*GROUP_WIDE, "employee", no=404)
MANAGER = "duty_office"


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """What a role gets at an address: ``route`` as the resolver knows it, ``path`` as visited.

    ``answered_by``: an earlier route that takes the path away from this one.
    """

    route: str
    path: str
    get: Answers = 200
    post: Answers = 405
    nobody: tuple[int, int] = (LOGIN, LOGIN)
    sent: dict[str, str] = field(default_factory=dict)
    answered_by: str = ""


def _page(route: str, path: str = "", get: Answers = 200) -> Row:
    return Row(route=route, path=f"/{path or route}", get=get)


def _change(what: str) -> Row:
    return Row(
        route=f"organisation/units/<str:code>/{what}/",
        path=f"/organisation/units/W1/{what}/",
        get=only(MANAGER),
        post=only(MANAGER, yes=422),
    )


def _issuing(what: str, get: int = 405, post: int = 405) -> Row:
    """A page of who manages regulations for the whole group."""
    get_answers, post_answers = (
        only(MANAGER, yes=status, employee=403) if status != 405 else 405 for status in (get, post)
    )
    path = what.replace("<str:token>", "guessed")
    return Row(
        route=f"regulations/{what}", path=f"/regulations/{path}", get=get_answers, post=post_answers
    )


ORGANISATION = (
    _page("organisation/"),
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
        _page(f"organisation/<str:what>{form}", f"organisation/{what}{form}")
        for form in ("-template.xlsx", ".xlsx", ".csv")
        for what in ("units", "people", "posts", "places")
    ),
    _page("organisation/<str:what>.csv", "organisation/secrets.csv", get=404),
    _page("organisation/places/"),
    _page("organisation/places/<str:code>/", "organisation/places/CN-ZJ/"),
    _page("organisation/units/"),
    _page("organisation/units/<str:code>/", "organisation/units/W1/", W1_ANSWERS),
    _page("organisation/units/<str:code>/", "organisation/units/P1/", P1_ANSWERS),
    _page("organisation/units/<str:code>/branch/", "organisation/units/W1/branch/", W1_ANSWERS),
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
    _page("organisation/people/<str:staff_no>/", "organisation/people/D2/", W1_ANSWERS),
    _page("organisation/people/<str:staff_no>/", "organisation/people/D6/", P1_ANSWERS),
    Row(
        route="organisation/people/<str:staff_no>/account/",
        path="/organisation/people/D2/account/", get=405, post=only(MANAGER, employee=403),
    ),
)  # fmt: skip

DECISIONS = (
    _page(""),
    _page("board/"),
    _page("board/trend/"),
    _page("board.xlsx"),
    _page("units/<str:code>/", "units/W1/", W1_ANSWERS),
    _page("units/<str:code>/", "units/P1/", P1_ANSWERS),
    Row(
        route="units/<str:code>/attestations/", path="/units/W1/attestations/", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302),
    ),
    Row(
        route="units/<str:code>/attestations/<int:pk>/refutation/",
        path="/units/W1/attestations/{attestation}/refutation/", get=405,
        post=only("discipline_office", yes=302), sent={"reason": "untrue"},
    ),
    _page("units/<str:code>/verdicts/", "units/W1/verdicts/", W1_ANSWERS),
    _page(
        "units/<str:code>/attestations/<int:pk>/file/",
        "units/W1/attestations/{with_file}/file/", W1_ANSWERS,
    ),
    _page("regulations/"),
    _page("regulations/library.xlsx"),
    _page("regulations/library.yaml"),
    _page("regulations/template.xlsx"),
    _issuing("libraries/", get=200, post=422),
    _issuing("libraries/<str:token>/", get=422),
    _issuing("libraries/<str:token>/confirmation/", post=422),
    Row(
        route="regulations/risk-levels/", path="/regulations/risk-levels/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    _page("regulations/risk-levels.xlsx"),
    _page("regulations/risk-levels.csv"),
    _issuing("risk-levels/import/", get=200, post=422),
    _issuing("risk-levels/import/<str:token>/", post=422),
    _page(
        "regulations/risk-levels/<str:what>-template.xlsx",
        "regulations/risk-levels/levels-template.xlsx",
    ),
    Row(
        route="regulations/risk-levels/<str:place>/<str:starts>/withdrawal/",
        path="/regulations/risk-levels/CN-330302/2020-02-10/withdrawal/", get=405,
        post=only(MANAGER, yes=302, employee=403),
    ),
    _page("regulations/<slug:key>/", "regulations/cn-hb-20200220/"),
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
    _page("applications/"),
    Row(
        route="applications/rule/", path="/applications/rule/",
        post=only(MANAGER, yes=422, employee=403),
    ),
    Row(
        route="units/<str:code>/applications/", path="/units/W1/applications/",
        get=only(*ATTESTERS), post=only(*ATTESTERS, yes=422),
    ),
    _page("applications/<int:pk>/", "applications/{application}/", W1_ANSWERS),
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
    _page(
        "applications/<int:pk>/files/<int:file>/",
        "applications/{application}/files/{application_file}/", W1_ANSWERS,
    ),
    _page(
        "applications/<int:pk>/local/<int:decision>/file/",
        "applications/{application}/local/{local_decision}/file/", W1_ANSWERS,
    ),
)  # fmt: skip

STOPPING = (
    _page("stop-work/"),
    Row(route="stop-work/new/", path="/stop-work/new/", post=422),
    _page("stop-work/<int:pk>/", "stop-work/{stop}/", W1_ANSWERS),
    _page("stop-work/<int:pk>/photo/", "stop-work/{stop}/photo/", W1_ANSWERS),
    _page(
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

FORMS = (
    Row(route="forms/", path="/forms/", post=only(MANAGER, yes=422, employee=403)),
    _page("forms/<slug:code>/", "forms/daily_health/"),
    _page("forms/<slug:code>/<int:number>/", "forms/daily_health/1/"),
    _page("forms/<slug:code>/<int:number>.xlsx", "forms/daily_health/1.xlsx"),
    Row(
        route="forms/<slug:code>/<int:number>/files/", path="/forms/daily_health/1/files/",
        get=405, post=only(MANAGER, yes=302, employee=403),
    ),
    _page(
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

SITUATION = (
    _page("situation/"),
    _page("situation.xlsx"),
    _page("situation/people/"),
    _page("situation/people.xlsx", get=only(*OFFICES, employee=403)),
    _page("situation/people.csv", get=only(*OFFICES, employee=403)),
    Row(
        route="situation/reminders/", path="/situation/reminders/?within=W1", get=405,
        post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=403),
    ),
)  # fmt: skip


def _written(what: str, *roles: str, answered: int = 302) -> Row:
    """A step of the situation report of W1, by those who may take it."""
    return Row(
        route=f"situation/reports/<int:pk>/{what}/",
        path="/situation/reports/{situation_report}/" + what + "/",
        get=405, post=only(MANAGER, *roles, yes=answered),
    )  # fmt: skip


WRITERS = ("unit_head", "safety_officer")
SITUATION_REPORTS = (
    _page("situation/reports/"),
    _page("situation/reports/<int:pk>/", "situation/reports/{situation_report}/", W1_ANSWERS),
    *(
        _page(
            f"situation/reports/<int:pk>.{form}", "situation/reports/{situation_report}." + form,
            W1_ANSWERS,
        )
        for form in ("xlsx", "docx")
    ),
    Row(
        route="situation/reports/drafts/", path="/situation/reports/drafts/", get=405,
        post=only(MANAGER, *WRITERS, yes=302), sent={"unit": "W1"},
    ),
    Row(
        route="situation/reports/<int:pk>/text/",
        path="/situation/reports/{situation_report}/text/",
        get=only(MANAGER, *WRITERS), post=only(MANAGER, *WRITERS, yes=422),
    ),
    _written("numbers", *WRITERS),
    _written("submission", *WRITERS),
    _written("return", "unit_head"),
    _written("review", "unit_head"),
    _written("publication", "unit_head"),
)  # fmt: skip

FILES = (
    _page("files/"),
    _page("files/<int:pk>/", "files/{file}/", only(MANAGER, no=404)),
    Row(
        route="files/<int:pk>/again/", path="/files/{file}/again/", get=405,
        post=only(MANAGER, yes=302, no=404),
    ),
)  # fmt: skip

TELLING = (
    _page("notices/"),
    _page("notices/<int:pk>/", "notices/{notice}/", only(*OFFICES)),
    Row(
        route="notices/<int:pk>/confirmation/", path="/notices/{notice}/confirmation/", get=405,
        post=only("unit_head", yes=302, no=404),
    ),
    Row(
        route="notices/units/<str:code>/", path="/notices/units/W1/", get=W1_ANSWERS,
        post=only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    _page("notices/<int:pk>/mine/", "notices/{notice}/mine/", only("unit_head", no=404)),
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
    _page("channels/"),
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
    _page("outbox/", get=only(MANAGER, employee=403)),
    *(
        _page(
            f"outbox/<str:name>{end}", f"outbox/nothing{end}",
            only(MANAGER, yes=404, employee=403),
        )
        for end in ("/", ".eml")
    ),
)  # fmt: skip

DUTY = "duties/<str:code>/<uuid:pk>/"


def _of_duty(act: str, *roles: str, sent: dict[str, str]) -> Row:
    """An act on the duty of W1 that the duty office is owed, by those who may."""
    return Row(
        route=f"{DUTY}{act}/", path="/duties/W1/{duty}/" + f"{act}/", get=405,
        post=only(*roles, yes=302), sent=sent,
    )  # fmt: skip


DUTIES = (
    _page("duties/scorecards/"),
    _page("duties/scorecards.xlsx"),
    _page("duties/scorecards/", "duties/scorecards/?within=W1", W1_ANSWERS),
    Row(route="duties/feed/", path="/duties/feed/", post=200),
    Row(
        route="duties/feed/<str:token>.ics", path="/duties/feed/guessed.ics", get=404,
        nobody=(404, 405),
    ),
    _page("duties/matrix/<str:code>/", "duties/matrix/W1/", W1_ANSWERS),
    _page("duties/units/<str:code>/", "duties/units/W1/", W1_ANSWERS),
    _page(DUTY, "duties/W1/{duty}/", W1_ANSWERS),
    _page(f"{DUTY}file/", "duties/W1/{duty}/file/", 404),
    _of_duty("discharge", "unit_head", "safety_officer", sent={"evidence": "done"}),
    _of_duty("waiver", MANAGER, sent={"reason": "no longer needed"}),
    _of_duty("extension", MANAGER, sent={"due_at": "2030-01-01T17:00", "reason": "roads"}),
    _of_duty("handover", MANAGER, "unit_head", sent={"reason": "so be it"}),
)  # fmt: skip

REPORTING = (
    _page("reports/"),
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
    _page("odk/"),
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
    _page("follow-ups/"),
    _page("follow-ups.xlsx"),
    _page(
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
    _page("answers/", f"answers/?{OF_A1}", only("safety_officer", employee=403)),
    Row(
        route="answers/correction/", path=f"/answers/correction/?{OF_A1}",
        get=only("safety_officer", no=404), post=only("safety_officer", yes=422, no=404),
    ),
    Row(
        route="corrections/", path="/corrections/",
        get=only(MANAGER, "unit_head", "safety_officer", employee=403),
        post=only(MANAGER, "unit_head", "safety_officer", yes=422, employee=403),
    ),
    _page(
        "corrections/<int:pk>/", "corrections/{correction}/", only("safety_officer", employee=403)
    ),
    Row(
        route="corrections/<int:pk>/ruling/", path="/corrections/{correction}/ruling/", get=405,
        post=only("safety_officer", yes=302, employee=403),
        sent={"outcome": "refused", "reason": "not so"},
    ),
)  # fmt: skip

PRIVACY = (
    _page("my-data/"),
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

INSPECTORS = only("inspector", "discipline_office", employee=403)
INSPECTION = (
    _page("inspection/", get=INSPECTORS),
    _page("inspection/record/", "inspection/record/?record=unit:W1", INSPECTORS),
    *(
        _page(f"inspection/entries.{form}", f"inspection/entries.{form}?record=unit:W1", INSPECTORS)
        for form in ("csv", "xlsx", "zip")
    ),
    _page("inspection/seals/", get=INSPECTORS),
    _page("inspection/verify.py", get=INSPECTORS),
)


def _case(what: str, *yes: str, status: int = 302, **sent: str) -> Row:
    """An act in the case of W1: its head answers, the discipline office judges."""
    return Row(
        route=f"cases/<int:pk>/{what}/", path="/cases/{case}/" + what + "/", get=405, sent=sent,
        post=dict.fromkeys(ROLES, 404) | dict.fromkeys(READERS, 403) | dict.fromkeys(yes, status),
    )  # fmt: skip


READERS = ("unit_head", "inspector", "discipline_office")
DIRECTORS = (MANAGER, "unit_head")
CASES = (
    _page("cases/"),
    _page("cases/<int:pk>/", "cases/{case}/", only(*READERS, no=404)),
    Row(
        route="cases/<int:pk>/explanation/", path="/cases/{case}/explanation/",
        get=only("inspector", "discipline_office", yes=403, no=404) | {"unit_head": 200},
        post=only("inspector", "discipline_office", yes=403, no=404) | {"unit_head": 422},
    ),
    _case("remarks", "unit_head", "discipline_office", text="The road was shut"),
    _case("finding", "discipline_office", finding="negligent", text="It was open"),
    _case("measure", "discipline_office", measure="talk", text="Once"),
    _case("closure", "discipline_office", text="Talked"),
    _page("escalation/"),
    *(
        Row(
            route=f"escalation/{route}/", path=f"/escalation/{path}/", get=405,
            post=only(*DIRECTORS, yes=302, employee=403),
        )
        for route, path in (
            ("steps", "steps"), ("days", "days"),
            ("steps/<int:pk>/withdrawal", "steps/{added_step}/withdrawal"),
        )
    ),
)  # fmt: skip

DISAGREEMENTS = (
    _page("situation/disagreements/"),
    _page("situation/disagreements.xlsx"),
    Row(
        route="situation/disagreements/reminders/", path="/situation/disagreements/reminders/",
        get=405, post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=403),
    ),
)  # fmt: skip

SCHEDULES = (
    _page("schedules/<str:code>/", "schedules/W1/", W1_ANSWERS),
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
)  # fmt: skip

DIRECTORS = only(MANAGER, "unit_head", yes=302, no=403, employee=404)
ISSUERS = only(MANAGER, yes=302, employee=404)


def _part(what: str = "", get: Answers = 405, post: Answers = 405, **more: dict[str, str]) -> Row:
    """An address of what W1 owes of a measure."""
    return Row(
        route=f"directives/measures/<int:pk>/<str:kind>/<str:code>/{what}",
        path=f"/directives/measures/{{measure}}/units/W1/{what}", get=get, post=post, **more,
    )  # type: ignore[arg-type] # fmt: skip


DIRECTIVES = (
    _page("directives/"),
    Row(
        route="directives/drafts/", path="/directives/drafts/", get=405,
        post=only(MANAGER, "unit_head", yes=302), sent={"unit": "W1"},
    ),
    _page("directives/<int:pk>/", "directives/{directive}/", W1_ANSWERS),
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
            post=ISSUERS,
        )
        for act in ("version", "recall", "reminders")
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
    _page(
        "directives/<int:pk>/files/<int:file>/", "directives/{directive}/files/{directive_file}/",
        W1_ANSWERS,
    ),
    _page("directives/measures/<int:pk>/", "directives/measures/{measure}/", W1_ANSWERS),
    _part(get=W1_ANSWERS),
    _part("parts/", post=only(MANAGER, "unit_head", yes=422, employee=404)),
    _part(
        "confirmations/", post=only(MANAGER, "unit_head", "safety_officer", yes=302, employee=404)
    ),
    _part("waiver/", post=ISSUERS),
    Row(
        route="directives/confirmations/<int:pk>/answer/",
        path="/directives/confirmations/{confirmation}/answer/", get=405, post=ISSUERS,
    ),
    _page(
        "directives/confirmations/<int:pk>/files/<int:file>/",
        "directives/confirmations/{confirmation}/files/{evidence}/", W1_ANSWERS,
    ),
)  # fmt: skip

KEEPERS = only(MANAGER, "unit_head", "safety_officer", yes=302)


def _meeting(what: str = "", get: Answers = 405, post: Answers = 405, **sent: str) -> Row:
    return Row(
        route=f"meetings/<int:pk>/{what}", path=f"/meetings/{{meeting}}/{what}", get=get,
        post=post, sent=sent,
    )  # fmt: skip


MEETINGS = (
    _page("meetings/"),
    Row(
        route="meetings/units/<str:code>/new/", path="/meetings/units/W1/new/",
        get=only(MANAGER, "unit_head", "safety_officer"),
        post=only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    _meeting(get=W1_ANSWERS),
    _meeting("code/", only(MANAGER, "unit_head", "safety_officer")),
    _meeting("presence/", 200, 422),
    _meeting("attendance/", post=KEEPERS, staff_no="D3"),
    _meeting("materials/", post=KEEPERS),
    _page(
        "meetings/<int:pk>/materials/<int:file>/", "meetings/{meeting}/materials/{material}/",
        W1_ANSWERS,
    ),
    _meeting(
        "minutes/", only(MANAGER, "unit_head", "safety_officer"),
        only(MANAGER, "unit_head", "safety_officer", yes=422),
    ),
    _meeting("confirmation/", post=only("unit_head", yes=302), edition="0"),
    _meeting("decisions/", post=only(MANAGER, "unit_head", yes=422)),
    Row(
        route="meetings/<int:pk>/decisions/<int:number>/done/",
        path="/meetings/{meeting}/decisions/1/done/", get=405, post=KEEPERS,
        sent={"evidence": "Counted"},
    ),
)  # fmt: skip

COMING_IN = (
    Row(route="style/", path="/style/", get=404, nobody=(404, 405)),
    Row(
        route="sign-in/<str:token>/", path="/sign-in/{sign_in}/", get=303, nobody=(303, 405)
    ),
    Row(route="sign-in/<str:token>/", path="/sign-in/guessed/", get=403, nobody=(403, 405)),
    Row(
        route="invitation/<str:token>/", path="/invitation/{invitation}/", post=422,
        nobody=(200, 422),
    ),
    Row(
        route="invitation/<str:token>/", path="/invitation/guessed/", get=403, post=403,
        nobody=(403, 403),
    ),
)  # fmt: skip


def _own(path: str, get: int, post: int, nobody: tuple[int, int] = (LOGIN, LOGIN)) -> Row:
    return Row(
        route=f"accounts/{path}", path=f"/accounts/{path}".replace("<int:pk>", "1"), get=get,
        post=post, nobody=nobody,
    )  # fmt: skip


def _not_offered(path: str, example: str = "") -> Row:
    """A page of the account library that an earlier route answers: here there is none."""
    return Row(
        route=f"accounts/{path}", path=f"/accounts/{example or path}", get=404, post=404,
        nobody=(404, 404), answered_by=NOT_OFFERED,
    )  # fmt: skip


def _provider(route: str, path: str, answered_by: str = "") -> Row:
    return Row(
        route=route, path=path, get=404, post=404, nobody=(404, 404), answered_by=answered_by
    )


OIDC = "accounts/oidc/<str:provider_id>/login/"
ACCOUNTS = (
    Row(route=NOT_OFFERED, path="/accounts/signup/x/", get=404, post=404, nobody=(404, 404)),
    _own("", 302, 302, (302, 302)),
    _own("login/", 302, 302, (200, 200)),
    _own("logout/", 200, 302, (302, 302)),
    _own("inactive/", 200, 405, (200, 405)),
    _own("reauthenticate/", 403, 403),
    _own("password/change/", 302, 302),
    _own("password/set/", 200, 200),
    _own("2fa/", 200, 405),
    _own("2fa/authenticate/", 302, 302),
    _own("2fa/reauthenticate/", 403, 403),
    _own("2fa/totp/activate/", 200, 200),
    _own("2fa/totp/deactivate/", 404, 404),
    _own("2fa/recovery-codes/", 404, 405),
    _own("2fa/recovery-codes/generate/", 200, 200),
    _own("2fa/recovery-codes/download/", 404, 404),
    _own("2fa/webauthn/", 200, 405),
    _own("2fa/webauthn/add/", 200, 200),
    _own("2fa/webauthn/reauthenticate/", 403, 403),
    _own("2fa/webauthn/keys/<int:pk>/remove/", 404, 404),
    _own("2fa/webauthn/keys/<int:pk>/edit/", 404, 404),
    _own("2fa/webauthn/login/", 302, 302),
    _own("3rdparty/login/cancelled/", 200, 405, (200, 405)),
    _own("3rdparty/login/error/", 401, 405, (401, 405)),
    *(
        _not_offered(path)
        for path in (
            "signup/", "email/", "confirm-email/", "password/reset/", "password/reset/done/",
            "password/reset/key/done/", "login/code/confirm/", "3rdparty/", "3rdparty/signup/",
            "social/login/cancelled/", "social/login/error/", "social/signup/",
            "social/connections/",
        )
    ),
    _not_offered(r"^confirm-email/(?P<key>[-:\w]+)/$", "confirm-email/x/"),
    _not_offered(
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-x/"
    ),
    _provider(OIDC, "/accounts/oidc/nobody/login/"),
    _provider(f"{OIDC}callback/", "/accounts/oidc/nobody/login/callback/"),
    _provider(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/", "/accounts/oidc/nobody/login/", OIDC
    ),
    _provider(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/",
        "/accounts/oidc/nobody/login/callback/", f"{OIDC}callback/",
    ),
)  # fmt: skip
TABLE = (
    *DECISIONS, *SITUATION, *SITUATION_REPORTS, *FORMS, *REPORTING, *SCHEDULES, *DISAGREEMENTS,
    *CLIENTS, *DUTIES, *FOLLOW_UP, *PRIVACY, *TELLING, *FILES, *ORGANISATION, *COMING_IN, *ACCOUNTS,
    *INSPECTION, *DIRECTIVES, *MEETINGS, *CHANNELS, *APPLICATIONS, *STOPPING, *CORRECTIONS, *CASES,
)  # fmt: skip


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            yield route


def test_every_address_stands_in_the_table() -> None:
    assert {row.route for row in TABLE} == set(_routes(get_resolver()))


def _attest(file: attachments.Attachment | None = None) -> Attestation:
    return actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="W1").pk,
        condition="attest:plan", amount=1, starts=people.FOUNDED, ends=None, evidence="seen",
        file=file,
    )  # fmt: skip


def _tell(account: Account) -> Notice:
    words = Words(title_en="Masks", title_zh="口罩", text_en="Fetch them.", text_zh="请领取。")
    return notices.send(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="W1").pk,
        person_ids=[account.person_id or 0], words=words,
    )  # fmt: skip


def _report_file(account: Account) -> UUID:
    """A photo that came with the account's own report."""
    person_id = account.person_id or 0
    key = (Unit.objects.get(code="W1").pk, Form.objects.get(code="daily_health").pk)
    files.add(
        actor=people.ACTOR, now=people.NOW, key=(*key, people.NOW.date(), person_id),
        client=uuid4(), files={"1.png": attachments.inspect("1.png", b"\x89PNG\r\n\x1a\npixels")},
    )  # fmt: skip
    return ReportFile.objects.get().kept_as


def _follow() -> FollowUp:
    building.hire("A1", unit="W1")
    building.submit(building.report("A1", building.FEVER))
    noticing.look(
        actor=people.ACTOR, now=people.NOW, since=building.TODAY,
        until=building.TODAY + timedelta(days=1),
    )  # fmt: skip
    return FollowUp.objects.get()


def _propose() -> Correction:
    """A report of A1's that came when its period was closed."""
    building.submit(building.report("A1"), now=building.MORNING + timedelta(days=2))
    return Correction.objects.get()


@pytest.fixture
def marks(cast: dict[str, Account], media: Path) -> dict[str, object]:
    """What stands in an address for a record."""
    invited = invitations.invite(actor=people.ACTOR, now=people.NOW, staff_no="D6")
    building.add_schedules()
    run = import_runs.begin(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, content=b"", mode="preview",
        language="en",
    )  # fmt: skip
    building.add_schedule("unit_daily", "units")
    application, of_application, local = applying.handed_in_with_papers(cast)
    return {
        "application": application.pk,
        "application_file": of_application.pk,
        "local_decision": local.pk,
        "today": clock.today(),
        "unit_link": unit_links.make(Unit.objects.get(code="W1").pk).token,
        "report_file": _report_file(cast["unit_head"]),
        "attestation": _attest().pk,
        "stop": building_stops.asked_to_be_lifted().pk,
        "with_file": _attest(attachments.inspect("plan.png", b"\x89PNG\r\n\x1a\npixels")).pk,
        "run": run.pk,
        "file": ready_file(cast["duty_office"]).pk,
        "situation_report": draft_report(cast["duty_office"]).pk,
        **_directives(),
        **_meetings(cast),
        "notice": _tell(cast["unit_head"]).pk,
        "robot": writing.robot(
            "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
        ).pk,
        "email": writing.email(cast["unit_head"].person).pk,
        "follow_up": _follow().pk,
        "reported": Person.objects.get(staff_no="A1").pk,
        "correction": _propose().pk,
        "case": w1_answers().pk,
        "added_step": step_of_w1().pk,
        "disclosure": allowing.allow("W1", reader="HQ", role="safety_officer").pk,
        "duty": duties.assign("W1", kind="decision").id,
        "schedule": building.add_schedule("unit_daily", "units", unit="W1").pk,
        "grant": RoleGrant.objects.get(person__staff_no="D2").pk,
        "invitation": invited.split("/")[2],
        "sign_in": accounts.sign_in_path(cast["employee"].pk).split("/")[2],
    }


def _directives() -> dict[str, object]:
    """A directive to W1 with a confirmed measure, and one that is still a draft."""
    drafted = directing.draft("W1")
    photo = attachments.inspect("masks.png", b"\x89PNG\r\n\x1a\npixels")
    asked = directing.draft("W1", acknowledgement="read", acknowledge_by=people.NOW + directing.DAY)
    act = {"actor": people.ACTOR, "now": people.NOW}
    directives.add_file(**act, directive_id=asked.pk, file=photo)
    directives.issue(**act, directive_id=asked.pk)
    said = cascading.confirm(
        **act, duty=directing.owed(asked, "W1"), text="Counted", files=[photo]
    )  # fmt: skip
    return {
        "directive": asked.pk,
        "drafted": drafted.pk,
        "directive_file": asked.files.get().pk,
        "measure": directing.measure(asked).pk,
        "confirmation": said.pk,
        "evidence": said.files.get().pk,
        "w1": directing.unit_id("W1"),
    }


def _meetings(cast: dict[str, Account]) -> dict[str, object]:
    """A meeting of W1 with a file to study and a decision."""
    meeting = calling.call(cast)
    act = {"actor": people.ACTOR, "now": people.NOW, "meeting": meeting}
    meetings.add_material(
        **act, file=attachments.inspect("page.png", b"\x89PNG\r\n\x1a\npixels")
    )  # fmt: skip
    decisions.decide(
        **act, what_en="Count masks", what_zh="清点口罩", due_at=people.NOW + directing.DAY,
        debtor=decisions.Debtor(unit_id=directing.unit_id("W1")),
    )  # fmt: skip
    return {"meeting": meeting.pk, "material": meeting.materials.get().pk}


def _visit(account: Account | None, method: str, path: str, sent: dict[str, str]) -> HttpResponse:
    """Return the answer; whatever the visit changed is undone."""
    client = Client()
    with transaction.atomic():
        if account is not None:
            client.force_login(account)
        answer = client.post(path, sent) if method == "POST" else client.get(path)
        transaction.set_rollback(True)
    return answer


def _differences(
    account: Account | None, marks: dict[str, object], answers: dict[Row, tuple[int, int]]
) -> list[str]:
    found = []
    for row, expected in answers.items():
        path = row.path.format(**marks)
        resolved = resolve(path.partition("?")[0]).route
        if resolved != (row.answered_by or row.route):
            found.append(f"{path} leads to {resolved}, not to {row.route}")
        for method, wanted in zip(("GET", "POST"), expected, strict=True):
            sent = {name: value.format(**marks) for name, value in row.sent.items()}
            answer = _visit(account, method, path, sent)
            is_sent_away = answer.headers.get("Location", "").startswith("/accounts/login/")
            status = LOGIN if answer.status_code == 302 and is_sent_away else answer.status_code
            if status != wanted:
                found.append(f"{method} {path}: {status}, not {wanted}")
    return found


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_gets_at_every_address(
    cast: dict[str, Account], marks: dict[str, object], role: str
) -> None:
    def of(answers: Answers) -> int:
        return answers if isinstance(answers, int) else answers[role]

    expected = {row: (of(row.get), of(row.post)) for row in TABLE}

    assert _differences(cast[role], marks, expected) == []


def test_what_nobody_gets_at_every_address(marks: dict[str, object]) -> None:
    assert _differences(None, marks, {row: row.nobody for row in TABLE}) == []


def test_an_altered_sign_in_link_is_refused(cast: dict[str, Account]) -> None:
    path = accounts.sign_in_path(cast["employee"].pk)

    assert Client().get(path).status_code == 303
    assert Client().get(path[:-3] + "xx/").status_code == 403
