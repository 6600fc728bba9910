"""What the page of a hazard says to whom: other reporters, other hazards, hours, what is late."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from taishan.core.hazards import Position
from taishan.organisation.models import Account
from taishan.safety import hazard_presenting, hazards
from taishan.safety.hazard_models import Hazard
from tests.people import NOW, signed_in
from tests.safety.building import granted, viewer
from tests.safety.finding import (
    DAY,
    DEADLINE,
    assigned,
    found,
    found_with_code,
    graded,
    post_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def page(account: Account, hazard: Hazard) -> str:
    return str(signed_in(account).get(f"/safety/hazards/{hazard.pk}/").content.decode())


def merged(cast: dict[str, Account], hazard: Hazard, into: Hazard) -> Hazard:
    return hazards.merge(
        viewer=viewer(cast["safety_officer"]), now=NOW, hazard=hazard, into=into, reason="Same"
    )


def test_who_reports_learns_no_name_of_others_whose_reports_are_merged_into_theirs(
    cast: dict[str, Account],
) -> None:
    one = granted("Z1", "Anna Berg", "employee", "W1")
    other = granted("Z2", "Berta Stein", "employee", "W1")
    first = found(one)
    merged(cast, found(other), first)

    theirs, handled = page(one, first), page(cast["safety_officer"], first)

    assert ("Anna Berg" in theirs, "Berta Stein" in theirs) == (True, False)
    assert "Berta Stein" in handled


def test_of_what_was_here_before_the_page_shows_what_one_may_open(cast: dict[str, Account]) -> None:
    found(cast["unit_head"], text="The safe stands open")
    hazard = found(cast["employee"])

    assert "The safe stands open" not in page(cast["employee"], hazard)
    assert "The safe stands open" in page(cast["safety_officer"], hazard)


def test_who_may_not_open_what_a_report_goes_on_in_reads_how_that_stands(
    cast: dict[str, Account],
) -> None:
    first, second = found(cast["unit_head"]), found(cast["employee"])
    merged(cast, second, first)
    graded(cast["safety_officer"], first)

    theirs, handled = page(cast["employee"], second), page(cast["safety_officer"], second)

    address = f'href="/safety/hazards/{first.pk}/'
    assert (address in theirs, address in handled) == (False, True)
    assert "to be assigned" in theirs


def test_the_receipt_tells_the_hours_of_the_unit(cast: dict[str, Account]) -> None:
    hazard, code = found_with_code(None, "P1")

    receipt = Client().post("/safety/hazards/receipt/", {"code": code}).content.decode()

    zone = hazard.unit.versions.get().time_zone
    assert f"{hazard.found_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" in receipt


@pytest.mark.parametrize("is_returned", [True, False])
def test_what_waits_for_somebody_else_is_not_overdue(
    cast: dict[str, Account], *, is_returned: bool
) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    hazard = assigned(officer, graded(officer, found(fitter)), post_of(fitter))
    late = "Overdue" in hazard_presenting.banner(hazard, Position(), DEADLINE + DAY)["text"]
    if is_returned:
        hazard = hazards.give_back(viewer=viewer(fitter), now=NOW, hazard=hazard, reason="No way")
    else:
        hazards.accept(viewer=viewer(fitter), now=NOW, hazard=hazard)
        hazard = submitted(fitter, hazard)

    banner = hazard_presenting.banner(hazard, Position(), DEADLINE + DAY)

    assert (late, banner["text"]) == (True, "")
