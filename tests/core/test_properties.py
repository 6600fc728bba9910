"""Laws of the rules and the gate that hold for every library (DESIGN 5.1, 5.2)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from taishan.core import gate
from taishan.core import requirements as req
from taishan.core.bounds import Bound, resolve
from taishan.core.clauses import Clause
from taishan.core.gate import Fact
from tests.core.building import RANKS, book, clause, wenzhou

DAY = date(2020, 2, 5)
FIRST = date(2020, 1, 20)

requirements = st.one_of(
    st.just(req.Suspend()),
    st.just(req.RemoteOnly()),
    st.just(req.Staggered()),
    st.just(req.PublicHoliday()),
    st.builds(req.OnSiteCap, share=st.sampled_from([0.0, 0.3, 0.5, 1.0])),
    st.builds(req.OnSiteCap, headcount=st.integers(0, 200)),
    st.builds(req.StockCover, item=st.just("mask"), days=st.integers(0, 30)),
    st.builds(req.Quarantine, days=st.integers(0, 21), origin=st.sampled_from(req.Origin)),
    st.builds(req.AttestedCondition, condition=st.sampled_from(["plan", "group"])),
)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    starts = draw(days)
    return clause(
        draw(requirements),
        of=draw(st.sampled_from(sorted(set(RANKS) - {"CN-SH", "CN-HB"}))),
        key=f"c{draw(st.integers(0, 10**9))}",
        issued=draw(days),
        starts=starts,
        ends=draw(st.none() | st.integers(1, 30).map(lambda n: starts + timedelta(days=n))),
        ceiling=draw(st.booleans()),
        exempt_kinds=draw(st.sampled_from([frozenset(), frozenset({"EPI"})])),
        except_places=draw(st.sampled_from([frozenset(), frozenset({"CN-330300"})])),
        red_line=draw(st.booleans()),
    )


def distinct(found: list[Clause]) -> list[Clause]:
    return list({c.key: c for c in found}.values())


libraries = st.lists(clauses(), max_size=8).map(distinct)
facts = st.lists(
    st.builds(
        Fact,
        condition=st.sampled_from(
            ["stock:mask", "attest:plan", "attest:group", "quarantine:any", "quarantine:low"]
        ),
        amount=st.integers(0, 30).map(float),
        starts=days,
    ),
    max_size=5,
)


@given(libraries, st.randoms())
def test_the_order_and_repetition_of_clauses_make_no_difference(
    found: list[Clause], random: object
) -> None:
    shuffled = [*found, *found]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for dimension in {d.dimension for c in found for d in c.requirement.demands()}:
        one, other = (
            {
                Bound(demand=d, clause=c)
                for c in some
                for d in c.requirement.demands()
                if d.dimension == dimension
            }
            for some in (found, shuffled)
        )
        assert resolve(one) == resolve(other) == resolve([*other, *one])


@given(libraries, st.lists(clauses(), max_size=3), facts)
def test_fewer_floors_never_shut_a_gate(
    found: list[Clause], more: list[Clause], shown: list[Fact]
) -> None:
    floors = [c for c in more if not c.ceiling]
    loose = gate.evaluate(book(*found), wenzhou(), shown, DAY)
    strict = gate.evaluate(book(*distinct([*floors, *found])), wenzhou(), shown, DAY)

    assert loose.permitted <= strict.permitted
    assert loose.state <= strict.state


@given(libraries, facts, facts)
def test_more_masks_and_more_attestations_never_shut_a_gate(
    found: list[Clause], shown: list[Fact], more: list[Fact]
) -> None:
    rules = book(*found)

    poor = gate.evaluate(rules, wenzhou(), shown, DAY)
    rich = gate.evaluate(rules, wenzhou(), [*shown, *more], DAY)

    assert rich.state <= poor.state
    assert rich.permitted == poor.permitted


@given(libraries, facts)
def test_the_next_change_is_the_first_day_that_differs(
    found: list[Clause], shown: list[Fact]
) -> None:
    rules = book(*found)
    now = gate.evaluate(rules, wenzhou(), shown, DAY)
    for n in range(1, 60):
        day = DAY + timedelta(days=n)
        then = gate.evaluate(rules, wenzhou(), shown, day, known_on=DAY)
        if (then.permitted, then.state, then.on_site_limit) != (
            now.permitted,
            now.state,
            now.on_site_limit,
        ):
            assert now.changes_on == day
            return
    assert now.changes_on is None or now.changes_on >= DAY + timedelta(days=60)


@given(libraries, facts)
def test_spans_cover_every_day_once_and_say_what_the_day_says(
    found: list[Clause], shown: list[Fact]
) -> None:
    rules = book(*found)
    starts, ends = FIRST, FIRST + timedelta(days=50)
    spans = list(gate.evaluate_spans(rules, wenzhou(), shown, starts, ends))

    assert sum((s.ends - s.starts).days for s in spans) == 50
    for span in spans:
        last = gate.evaluate(rules, wenzhou(), shown, span.ends - timedelta(days=1))
        assert (last.state, last.permitted, last.unmet) == (
            span.verdict.state,
            span.verdict.permitted,
            span.verdict.unmet,
        )
