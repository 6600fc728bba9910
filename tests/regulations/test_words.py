"""Every rule that the library can hold is said in words, in both languages."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from django.utils import translation

from taishan.core import requirements as req
from taishan.core.readings import Effect
from taishan.core.requirements import Demand
from taishan.regulations import schemas, words
from taishan.regulations.requirement_schemas import Require
from taishan.resumption import presenting
from tests.regulations.test_library import LIBRARIES

ONE_OF_EACH: dict[str, dict[str, object]] = {
    "open": {},
    "staggered": {},
    "remote": {},
    "suspend": {},
    "holiday": {},
    "on_site_cap": {"share": 0.5},
    "gathering_cap": {"persons": 50},
    "quarantine": {"days": 14},
    "stock": {"item": "mask", "days": 14},
    "attest": {"condition": "prevention_plan"},
    "filing": {"mode": "file", "to": "CN-ZJ"},
    "report": {"what": "temperature", "times_per_day": 2},
    "dormitory": {"persons_per_room": 6, "area_m2_per_person": 2.5},
}
CODE = re.compile(r"[a-z]{2,}_[a-z]+|[a-z]{4,}")
"""What a Chinese sentence holds only where a code stands in it for a word."""


def _types() -> list[str]:
    return [
        get_args(one.model_fields["type"].annotation)[0] for one in get_args(get_args(Require)[0])
    ]


def _clauses() -> Iterator[schemas.ClauseEntry]:
    for file in sorted(LIBRARIES.rglob("*.yaml")):
        for entry in schemas.parse(file.read_text(encoding="utf-8")).regulations:
            yield from entry.clauses


pytestmark = pytest.mark.django_db

CLAUSES = list(_clauses())
DEMANDS = sorted(
    {d for clause in CLAUSES for d in clause.require.requirement().demands()},
    key=lambda demand: (demand.dimension, demand.amount),
)
CONDITIONS = [demand for demand in DEMANDS if demand.dimension not in req.LIMITS]
KINDS = get_args(schemas.Kind)
LEVELS = get_args(schemas.Level)


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not CODE.search(text)


@pytest.mark.parametrize("kind", _types())
def test_every_type_of_requirement_has_words_in_both_languages(kind: str) -> None:
    clause = schemas.ClauseEntry.model_validate(
        {"id": "1", "text": {"en": "T", "zh": "文"}, "require": {"type": kind} | ONE_OF_EACH[kind]}
    )
    with translation.override("zh-hans"):
        zh = words.requirement(clause.require.requirement())
    with translation.override("en"):
        en = words.requirement(clause.require.requirement())

    assert is_chinese(zh), zh
    assert re.search(r"[a-z]", en)
    assert "_" not in en
    assert not is_chinese(en)


@pytest.mark.parametrize("cap", [{"share": 0.5}, {"headcount": 9}, {"area_m2_per_person": 3.0}])
def test_every_sort_of_cap_has_words_in_chinese(cap: dict[str, float]) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(words.requirement(req.OnSiteCap(**cap)))  # type: ignore[arg-type]


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda d: f"{d.dimension}={d.amount:g}")
def test_every_dimension_of_the_shipped_library_has_words_in_chinese(demand: Demand) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(words.dimension(demand.dimension))


@pytest.mark.parametrize("demand", CONDITIONS, ids=lambda d: f"{d.dimension}={d.amount:g}")
def test_every_condition_of_the_shipped_library_has_words_in_chinese(demand: Demand) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(words.demand(demand))
        assert is_chinese(words.shown(demand.dimension, demand.amount))


@pytest.mark.parametrize("origin", [*req.Origin, "any"])
def test_every_origin_of_quarantine_has_words_in_chinese(origin: str) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(words.condition(f"quarantine:{origin}"))


@pytest.mark.parametrize("fact", ["head_count", "floor_area_m2"])
def test_every_fact_that_a_cap_needs_has_words_in_chinese(fact: str) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(words.condition(f"fact:{fact}"))


def test_everything_that_a_shipped_clause_covers_or_exempts_has_words_in_chinese() -> None:
    with translation.override("zh-hans"):
        said = [
            *(text for clause in CLAUSES for text in words.covers(clause.covers)),
            *(text for clause in CLAUSES for text in words.exempts(clause.exempts)),
            *map(words.kind_of_work, KINDS),
            *map(words.risk_level, LEVELS),
            *map(words.confidence, "ABC"),
        ]

    assert [text for text in said if not is_chinese(text)] == []


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_words_in_both_languages(effect: Effect) -> None:
    with translation.override("zh-hans"):
        assert is_chinese(presenting.effect_word(effect))
    with translation.override("en"):
        assert re.search(r"[a-z]", presenting.effect_word(effect))


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "approval by Guangzhou"), ("zh-hans", "广州市 批准")]
)
def test_an_authority_is_named_and_not_told_by_its_code(lang: str, said: str) -> None:
    with translation.override(lang):
        assert words.demand(req.Demand(dimension="filing:CN-440100", amount=2)) == said
