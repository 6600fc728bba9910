"""A group with its forms, and a phone of one of its people."""

from __future__ import annotations

from pathlib import Path

import pytest

from taishan.forms import actions as forms
from taishan.organisation.models import Account
from tests import people
from tests.forms.building import xlsform
from tests.interop.client import Collect
from tests.interop.submitting import (
    EVERYTHING,
)
from tests.interop.test_clients import phone_of
from tests.reporting import building


@pytest.fixture
def group(cast: dict[str, Account], media: Path) -> dict[str, Account]:
    forms.load_library(actor=people.ACTOR, now=people.NOW)
    building.add_schedules()
    building.hire("D6", unit="P1")
    building.hire("D2")
    return cast


@pytest.fixture
def phone(group: dict[str, Account]) -> Collect:
    return phone_of(group["employee"])


@pytest.fixture
def inspected(phone: Collect) -> Collect:
    """The phone, where a form of every kind of question is to be answered."""
    draft = forms.upload(actor=people.ACTOR, now=people.NOW, content=xlsform(survey=EVERYTHING))
    forms.publish(actor=people.ACTOR, now=people.NOW, version=draft)
    building.add_schedule("check", "people")
    return phone
