"""News stands or falls with the change it tells of, and arrives at least once."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from taishan.kit import jobs as kit
from taishan.kit import outbox
from tests import jobs


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_job() -> None:
    with transaction.atomic():
        outbox.publish("unit.opened", unit="A")
        transaction.set_rollback(True)

    assert jobs.waiting() == []


@pytest.mark.django_db
def test_what_is_kept_leaves_one_delivery() -> None:
    with transaction.atomic():
        outbox.publish("unit.opened", unit="A")

    assert jobs.waiting() == [outbox.DELIVER]


def test_news_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "connection", SimpleNamespace(in_atomic_block=False))

    with pytest.raises(transaction.TransactionManagementError):
        outbox.publish("unit.opened", unit="A")


@pytest.mark.django_db
def test_the_same_job_does_not_wait_twice() -> None:
    with transaction.atomic():
        kit.defer("some.job", unit_id=1)

    assert kit.is_waiting("some.job", unit_id=1)
    assert not kit.is_waiting("some.job", unit_id=2)
