"""The one table by which news travels upward."""

import ast
from pathlib import Path

import pytest
from django.db import transaction

import taishan
from taishan.config import events
from taishan.kit import outbox
from tests import jobs


def _published() -> set[str]:
    """Find every kind that the code publishes; a kind is written where it is published."""
    kinds = set()
    for file in Path(taishan.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.publish":
                kinds.add(ast.literal_eval(node.args[0]))
    return kinds


def test_the_table_lists_what_is_published_and_nothing_else() -> None:
    assert set(events.EVENTS) == _published()


@pytest.mark.django_db
def test_a_delivery_repeated_after_a_crash_sets_off_no_second_job() -> None:
    for _time in range(2):
        events.deliver("condition.attested", {"unit_id": 7})

    assert jobs.waiting() == ["resumption.record_verdict"]


@pytest.mark.django_db
def test_much_news_of_units_sets_off_one_pass_over_the_group() -> None:
    with transaction.atomic():
        for code in "ABC":
            outbox.publish("unit.opened", unit=code)

    ran = jobs.run()

    assert ran == [outbox.DELIVER] * 3 + ["resumption.record_verdicts"]


@pytest.mark.django_db
def test_news_of_an_unknown_kind_is_not_swallowed() -> None:
    with transaction.atomic():
        outbox.publish("unit.vanished", unit="A")

    with pytest.raises(KeyError, match="vanished"):
        jobs.run()
