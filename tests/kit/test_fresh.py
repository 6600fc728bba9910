"""A value that is read again beside its use."""

from __future__ import annotations

import threading

import pytest

from taishan.kit.fresh import Fresh

PATIENCE_S = 30.0


class Source:
    """Counts how often it is read; from the second time on it waits until it may go on."""

    def __init__(self) -> None:
        self.times = 0
        self.goes_on = threading.Event()
        self.fails = False

    def read(self) -> int:
        self.times += 1
        if self.times > 1:
            assert self.goes_on.wait(PATIENCE_S)
        if self.fails:
            raise OSError("away")
        return self.times


def wait_for(fresh: Fresh[int]) -> None:
    assert fresh._under_way is not None
    fresh._under_way.result(PATIENCE_S)


def test_nobody_waits_while_it_is_read_again_and_it_is_read_once_at_a_time() -> None:
    source = Source()
    fresh = Fresh(source.read, again_s=0, latest_s=PATIENCE_S)

    assert [fresh.get() for _time in range(4)] == [1, 1, 1, 1]

    source.goes_on.set()
    wait_for(fresh)
    assert source.times == 2
    assert fresh.get() == 2


def test_a_value_younger_than_that_is_not_read_again() -> None:
    source = Source()
    fresh = Fresh(source.read, again_s=PATIENCE_S, latest_s=PATIENCE_S)

    assert [fresh.get() for _time in range(3)] == [1, 1, 1]
    assert source.times == 1


def test_what_fails_beside_is_tried_again_and_heard_by_who_must_wait() -> None:
    source = Source()
    source.goes_on.set()
    fresh = Fresh(source.read, again_s=0, latest_s=PATIENCE_S)
    assert fresh.get() == 1

    source.fails = True
    assert fresh.get() == 1
    wait_for(fresh)
    assert fresh.get() == 1
    wait_for(fresh)
    assert source.times == 3

    with pytest.raises(OSError, match="away"):
        Fresh(source.read, again_s=0, latest_s=0).get()
