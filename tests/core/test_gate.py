"""The gate, case by case: each row or sentence is a rule a director could dispute."""

from datetime import date, datetime

import pytest

from taishan.core import clauses, gate
from taishan.core import requirements as req
from taishan.core.clauses import Gap, Replacement, RiskLevel
from taishan.core.gate import Fact, Permission
from taishan.core.readings import Effect, Unknown
from taishan.core.regulations import Subject
from tests.core.building import ISSUED, book, clause, wenzhou

FEB_5 = date(2020, 2, 5)
FEB_10 = date(2020, 2, 10)
FEB_18 = date(2020, 2, 18)


def have(condition: str, amount: float = 1, ends: date | None = None) -> Fact:
    return Fact(condition=condition, amount=amount, starts=date(2020, 1, 1), ends=ends)


@pytest.mark.parametrize(
    ("requirement", "permitted", "state"),
    [
        (req.Unrestricted(), "OPEN", "OPEN"),
        (req.Suspend(), "SHUT", "SHUT"),
        (req.PublicHoliday(), "HOLIDAY", "SHUT"),
        (req.RemoteOnly(), "REMOTE", "REMOTE"),
        (req.Staggered(), "STAGGERED", "STAGGERED"),
        (req.OnSiteCap(share=0.5), "CAPPED", "CAPPED"),
        (req.OnSiteCap(headcount=0), "CAPPED", "SHUT"),
        (req.GatheringCap(persons=10), "OPEN", "OPEN"),
        (req.StockCover(item="mask", days=14), "OPEN", "SHUT"),
        (req.Quarantine(days=14), "OPEN", "SHUT"),
        (req.AttestedCondition(condition="plan"), "OPEN", "SHUT"),
        (req.Filing(mode="file", to="CN-ZJ"), "OPEN", "SHUT"),
        (req.ReportingFrequency(what="temperature", times_per_day=2), "OPEN", "SHUT"),
        (req.Dormitory(persons_per_room=6, area_m2_per_person=2.5), "OPEN", "SHUT"),
    ],
)
def test_each_requirement_alone_with_no_fact_recorded(
    requirement: req.Requirement, permitted: str, state: str
) -> None:
    verdict = gate.evaluate(book(clause(requirement)), wenzhou(), [], FEB_5)

    assert (verdict.permitted.name, verdict.state.name) == (permitted, state)


@pytest.mark.parametrize(
    ("requirement", "enough", "short"),
    [
        (req.StockCover(item="mask", days=14), ("stock:mask", 14), ("stock:mask", 13)),
        (req.Filing(mode="approval", to="HQ"), ("filing:HQ", 2), ("filing:HQ", 1)),
        (
            req.ReportingFrequency(what="temperature", times_per_day=2),
            ("report:temperature", 2),
            ("report:temperature", 1),
        ),
        (
            req.Dormitory(persons_per_room=6),
            ("dormitory:persons_per_room", 6),
            ("dormitory:persons_per_room", 7),
        ),
        (
            req.Dormitory(area_m2_per_person=2.5),
            ("dormitory:area_m2_per_person", 2.5),
            ("dormitory:area_m2_per_person", 2.4),
        ),
        (req.Quarantine(days=14), ("quarantine:any", 14), ("quarantine:any", 7)),
        (req.AttestedCondition(condition="plan"), ("attest:plan", 1), ("attest:plan", 0)),
    ],
)
def test_a_condition_is_met_at_its_amount_and_not_a_step_before(
    requirement: req.Requirement, enough: tuple[str, float], short: tuple[str, float]
) -> None:
    rules = book(clause(requirement))

    assert gate.evaluate(rules, wenzhou(), [have(*enough)], FEB_5).state is Permission.OPEN
    assert gate.evaluate(rules, wenzhou(), [have(*short)], FEB_5).state is Permission.SHUT


def test_caps_of_different_sorts_are_compared_as_persons_on_site() -> None:
    rules = book(
        clause(req.OnSiteCap(share=0.5), of="CN", key="share"),
        clause(req.OnSiteCap(headcount=60), of="CN-ZJ", key="heads"),
        clause(req.OnSiteCap(area_m2_per_person=4), of="CN-330300", key="area"),
    )

    assert gate.evaluate(rules, wenzhou(floor_area_m2=180.0), [], FEB_5).on_site_limit == 45


