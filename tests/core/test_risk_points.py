"""Risk points: LEC at every edge of two editions, a matrix that is monotone, what weakens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import risk_points as core
from taishan.core.risk_points import Bound, Edge, Level, Method, MethodRefused, Weakness
from taishan.safety import risk_method_files

SHIPPED = Path(risk_method_files.__file__).parent / "libraries" / "risk-methods.yaml"
METHODS = {
    entry.code: entry.method
    for entry in risk_method_files.parse(SHIPPED.read_bytes(), SHIPPED.name).methods
}
MATRIX = METHODS["matrix-5x5"]


def level_at(code: str, value: float) -> Level:
    """The level of a value, by the bounds alone."""
    method = Method(factors={"D": frozenset({value})}, bounds=METHODS[code].bounds)
    return core.grade(method, {"D": value}).level


@pytest.mark.parametrize(
    ("code", "value", "level"),
    [
        ("lec-cn", 320.001, Level.MAJOR), ("lec-cn", 320, Level.LARGER),
        ("lec-cn", 160, Level.LARGER), ("lec-cn", 159.999, Level.GENERAL),
        ("lec-cn", 70, Level.GENERAL), ("lec-cn", 69.999, Level.LOW), ("lec-cn", 20, Level.LOW),
        ("lec-kinney", 400.001, Level.MAJOR), ("lec-kinney", 400, Level.LARGER),
        ("lec-kinney", 200, Level.LARGER), ("lec-kinney", 199.999, Level.GENERAL),
        ("lec-kinney", 70, Level.GENERAL), ("lec-kinney", 69.999, Level.LOW),
        ("matrix-5x5", 20, Level.MAJOR), ("matrix-5x5", 19.999, Level.LARGER),
        ("matrix-5x5", 9, Level.LARGER), ("matrix-5x5", 8, Level.GENERAL),
        ("matrix-5x5", 4, Level.GENERAL), ("matrix-5x5", 3, Level.LOW),
    ],
)  # fmt: skip
def test_every_edge_of_a_published_edition_belongs_where_its_data_say(
    code: str, value: float, level: Level
) -> None:
    assert level_at(code, value) is level


@pytest.mark.parametrize(
    ("scores", "value", "cn", "kinney"),
    [
        # Real products near the edges; on 360 and 180 the two editions disagree.
        ((6, 6, 15), 540, Level.MAJOR, Level.MAJOR),
        ((6, 6, 10), None, None, None),
        ((1, 10, 40), 400, Level.MAJOR, Level.LARGER),
        ((6, 3, 40), 720, Level.MAJOR, Level.MAJOR),
        ((3, 3, 40), 360, Level.MAJOR, Level.LARGER),
        ((6, 2, 15), 180, Level.LARGER, Level.GENERAL),
        ((3, 6, 7), 126, Level.GENERAL, Level.GENERAL),
        ((10, 1, 7), 70, Level.GENERAL, Level.GENERAL),
        ((0.2, 6, 15), 18, Level.LOW, Level.LOW),
    ],
)
def test_the_two_editions_grade_the_same_scores_each_by_its_own_table(
    scores: tuple[float, float, float], value: float | None, cn: Level | None, kinney: Level | None
) -> None:
    given_scores = dict(zip("LEC", scores, strict=True))
    if value is None:
        with pytest.raises(MethodRefused, match="score"):
            core.grade(METHODS["lec-cn"], given_scores)
        return
    graded = [core.grade(METHODS[code], given_scores) for code in ("lec-cn", "lec-kinney")]
    assert [one.value for one in graded] == [value, value]
    assert [one.level for one in graded] == [cn, kinney]


@pytest.mark.parametrize(("edge", "level"), [(Edge.UPPER, Level.MAJOR), (Edge.LOWER, Level.LOW)])
def test_the_number_of_a_bound_goes_to_the_side_that_its_edge_names(
    edge: Edge, level: Level
) -> None:
    bounds = [Bound(level=Level.MAJOR, starts=320, edge=edge)]
    method = Method(factors={"D": frozenset({320})}, bounds=bounds)

    assert core.grade(method, {"D": 320}).level is level


@given(
    likely=st.integers(1, 5), severe=st.integers(1, 5),
    more_likely=st.integers(0, 4), more_severe=st.integers(0, 4),
)  # fmt: skip
def test_a_matrix_never_grades_better_what_is_likelier_or_more_severe(
    likely: int, severe: int, more_likely: int, more_severe: int
) -> None:
    worse = {"L": min(5, likely + more_likely), "S": min(5, severe + more_severe)}

    before = core.grade(MATRIX, {"L": likely, "S": severe})
    assert core.grade(MATRIX, worse).level >= before.level


@pytest.mark.parametrize(
    ("factors", "bounds", "why"),
    [
        ({}, [(Level.MAJOR, 5)], "factors"),
        ({"L": {0.0}}, [(Level.MAJOR, 5)], "factors"),
        ({"L": {1.0}}, [], "bounds"),
        ({"L": {1.0}}, [(Level.LARGER, 5), (Level.MAJOR, 9)], "bounds"),
        ({"L": {1.0}}, [(Level.MAJOR, 5), (Level.LARGER, 5)], "bounds"),
        ({"L": {1.0}}, [(Level.LOW, 5)], "bounds"),
    ],
)
def test_a_method_by_which_worse_would_be_better_is_refused(
    factors: dict[str, set[float]], bounds: list[tuple[Level, float]], why: str
) -> None:
    method = Method(
        factors={code: frozenset(values) for code, values in factors.items()},
        bounds=[Bound(level=one, starts=starts, edge=Edge.UPPER) for one, starts in bounds],
    )

    with pytest.raises(MethodRefused, match=why):
        core.refuse(method)


@pytest.mark.parametrize(
    ("level", "weak", "current"),
    [
        (Level.LOW, [], Level.LOW),
        (Level.LOW, [False], Level.GENERAL),
        (Level.LOW, [False, False], Level.LARGER),
        (Level.GENERAL, [True], Level.MAJOR),
        (Level.LARGER, [False, False], Level.MAJOR),
        (Level.MAJOR, [False], Level.MAJOR),
    ],
)
def test_each_weakened_measure_makes_a_point_a_level_worse_and_a_major_hazard_major(
    level: Level, weak: list[bool], current: Level
) -> None:
    assert core.find_current(level, [Weakness(is_major=one) for one in weak]) is current


def test_an_area_has_the_colour_of_its_worst_point() -> None:
    assert core.find_worst([Level.LOW, Level.LARGER, Level.GENERAL]) is Level.LARGER
    assert core.find_worst([]) is None
