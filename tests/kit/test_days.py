"""Days and instants: those of another age are refused where they are given."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone

from taishan.kit import days


class _Form(forms.Form):
    day = days.DayField()
    hour = days.HourField(input_formats=["%Y-%m-%dT%H:%M"])


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "2200-01-01", "1899-12-31", "soon"])
def test_a_day_that_cannot_be_reckoned_with_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"1900 to 2199|isoformat"):
        days.read(text)


def test_a_day_is_read() -> None:
    assert days.read("2020-02-29") == date(2020, 2, 29)
    assert days.is_reckoned(datetime(2020, 2, 29, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "UTC"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_form_says_what_is_wrong_with_such_a_day_in_every_time_zone(zone: str, day: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        form = _Form({"day": day, "hour": f"{day}T23:59"})

        assert set(form.errors) == {"day", "hour"}


def test_a_form_takes_the_days_that_people_mean() -> None:
    form = _Form({"day": "1949-10-01", "hour": "2199-12-31T23:59"})

    assert form.is_valid()
