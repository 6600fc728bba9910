"""Who may lift what crossed a red line, and where one holds."""

from __future__ import annotations

from itertools import product

import pytest

from taishan.core.red_lines import (
    Bar,
    Case,
    LiftedBy,
    Position,
    Scope,
    find_authority,
    find_bars,
)

HQ, COMPANY, SITE, OTHER = 1, 2, 3, 4
LINE = [HQ, COMPANY, SITE]
SOUND = Case(breaks_red_line=True, has_file=True, reason="I was there")


@pytest.mark.parametrize(
    ("lifted_by", "line", "above_may", "named", "authority"),
    [
        (LiftedBy.UNIT_ABOVE, LINE, True, [], COMPANY),
        (LiftedBy.UNIT_ABOVE, LINE, False, [], HQ),
        (LiftedBy.UNIT_ABOVE, [HQ], True, [], HQ),
        (LiftedBy.HEADQUARTERS, LINE, True, [], HQ),
        (LiftedBy.UNIT, LINE, True, [HQ, OTHER], OTHER),
        (LiftedBy.POST, LINE, True, [HQ, COMPANY], COMPANY),
        # Who is stopped, or below it, does not judge.
        (LiftedBy.UNIT, LINE, True, LINE, HQ),
        (LiftedBy.POST, [HQ, COMPANY], True, LINE, HQ),
        (LiftedBy.UNIT, LINE, True, [], HQ),
    ],
)
def test_the_authority_is_the_one_named_and_never_the_stopped_unit(
    lifted_by: LiftedBy, line: list[int], above_may: bool, named: list[int], authority: int
) -> None:
    assert find_authority(lifted_by, line, above_may=above_may, named=named) == authority


@pytest.mark.parametrize(("of_it", "heads", "asked"), [*product([True, False], repeat=3)])
def test_only_the_authority_lifts_and_neither_the_head_nor_who_asked(
    of_it: bool, heads: bool, asked: bool
) -> None:
    position = Position(is_of_authority=of_it, heads_the_unit=heads, asked=asked)

    bars = find_bars(position, SOUND, is_lifted=True)

    assert (not bars) == (of_it and not heads and not asked)


@pytest.mark.parametrize(
    ("breaks", "has_file", "reason", "is_lifted", "bars"),
    [
        (True, False, "seen", True, (Bar.NO_FILE,)),
        (True, True, "seen", True, ()),
        (True, True, " ", True, (Bar.NO_REASON,)),
        (True, False, "seen", False, ()),
        (False, False, "seen", True, ()),
        (True, False, "", True, (Bar.NO_REASON, Bar.NO_FILE)),
    ],
)
def test_a_red_line_is_lifted_on_a_file_alone_and_left_in_force_without(
    breaks: bool, has_file: bool, reason: str, is_lifted: bool, bars: tuple[Bar, ...]
) -> None:
    case = Case(breaks_red_line=breaks, has_file=has_file, reason=reason)

    assert find_bars(Position(is_of_authority=True), case, is_lifted=is_lifted) == bars


@pytest.mark.parametrize(
    ("unit_kinds", "work", "kind", "does", "holds"),
    [
        ((), (), "site", ("ORD",), True),
        (("site",), (), "office", ("ORD",), False),
        ((), ("UTIL",), "site", ("ORD", "UTIL"), True),
        (("site",), ("UTIL",), "site", ("ORD",), False),
    ],
)
def test_a_red_line_holds_for_its_kinds_of_unit_and_of_work(
    unit_kinds: tuple[str, ...], work: tuple[str, ...], kind: str, does: tuple[str, ...],
    holds: bool,
) -> None:  # fmt: skip
    scope = Scope(unit_kinds=frozenset(unit_kinds), kinds_of_work=frozenset(work))

    assert scope.holds(kind, does) is holds