def test_an_unknown_floor_area_leaves_the_cap_unmet_and_says_so() -> None:
    verdict = gate.evaluate(book(clause(req.OnSiteCap(area_m2_per_person=4))), wenzhou(), [], FEB_5)

    assert verdict.state is Permission.SHUT
    assert Unknown(what="fact", about="fact:floor_area_m2") in verdict.unknown


def test_wenzhou_is_stricter_than_zhejiang() -> None:
    rules = book(
        clause(req.Suspend(), of="CN-ZJ", key="zj", ends=FEB_10),
        clause(req.Suspend(), of="CN-330300", key="wz", issued=date(2020, 1, 31), ends=FEB_18),
    )
    hangzhou = Subject(code="H1", chain=("CN", "CN-ZJ", "CN-330100"), line=("HQ",))

    assert gate.evaluate(rules, hangzhou, [], FEB_10).state is Permission.OPEN
    assert gate.evaluate(rules, wenzhou(), [], FEB_10).state is Permission.SHUT
    assert gate.evaluate(rules, wenzhou(), [], FEB_5).changes_on == FEB_18


def test_a_city_looser_than_its_province_does_not_open_and_the_conflict_is_shown() -> None:
    rules = book(
        clause(req.Suspend(), of="CN-ZJ", key="zj", ends=FEB_10),
        clause(req.Staggered(), of="CN-330300", key="wz"),
    )

    verdict = gate.evaluate(rules, wenzhou(), [], FEB_5)

    assert verdict.state is Permission.SHUT
    assert [(c.stricter.key, c.looser.key, c.holds.key) for c in verdict.conflicts] == [
        ("zj", "wz", "zj")
    ]


def test_a_ceiling_of_the_centre_lowers_what_a_province_asks_of_arrivals_from_low_risk() -> None:
    rules = book(
        clause(req.Quarantine(days=14), of="CN-ZJ", key="zj"),
        clause(
            req.Quarantine(days=0, origin=req.Origin.LOW),
            of="CN",
            key="cn",
            issued=date(2020, 4, 7),
            ceiling=True,
        ),
    )

    before = gate.evaluate(rules, wenzhou(), [], date(2020, 4, 6))
    after = gate.evaluate(rules, wenzhou(), [], date(2020, 4, 7))

    assert "quarantine:low" in {u.demand.dimension for u in before.unmet}
    assert "quarantine:low" not in {u.demand.dimension for u in after.unmet}
    assert "quarantine:high" in {u.demand.dimension for u in after.unmet}
    assert [c.holds.key for c in after.conflicts] == ["cn"]


def test_a_ceiling_of_a_lower_authority_changes_nothing_but_is_reported() -> None:
    rules = book(
        clause(req.Suspend(), of="CN-ZJ", key="zj"),
        clause(req.Unrestricted(), of="CN-330300", key="wz", ceiling=True),
    )

    verdict = gate.evaluate(rules, wenzhou(), [], FEB_5)

    assert verdict.state is Permission.SHUT
    assert [c.holds.key for c in verdict.conflicts] == ["zj"]


def test_no_ceiling_overrides_a_red_line() -> None:
    rules = book(
        clause(req.Suspend(), of="HQ", key="stop", red_line=True),
        clause(req.Unrestricted(), of="CN", key="cn", ceiling=True),
    )

    assert gate.evaluate(rules, wenzhou(), [], FEB_5).state is Permission.SHUT


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [clause(req.Unrestricted(), of="CN", key="cn", ceiling=True)],
        [clause(req.Suspend(), exempt_kinds=frozenset({"ORD"}))],
    ],
)
def test_no_ceiling_and_no_exemption_overrides_a_stop_work(rules: list[clauses.Clause]) -> None:
    facts = [have(f"{gate.STOP}7", ends=FEB_10)]

    stopped, resumed = (
        gate.evaluate(book(*rules), wenzhou(), facts, day) for day in (FEB_5, FEB_10)
    )

    assert (stopped.permitted, stopped.state) == (Permission.OPEN, Permission.SHUT)
    assert (stopped.stops, stopped.changes_on) == (("7",), FEB_10)
    assert (resumed.state, resumed.stops) == (Permission.OPEN, ())


def test_work_is_exempt_only_if_all_of_the_units_work_is() -> None:
    rules = book(clause(req.Suspend(), exempt_kinds=frozenset({"UTIL", "EPI"})))
    all_exempt = wenzhou(kinds=frozenset({"UTIL", "EPI"}))
    partly = wenzhou(kinds=frozenset({"UTIL", "ORD"}))

    verdict = gate.evaluate(rules, all_exempt, [], FEB_5)

    assert verdict.state is Permission.OPEN
    assert [r.effect for r in verdict.reasons] == [Effect.EXEMPT]
    assert gate.evaluate(rules, partly, [], FEB_5).state is Permission.SHUT


