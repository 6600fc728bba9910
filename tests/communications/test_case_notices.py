"""Who is told of a case is who answers in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.communications import case_notices
from taishan.communications.models import Delivery
from taishan.duties import cases
from taishan.duties.case_models import Case
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation import access
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from tests.duties.building import assign
from tests.duties.escalating import work
from tests.people import ACTOR, NOW

pytestmark = pytest.mark.django_db


def test_of_a_unit_that_has_closed_the_unit_above_is_told_that_it_answers(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    duty, head = assign("W2"), cast["unit_head"]
    organisation.close_unit(actor=ACTOR, now=NOW, on=date(2020, 2, 13), code="W2")
    now = duty.due_at + timedelta(days=3)
    work(now)
    case = Case.objects.get()
    monkeypatch.setattr(clock, "now", lambda: now)
    assert cases.is_debtor(access.viewer_for(head, now.date()), case)

    case_notices.tell(
        actor=Actor(label="Taishan", door="job"), now=now, case_id=case.pk, what="opened"
    )

    told = Delivery.objects.filter(notice__about_id=f"{case.pk}:opened:debtor")
    assert list(told.values_list("person_id", flat=True)) == [head.person_id]
