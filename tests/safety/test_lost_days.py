"""The tables of GB 6441-86, appendix B: their days, and how a case is charged by them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from taishan.core import injury_rates
from taishan.core.injury_rates import RATES
from taishan.kit import clock
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from taishan.safety import incident_people, incident_sums, incident_words, lost_days, tasks
from taishan.safety.incident_models import Incident, IncidentSum, InjuredPerson, Injury
from taishan.safety.incidents import IncidentRefused
from tests.safety.incident_building import A_NAME, hurt, report

THUMB, CLAVICLE, EYE_DAYS = "b1-hand-distal-thumb", "b2-clavicle", 1800
FINGERS = ("thumb", "index", "middle", "ring", "little")
TOES = ("great", "second", "third", "fourth", "little")
ROWS = {
    "b1-hand-distal": (300, 100, 75, 60, 50),
    "b1-hand-middle": (None, 200, 150, 120, 100),
    "b1-hand-proximal": (600, 400, 300, 240, 200),
    "b1-hand-metacarpal": (900, 600, 500, 450, 400),
    "b1-foot-distal": (150, 35, 35, 35, 35),
    "b1-foot-middle": (None, 75, 75, 75, 75),
    "b1-foot-proximal": (300, 150, 150, 150, 150),
    "b1-foot-metatarsal": (600, 350, 350, 350, 350),
}
OTHERS = {
    "b1-hand-wrist": 1300, "b1-foot-ankle": 2400, "b1-limb-upper-arm": 4500,
    "b1-limb-forearm": 3600, "b1-limb-thigh": 4500, "b1-limb-lower-leg": 3000, "b2-hand": 60,
    "b2-radius-lower-end": 80, "b2-forearm-shaft": 90, "b2-supracondylar-humerus": 60,
    "b2-humerus-neck": 80, "b2-clavicle": 70, "b2-sternum": 105, "b2-foot": 70, "b2-lower-leg": 90,
    "b2-femur-shaft": 105, "b2-intertrochanteric-femur": 100, "b2-femur-neck": 160,
}  # fmt: skip


def test_the_tables_are_those_of_the_standard_and_no_more() -> None:
    expected = dict(OTHERS)
    for row, days in ROWS.items():
        columns = FINGERS if "hand" in row else TOES
        for column, number in zip(columns, days, strict=True):
            if number is not None:
                expected[f"{row}-{column}"] = number
    assert {part.code: part.days for part in lost_days.load().find_parts()} == expected
    assert len(expected) == 56


@pytest.mark.parametrize(
    ("codes", "besides", "days"),
    [
        ([THUMB, "b1-hand-proximal-thumb"], 0, 900),
        ([THUMB, "b2-sternum", "b1-foot-distal-little"], 7, 447),
        (["b1-limb-upper-arm", "b1-hand-wrist"], 200, 6000),
        (["b1-limb-upper-arm", "b1-limb-forearm"], 0, 6000),
    ],
)
def test_parts_add_up_and_never_to_more_than_a_death(
    codes: list[str], besides: int, days: int
) -> None:
    assert injury_rates.charge(lost_days.find_days(codes), besides) == days


def test_parts_are_chosen_in_groups_with_their_days_in_both_languages() -> None:
    with translation.override("en"):
        english = lost_days.find_choices()
    with translation.override("zh-hans"):
        chinese = lost_days.find_choices()
    assert [len(parts) for _group, parts in english] == [20, 20, 4, 12]
    assert [group.split(":")[0] for group, _parts in english] == [
        "Hand", "Foot", "Arm and leg", "Fractures",
    ]  # fmt: skip
    assert english[0][1][0] == (THUMB, "thumb, distal phalanx · 300 days")
    assert chinese[0][1][0] == (THUMB, "拇指远端指骨 · 300日")
    assert english[2][1][1] == (
        "b1-limb-forearm", "arm, above the wrist, at or below the elbow · 3,600 days",
    )  # fmt: skip
    assert chinese[3] == ("骨折", [*chinese[3][1][:4], ("b2-humerus-neck", "肱骨外科颈 · 80日"),
                                 *chinese[3][1][5:]])  # fmt: skip
    assert all(re.search("[一-鿿]", label) for _group, parts in chinese for _code, label in parts)
    assert not re.search("[一-鿿]", str(english))


@pytest.mark.parametrize(
    ("was", "put", "why"),
    [
        ("[300, 100, 75, 60, 50]", "[300, 100, 75, 60]", "as many days as columns"),
        ("days: 1300", "days: 0", "greater than or equal to 1"),
        ("days: 4500", "days: 6001", "less than or equal to 6000"),
        ("{code: clavicle,", "{code: sternum,", "each code once: b2-sternum"),
        ("en: clavicle, zh: 锁骨", "en: clavicle", "zh: Field required"),
        ("taishan-lost-days/1", "taishan-lost-days/2", "taishan-lost-days/1"),
        ("en: sternum", "en: sternum, side: left", "Extra inputs"),
    ],
)
def test_tables_that_cannot_be_are_refused_with_their_line(was: str, put: str, why: str) -> None:
    text = lost_days.FILE.read_text("utf-8")
    assert was in text
    with pytest.raises(LibraryInvalid, match=why) as refused:
        lost_days.parse(text.replace(was, put, 1).encode(), "t.yaml")
    assert re.match(r"t\.yaml:\d+: ", str(refused.value))


@pytest.fixture
def officer(cast: dict[str, Account]) -> Client:
    client = Client()
    client.force_login(cast["safety_officer"])
    return client


def injured(incident: Incident, number: int | None = None) -> str:
    return f"/safety/incidents/{incident.pk}/injured/" + (f"{number}/" if number else "")


def record(client: Client, at: str, *parts: str, days_away: int = 3, besides: int = 0) -> int:
    given = {
        "person-name": A_NAME, "course-outcome": "away", "course-ailment": "injury",
        "course-days_away": days_away, "course-days_restricted": 0,
        "course-charged_days": besides, "course-charged_for": list(parts),
    }  # fmt: skip
    return client.post(at, given).status_code


def typed(page: str) -> str:
    found = re.search(r'name="course-charged_days" value="(\d+)"', page)
    return found[1] if found else ""


def ticked(page: str) -> list[str]:
    return re.findall(r'value="(b[12]-[a-z-]+)"[^>]* checked', page)


@pytest.mark.django_db
def test_chosen_parts_are_kept_with_the_person_and_their_days_alone_with_the_case(
    officer: Client,
) -> None:
    incident = report(serious=1)
    assert record(officer, injured(incident), THUMB, CLAVICLE, besides=EYE_DAYS) == 302

    case = Injury.objects.get()
    assert case.charged_days == case.lost_days == 300 + 70 + EYE_DAYS
    assert InjuredPerson.objects.get().charged_for == [THUMB, CLAVICLE]
    assert "charged_for" not in {field.name for field in Injury._meta.get_fields()}
    assert Entry.objects.get(verb="incident.injury_recorded").data == {"case": 1, "revision": 1}
    said = str(list(Entry.objects.values_list("data", flat=True)))
    assert not [part.code for part in lost_days.load().find_parts() if part.code in said]
    page = officer.get(injured(incident)).content.decode()
    assert "2,170" in page
    assert ticked(page) == []


@pytest.mark.django_db
def test_a_case_opened_again_shows_its_parts_and_what_was_typed_besides(officer: Client) -> None:
    incident = report(serious=1)
    record(officer, injured(incident), THUMB, "b1-limb-thigh", besides=200)

    page = officer.get(injured(incident, 1)).content.decode()
    assert (typed(page), ticked(page)) == ("200", [THUMB, "b1-limb-thigh"])
    assert page.count("<details open><summary>Hand") == 1
    assert "<details><summary>Foot" in page

    assert record(officer, injured(incident, 1), CLAVICLE, besides=200) == 302
    case = Injury.objects.get(revision=2)
    assert (case.charged_days, InjuredPerson.objects.get().charged_for) == (270, [CLAVICLE])


@pytest.mark.django_db
def test_what_was_charged_as_a_death_leaves_nothing_typed_below_zero(officer: Client) -> None:
    incident = report(serious=1)
    record(officer, injured(incident), "b1-limb-thigh", "b1-limb-upper-arm", besides=9)
    assert Injury.objects.get().charged_days == 6000
    assert typed(officer.get(injured(incident, 1)).content.decode()) == "0"


@pytest.mark.django_db
def test_a_part_that_no_table_has_is_refused(officer: Client) -> None:
    incident = report(serious=1)
    assert record(officer, injured(incident), "b3-eye") == 422
    with pytest.raises(IncidentRefused, match="no such part"):
        hurt(incident, charged_for=["b3-eye"])
    assert not Injury.objects.exists()


@pytest.mark.django_db
def test_of_somebody_erased_the_parts_go_and_the_whole_total_is_typed(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = report(serious=1)
    hurt(incident, charged_for=[THUMB], charged_days=9)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))
    tasks.erase_injured(timestamp=0)

    page = officer.get(injured(incident, 1)).content.decode()
    assert (typed(page), "charged_for" in page) == ("309", False)
    assert "Days charged by a table" in page
    assert record(officer, injured(incident, 1), THUMB, besides=310) == 302
    assert Injury.objects.get(revision=2).charged_days == 310
    assert not InjuredPerson.objects.exists()


@pytest.mark.django_db
def test_lost_days_of_the_living_are_charged_whatever_the_days_away(
    cast: dict[str, Account],
) -> None:
    incident = report(deaths=1, serious=2, light=1)
    hurt(incident, days_away=200, charged_for=[CLAVICLE])
    hurt(incident, days_away=10, charged_for=[THUMB])
    hurt(incident, days_away=12)
    hurt(incident, "death", charged_for=[THUMB])
    assert IncidentSum.objects.get().lost_days == 70 + 300 + 12
    assert [one.lost_days for one in Injury.objects.order_by("number")] == [70, 300, 12, 6000]


@pytest.mark.django_db
def test_months_counted_by_the_old_rule_are_found_and_mended(cast: dict[str, Account]) -> None:
    incident = report(serious=1)
    hurt(incident, days_away=200, charged_for=[CLAVICLE])
    report("X1", serious=1)
    assert incident_sums.find_differences() == []

    month = IncidentSum.objects.filter(unit_id=incident.unit_id)
    month.update(lost_days=200)
    assert incident_sums.find_differences() == [
        (incident.unit_id, month.get().month, "lost_days", 70, 200)
    ]
    incident_sums.mend()
    assert incident_sums.find_differences() == []
    assert month.get().lost_days == 70


@pytest.mark.django_db
def test_the_page_offers_the_parts_in_chinese(officer: Client) -> None:
    page = officer.get(injured(report(serious=1)) + "?lang=zh").content.decode()
    assert "小指中间指骨 · 100日" in page
    assert "满105日为重伤" in page
    assert "thumb" not in page.replace("-thumb", "")


def test_the_severity_rate_says_where_charged_days_come_from() -> None:
    assert "GB 6441-86 (1987-02-01 – 2026-06-30), 6 and appendix B" in RATES["severity"].source
    formula = str(incident_words.RATES["severity"][1])
    assert "GB 6441-86, appendix B" in formula
    assert "6,000 for each death" in formula


def test_what_was_charged_besides_is_what_the_parts_leave() -> None:
    assert incident_people.find_besides(309, [THUMB]) == 9
    assert incident_people.find_besides(6000, ["b1-limb-thigh", "b1-limb-upper-arm"]) == 0
    assert incident_people.find_besides(50, []) == 50


@pytest.mark.django_db
def test_a_month_without_its_sums_is_found_and_counted(cast: dict[str, Account]) -> None:
    hurt(report(serious=1), days_away=12)
    IncidentSum.objects.all().delete()
    assert ("lost_days", 12, None) in [one[2:] for one in incident_sums.find_differences()]

    incident_sums.mend()

    assert IncidentSum.objects.get().lost_days == 12
    assert incident_sums.find_differences() == []
