"""Directives that cite a regulation are acknowledged anew when it reads otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from taishan.communications import acknowledging, directive_content, directives
from taishan.communications.models import Directive
from taishan.organisation.models import Account
from taishan.regulations import actions, citing, queries, schemas
from tests import jobs
from tests.communications.directing import LIST, unit_id
from tests.people import ACTOR, NOW
from tests.regulations.test_library import GOOD

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def record(text: str = GOOD) -> None:
    actions.import_library(actor=ACTOR, now=NOW, library=schemas.parse(text))


def issued(acknowledgement: str = "read") -> Directive:
    """A directive to W1 about the regulation “one”."""
    directive = citing.draft(
        actor=ACTOR, now=NOW, unit_id=unit_id("HQ"), entry=queries.get_library().entries["one"]
    )
    content = directive_content.Content(
        title_en="T", title_zh="题", text_en="Read it.", text_zh="请阅。", measures=(LIST,),
        unit_ids=(unit_id("W1"),), acknowledgement=acknowledgement,
        acknowledge_by=NOW + timedelta(days=1) if acknowledgement else None,
    )  # fmt: skip
    act = {"actor": ACTOR, "now": NOW, "directive_id": directive.pk}
    directives.revise(**act, edition=1, content=content)
    directives.issue(**act)
    return directive


@pytest.mark.usefixtures("cast")
def test_an_import_that_changes_it_asks_again_and_shows_the_difference(
    cast: dict[str, Account],
) -> None:
    record()
    directive = issued()
    jobs.run()

    record(GOOD.replace("Shut.", "Shut for all.").replace("2020-02-09T24:00", "2020-02-17T24:00"))
    ran = jobs.run()

    assert "regulations.ask_again" in ran
    version = directive.versions.latest("number")
    assert version.number == 2
    assert acknowledging.find_waiting(version) == [unit_id("W1")]
    client = Client()
    client.force_login(cast["unit_head"])
    shown = client.get(f"/directives/{directive.pk}/").content.decode()
    assert "<ins> for all</ins>" in shown
    assert "<ins>2020-02-18</ins>" in shown


@pytest.mark.usefixtures("cast")
def test_what_did_not_change_is_not_asked_again() -> None:
    record()
    directive = issued()

    record(GOOD + GOOD[GOOD.index("- id: one") :].replace("id: one", "id: two"))
    jobs.run()

    assert directive.versions.count() == 1


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("how", ["never asked", "recalled"])
def test_who_acknowledged_nothing_is_not_asked_again(how: str) -> None:
    record()
    directive = issued("" if how == "never asked" else "read")
    if how == "recalled":
        directives.recall(actor=ACTOR, now=NOW, directive_id=directive.pk, reason="overtaken")

    record(GOOD.replace("Shut.", "Open."))

    assert citing.ask_again(actor=ACTOR, now=LATER) == 0
    assert directive.versions.count() == 1


def test_the_page_of_a_regulation_begins_a_directive(cast: dict[str, Account]) -> None:
    record()
    client = Client()
    client.force_login(cast["duty_office"])

    client.post("/regulations/one/directives/", {"unit": "HQ"})

    draft = Directive.objects.get().draft
    assert (draft.content["cites"], draft.content["title_zh"]) == ("one", "题")
    assert draft.content["cited_en"].startswith("1. Shut.")
