"""Letting a client in: by a token in its address, by name and password, and no longer."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from defusedxml import ElementTree
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taishan.forms import actions as forms
from taishan.forms import media as form_media
from taishan.interop import tokens
from taishan.interop.models import ClientToken
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from tests import people
from tests.forms.building import xlsform
from tests.interop.client import MANIFEST, Collect, basic, said
from tests.pictures import png
from tests.reporting import building

PICTURE = png(b"masks")


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    cache.clear()
    forms.load_library(actor=people.ACTOR, now=people.NOW)
    building.add_schedules()
    building.hire("D6", unit="P1")
    building.hire("D2")
    return cast


def md5_of(content: bytes) -> str:
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def token_of(account: Account) -> str:
    return tokens.make(actor=people.ACTOR, now=people.NOW, account=account, name="my phone")


def phone_of(account: Account) -> Collect:
    return Collect(server=f"/odk/{token_of(account)}")


def test_a_client_lists_the_forms_its_owner_is_to_answer_and_gets_each(
    group: dict[str, Account],
) -> None:
    phone = phone_of(group["employee"])

    [listed] = phone.forms()
    form = phone.request("GET", listed["downloadUrl"])
    manifest = phone.request("GET", listed["manifestUrl"])

    assert (listed["formID"], listed["name"]) == ("daily_health", "Daily health report")
    assert listed["hash"] == md5_of(form.content)
    assert form.content.startswith(b"<?xml")
    assert ElementTree.fromstring(manifest.content).tag == f"{MANIFEST}manifest"
    for answer in (form, manifest):
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        assert answer.headers["Date"].endswith("GMT")
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"


def test_a_form_about_a_unit_is_listed_for_each_unit_that_one_answers_for(
    group: dict[str, Account],
) -> None:
    people_of_w1 = phone_of(group["unit_head"])

    listed = {one["formID"]: one for one in people_of_w1.forms()}
    form = people_of_w1.request("GET", listed["unit_daily:W1"]["downloadUrl"]).content.decode()

    reports = {form_id for form_id in listed if not form_id.startswith("check_")}
    assert reports == {"daily_health", "unit_daily:W1"}
    assert '<instance><data id="unit_daily:W1" version="1">' in form
    assert "<h:title>Unit daily return · Unit W1</h:title>" in form
    assert 'nodeset="/data/meta/timeEnd"' in form
    ElementTree.fromstring(form)


def test_a_client_may_ask_for_one_form_and_for_its_language(group: dict[str, Account]) -> None:
    phone = phone_of(group["unit_head"])
    phone.headers = {"Accept-Language": "zh-CN,zh;q=0.9"}

    [listed] = phone.forms("?formID=unit_daily:W1&deviceID=collect:1")

    assert listed["name"] == "单位日报 · 单位W1"


def test_a_form_that_is_not_asked_of_its_owner_is_not_found(group: dict[str, Account]) -> None:
    phone = phone_of(group["employee"])

    for path in ("/forms/unit_daily:W1/1.xml", "/forms/daily_health/2.xml"):
        assert phone.request("GET", path).status_code == 404


def test_a_revoked_token_and_one_of_a_closed_account_let_nobody_in(
    group: dict[str, Account],
) -> None:
    phone, other = phone_of(group["employee"]), phone_of(group["unit_head"])
    owner = Client()
    owner.force_login(group["employee"])

    owner.post(f"/odk/tokens/{ClientToken.objects.get(account=group['employee']).pk}/revocation/")
    Account.objects.filter(pk=group["unit_head"].pk).update(is_active=False)

    assert phone.request("GET", "/formList").status_code == 404
    assert other.request("GET", "/formList").status_code == 404


def test_a_token_is_shown_once_and_kept_as_its_digest_alone(group: dict[str, Account]) -> None:
    owner = Client()
    owner.force_login(group["employee"])

    made = owner.post("/odk/tokens/", {"name": "my phone"})
    secret = made.context["secret"]

    assert made.status_code == 201
    assert secret in made.content.decode()
    assert secret not in owner.get("/odk/").content.decode()
    assert secret not in str(list(ClientToken.objects.values()))
    assert secret not in str(list(Entry.objects.values("verb", "data", "subject_id")))
    assert Collect(server=f"/odk/{secret}").forms()


def test_a_refused_request_leaves_no_token_in_the_log(
    group: dict[str, Account], caplog: pytest.LogCaptureFixture
) -> None:
    phone = phone_of(group["employee"])

    assert phone.request("GET", "/forms/nothing/1.xml").status_code == 404

    assert "/odk/…/forms/nothing/1.xml" in caplog.text
    assert phone.server not in caplog.text


def test_nobody_revokes_a_token_of_another(group: dict[str, Account]) -> None:
    token_of(group["employee"])
    other = Client()
    other.force_login(group["duty_office"])

    other.post(f"/odk/tokens/{ClientToken.objects.get().pk}/revocation/")

    assert ClientToken.objects.get().revoked_at is None


def test_one_person_has_ten_tokens_at_most(group: dict[str, Account]) -> None:
    for _number in range(tokens.LIMIT):
        token_of(group["employee"])
    owner = Client()
    owner.force_login(group["employee"])

    assert owner.post("/odk/tokens/", {"name": "one more"}).status_code == 422
    assert ClientToken.objects.count() == tokens.LIMIT


@pytest.fixture
def employee(group: dict[str, Account]) -> Account:
    account = group["employee"]
    account.set_password("right-of-way")
    account.save()
    return account


def test_a_client_without_a_token_is_asked_for_name_and_password(employee: Account) -> None:
    asked = Collect(server="/odk").request("GET", "/formList")

    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    assert Collect(server="/odk", headers=basic("D6", "right-of-way")).forms()


@pytest.mark.parametrize(
    "header",
    [
        basic("D6", "wrong"),
        basic("NOBODY", "right-of-way"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic"},
        {"Authorization": "ApiToken guessed"},
    ],
)
def test_a_wrong_name_or_password_is_refused(employee: Account, header: dict[str, str]) -> None:
    assert Collect(server="/odk", headers=header).request("GET", "/formList").status_code == 401


def test_a_token_serves_as_the_password_of_its_owner_alone(employee: Account) -> None:
    secret = token_of(employee)

    assert Collect(server="/odk", headers=basic("D6", secret)).forms()
    other = Collect(server="/odk", headers=basic("D2", secret)).request("GET", "/formList")
    assert other.status_code == 401


@pytest.mark.parametrize("name", ["D6", "d6"])
def test_a_password_is_not_enough_where_its_owner_has_a_second_step(
    employee: Account, name: str
) -> None:
    Authenticator.objects.create(user=employee, type=Authenticator.Type.TOTP, data={})
    phone = Collect(server="/odk", headers=basic(name, "right-of-way"))

    refused = phone.request("GET", "/formList")
    phone.headers = basic("D6", token_of(employee))

    assert refused.status_code == 401
    assert "token" in said(refused)
    assert phone.forms()


def test_guessing_a_password_is_stopped_after_five_tries(employee: Account) -> None:
    guessing = Collect(server="/odk", headers=basic("D6", "wrong"))
    codes = [guessing.request("GET", "/formList").status_code for _try in range(6)]
    guessing.headers = basic("D6", "right-of-way")

    assert codes == [401] * 5 + [429]
    assert guessing.request("GET", "/formList").status_code == 429


def test_name_and_password_are_not_taken_where_others_can_read_them(employee: Account) -> None:
    open_to_all = Collect(server="/odk", headers=basic("D6", "right-of-way"), is_secure=False)

    refused: Any = open_to_all.request("GET", "/formList")

    assert refused.status_code == 403
    assert "WWW-Authenticate" not in refused.headers
    assert "https" in said(refused)


def test_a_client_gets_the_pictures_of_a_form_by_its_manifest(
    group: dict[str, Account], media: Path
) -> None:
    survey = (
        ("type", "name", "label", "media::image"),
        ("text", "where", "Where are the masks?", "masks.png"),
    )
    office = Client()
    office.force_login(group["duty_office"])
    draft = forms.upload(actor=people.ACTOR, now=people.NOW, content=xlsform(survey=survey))
    for name, content in (("masks.png", PICTURE), ("masks 2.png", PICTURE), ("a.png", b"MZ")):
        office.post("/forms/check/1/files/", {"file": SimpleUploadedFile(name, content)})
    forms.publish(actor=people.ACTOR, now=people.NOW, version=draft)
    building.add_schedule("check", "people")
    phone = phone_of(group["employee"])

    [listed] = phone.forms("?formID=check")
    manifest = ElementTree.fromstring(phone.request("GET", listed["manifestUrl"]).content)
    [told] = [{part.tag: part.text for part in one} for one in manifest]
    picture = phone.request("GET", told[f"{MANIFEST}downloadUrl"] or "")

    assert told[f"{MANIFEST}filename"] == "masks.png"
    assert told[f"{MANIFEST}hash"] == md5_of(PICTURE)
    assert picture.content == PICTURE
    assert office.get("/forms/check/1/files/masks.png").content == PICTURE


def test_files_are_added_to_a_draft_alone_and_the_next_version_keeps_what_it_names(
    cast: dict[str, Account], media: Path
) -> None:
    row = ("text", "where", "Where are the masks?", "masks.png")
    heading = ("type", "name", "label", "media::image")
    first = forms.upload(actor=people.ACTOR, now=people.NOW, content=xlsform(survey=(heading, row)))
    for name in ("masks.png", "unused.png"):
        form_media.add(
            actor=people.ACTOR, now=people.NOW, version=first, name=name, content=PICTURE
        )
    forms.publish(actor=people.ACTOR, now=people.NOW, version=first)

    second = forms.upload(
        actor=people.ACTOR, now=people.NOW,
        content=xlsform(survey=(heading, row, ("text", "more", "More?", ""))),
    )  # fmt: skip

    assert [one.name for one in second.files.all()] == ["masks.png"]
    with pytest.raises(form_media.FileRefused):
        form_media.add(
            actor=people.ACTOR, now=people.NOW, version=first, name="b.png", content=PICTURE
        )
