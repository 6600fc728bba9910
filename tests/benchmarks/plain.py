"""The floor of the door: the same insert of one report through a plain django-ninja view.

It is spared what the door has to do: where somebody works is told to it, and it asks nothing but
the token, the schema, the form's rules and the one statement, with one COMMIT a report.
"""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any
from uuid import UUID

os.environ["DJANGO_SETTINGS_MODULE"] = "taishan.config.settings"

import django
from django.conf import settings
from django.core.asgi import get_asgi_application

django.setup()
settings.ROOT_URLCONF = __name__
# Only now, since the account library refuses to be set up without its own; this one says how long
# an answer is.
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
application = get_asgi_application()

from django.db import transaction
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer

from taishan.forms import queries as forms
from taishan.kit import clock
from taishan.organisation import tokens
from taishan.organisation.tokens import Bearer
from taishan.reporting import packing, storage, tallies
from taishan.reporting.models import Door
from taishan.reporting.storage import Row


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        return tokens.read(token.encode())


class ReportIn(Schema):
    form: str
    subject: str
    period: date
    answers: dict[str, Any]
    client: UUID


api = NinjaAPI(auth=Token())
_versions: dict[str, Any] = {}


@api.post("/reports")
def reports(request: HttpRequest, given: ReportIn) -> list[dict[str, Any]]:
    version = _versions.get(given.form) or _versions.setdefault(
        given.form, forms.get_version(given.form)
    )
    checker = forms.get_checker(version)
    now = clock.now()
    checked = checker.check(given.answers, now=now)
    packed = packing.pack(packing.names(checker.definition), checked.values)
    bearer: Bearer = request.auth  # type: ignore[attr-defined]
    with transaction.atomic():
        content = tallies.content(checked.indicators)
        row = Row(
            unit_id=int(given.subject[1:]) % 499 + 1, form_id=version.form_id, period=given.period,
            subject_id=bearer.viewer.person_id or 0, client=str(given.client), submitted_at=now,
            recorded_at=now, device_ahead_s=None, tally_id=tallies.number([content])[content],
            account_id=bearer.viewer.account_id, version=version.number, door=Door.API,
            is_late=False, answers=json.dumps(packed, ensure_ascii=False),
        )  # fmt: skip
        [stored] = storage.store(storage.lay_out([row]))
    return [{"subject": given.subject, "outcome": "new" if stored else "repeated"}]


urlpatterns = [path("api/v1/door/", api.urls)]