@pytest.mark.parametrize(
    ("excepted", "chain", "reached"),
    [
        ((), ("CN", "CN-HB", "CN-420100"), True),
        (("CN-420100",), ("CN", "CN-HB", "CN-420100"), False),
        (("CN-420100",), ("CN", "CN-HB", "CN-420100", "CN-420106"), False),
        (("CN-420100",), ("CN", "CN-HB", "CN-420500"), True),
        (("CN-420100",), ("CN", "CN-HB"), True),
        (("CN-420100", "CN-420500"), ("CN", "CN-HB", "CN-420500"), False),
    ],
    ids=["nothing", "the city", "its district", "another city", "the province itself", "two"],
)
def test_a_clause_reaches_all_of_its_place_but_what_it_excepts(
    excepted: tuple[str, ...], chain: tuple[str, ...], reached: bool
) -> None:
    rules = book(clause(req.Suspend(), of="CN-HB", except_places=frozenset(excepted)))

    verdict = gate.evaluate(rules, wenzhou(chain=chain), [], FEB_5)

    assert verdict.state is (Permission.SHUT if reached else Permission.OPEN)
    assert [r.effect for r in verdict.reasons] == [Effect.BINDS] * reached


def test_a_rule_of_the_group_may_leave_out_a_place() -> None:
    rules = book(clause(req.Suspend(), of="HQ", except_places=frozenset({"CN-330300"})))
    hangzhou = wenzhou(chain=("CN", "CN-ZJ", "CN-330100"))

    assert gate.evaluate(rules, wenzhou(), [], FEB_5).state is Permission.OPEN
    assert gate.evaluate(rules, hangzhou, [], FEB_5).state is Permission.SHUT


def test_a_recommendation_never_shuts_a_gate_and_is_shown() -> None:
    verdict = gate.evaluate(book(clause(req.Suspend(), recommended=True)), wenzhou(), [], FEB_5)

    assert verdict.state is Permission.OPEN
    assert [r.effect for r in verdict.reasons] == [Effect.RECOMMENDS]


def test_a_targeted_order_binds_until_the_unit_shows_that_it_lies_outside() -> None:
    rules = book(clause(req.Suspend(), key="kh", targeted=True))

    bound = gate.evaluate(rules, wenzhou(), [], FEB_5)
    free = gate.evaluate(rules, wenzhou(), [have("outside:kh")], FEB_5)

    assert bound.state is Permission.SHUT
    assert Unknown(what="scope", about="kh") in bound.unknown
    assert free.state is Permission.OPEN
    assert [r.effect for r in free.reasons] == [Effect.OUTSIDE]


def test_a_clause_for_high_risk_binds_only_while_the_level_is_high() -> None:
    levels = [
        RiskLevel(place="CN-330300", level="high", starts=date(2020, 2, 1), ends=FEB_10),
        RiskLevel(place="CN-330300", level="low", starts=FEB_10),
    ]
    rules = book(clause(req.Suspend(), risk_levels=frozenset({"high"})), risk_levels=levels)

    assert gate.evaluate(rules, wenzhou(), [], FEB_5).state is Permission.SHUT
    assert gate.evaluate(rules, wenzhou(), [], FEB_5).changes_on == FEB_10
    assert gate.evaluate(rules, wenzhou(), [], FEB_10).state is Permission.OPEN


def test_an_unknown_risk_level_binds_a_floor_and_says_so() -> None:
    rules = book(clause(req.Suspend(), risk_levels=frozenset({"high"})))

    verdict = gate.evaluate(rules, wenzhou(), [], FEB_5)

    assert verdict.state is Permission.SHUT
    assert Unknown(what="risk_level", about="CN-330300") in verdict.unknown


def test_a_gap_in_the_library_is_said_only_while_it_lasts() -> None:
    gap = Gap(key="zj/gap-1", place="CN-ZJ", starts=FEB_5, ends=FEB_10)
    rules = book(clause(req.Staggered(), of="CN"), gaps=[gap])
    said = Unknown(what="rule", about="zj/gap-1")

    assert said in gate.evaluate(rules, wenzhou(), [], FEB_5).unknown
    assert said not in gate.evaluate(rules, wenzhou(), [], FEB_10).unknown


