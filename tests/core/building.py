"""Short ways to write clauses and subjects in the tests of the core."""

from datetime import date

from taishan.core.clauses import Authority, Clause
from taishan.core.regulations import Rulebook, Subject
from taishan.core.requirements import Requirement

ISSUED = date(2020, 1, 27)
RANKS = {"CN": 0, "CN-ZJ": 1, "CN-SH": 1, "CN-HB": 1, "CN-330300": 2, "HQ": 10}


def clause(
    requirement: Requirement,
    *,
    of: str = "CN-ZJ",
    key: str | None = None,
    issued: date = ISSUED,
    starts: date | None = None,
    ends: date | None = None,
    **more: object,
) -> Clause:
    """One clause of an authority over its whole place, in force from its issue."""
    where = {"unit": of} if of == "HQ" else {"place": of}
    name = key or f"{of}-{type(requirement).__name__}-{issued:%m%d}"
    values: dict[str, object] = where | more
    return Clause(
        key=name,
        regulation=name,
        authority=Authority(code=of, rank=RANKS[of]),
        requirement=requirement,
        issued=issued,
        starts=starts or issued,
        ends=ends,
        **values,  # type: ignore[arg-type]
    )


def wenzhou(**changes: object) -> Subject:
    """A unit in Wenzhou, Zhejiang, below headquarters."""
    values: dict[str, object] = {
        "code": "W1",
        "chain": ("CN", "CN-ZJ", "CN-330300"),
        "line": ("HQ", "W1"),
        "head_count": 100,
    } | changes
    return Subject(**values)  # type: ignore[arg-type]


def book(*clauses: Clause, **more: object) -> Rulebook:
    return Rulebook(clauses, **more)  # type: ignore[arg-type]