def test_a_country_without_any_recorded_rule_is_unknown() -> None:
    nowhere = Subject(code="X", chain=("KH", "KH-12"), line=("HQ",))

    verdict = gate.evaluate(book(clause(req.Suspend(), of="CN")), nowhere, [], FEB_5)

    assert verdict.unknown == (Unknown(what="rules", about="KH"),)


def test_a_replaced_notice_ends_when_the_new_one_is_known_and_starts() -> None:
    """Hubei: not before 14 February, on 13 February replaced by not before 21 February."""
    first = clause(
        req.Suspend(), of="CN-HB", key="1", issued=date(2020, 1, 29), ends=date(2020, 2, 14)
    )
    second = clause(
        req.Suspend(), of="CN-HB", key="2", issued=date(2020, 2, 13), ends=date(2020, 2, 21)
    )
    replaced = Replacement(
        clauses=frozenset({"1"}), issued=date(2020, 2, 13), starts=date(2020, 2, 13)
    )
    rules = book(first, second, replacements=[replaced])
    wuhan = Subject(code="B1", chain=("CN", "CN-HB", "CN-420100"), line=("HQ",))

    before = gate.evaluate(rules, wuhan, [], date(2020, 2, 12))
    after = gate.evaluate(rules, wuhan, [], date(2020, 2, 13))

    assert before.changes_on == date(2020, 2, 14)
    assert [r.clause.key for r in after.reasons] == ["2"]
    assert after.changes_on == date(2020, 2, 21)


def test_a_day_is_answered_with_what_had_been_issued_by_its_end() -> None:
    rules = book(clause(req.Suspend(), issued=FEB_10, starts=FEB_5))

    assert gate.evaluate(rules, wenzhou(), [], FEB_5).state is Permission.OPEN
    assert gate.evaluate(rules, wenzhou(), [], FEB_5, known_on=FEB_10).state is Permission.SHUT


def test_an_open_end_has_no_next_change() -> None:
    """Tianjin, 31 January 2020: closed until further notice."""
    assert gate.evaluate(book(clause(req.Suspend())), wenzhou(), [], FEB_5).changes_on is None


def test_an_attestation_that_runs_out_is_a_change() -> None:
    rules = book(clause(req.AttestedCondition(condition="plan")))
    facts = [have("attest:plan", ends=FEB_10)]

    verdict = gate.evaluate(rules, wenzhou(), facts, FEB_5)

    assert (verdict.state, verdict.changes_on) == (Permission.OPEN, FEB_10)


def test_group_rules_for_large_units_leave_small_ones_alone() -> None:
    rules = book(
        clause(req.Filing(mode="approval", to="HQ"), of="HQ", over_headcount=500),
        clause(req.Staggered(), of="CN"),
    )

    assert gate.evaluate(rules, wenzhou(head_count=500), [], FEB_5).unmet == ()
    assert len(gate.evaluate(rules, wenzhou(head_count=501), [], FEB_5).unmet) == 1
    unsized = gate.evaluate(rules, wenzhou(head_count=None), [], FEB_5)
    assert Unknown(what="head_count", about="W1") in unsized.unknown


def test_spans_say_the_same_as_day_by_day() -> None:
    rules = book(
        clause(req.Suspend(), ends=FEB_10),
        clause(req.Staggered(), of="CN-330300", issued=date(2020, 2, 3), ends=FEB_18),
    )
    starts, ends = date(2020, 1, 20), date(2020, 3, 1)

    spans = list(gate.evaluate_spans(rules, wenzhou(), [], starts, ends))

    assert (spans[0].starts, spans[-1].ends) == (starts, ends)
    for span in spans:
        for ordinal in range(span.starts.toordinal(), span.ends.toordinal()):
            day = date.fromordinal(ordinal)
            alone = gate.evaluate(rules, wenzhou(), [], day)
            assert (alone.state, alone.reasons) == (span.verdict.state, span.verdict.reasons)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (datetime(2020, 2, 10), date(2020, 2, 10)),
        (datetime(2020, 2, 9, 12), date(2020, 2, 10)),
        (date(2020, 2, 10), date(2020, 2, 10)),
    ],
)
def test_a_clause_binds_every_day_it_touches(until: datetime | date, last: date) -> None:
    assert clauses.days_touched(ISSUED, until) == (ISSUED, last)


def test_from_after_until_is_refused() -> None:
    with pytest.raises(clauses.UnclearRegulation, match="only until"):
        clauses.days_touched(FEB_10, FEB_5)
