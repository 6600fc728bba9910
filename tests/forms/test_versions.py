"""Forms and their versions: draft, in force, retired, and the forms that come with Taishan."""

import pytest

from taishan.core import answers
from taishan.forms import actions, library, queries
from taishan.forms.actions import VersionRefused
from taishan.forms.compiling import FormRefused
from taishan.forms.models import Form, FormVersion
from taishan.kit.actor import Actor
from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from tests import people
from tests.forms import building
from tests.forms.building import SURVEY, xlsform

pytestmark = pytest.mark.django_db
LONGER = (*SURVEY, ("text", "remarks", "Remarks", "备注", "", ""))


def upload(content: bytes, actor: Actor = people.ACTOR) -> FormVersion:
    return actions.upload(actor=actor, now=people.NOW, content=content, name="check.xlsx")


def publish(version: FormVersion) -> None:
    actions.publish(actor=people.ACTOR, now=people.NOW, version=version)


def states() -> list[tuple[int, str]]:
    return [(v.number, v.state) for v in queries.find_versions("check")]


def test_an_uploaded_form_is_a_draft_until_it_is_published() -> None:
    version = upload(xlsform())
    assert states() == [(1, "draft")]
    with pytest.raises(FormVersion.DoesNotExist):
        queries.get_version("check")

    publish(version)

    assert queries.get_version("check").number == 1
    assert list(Entry.objects.filter(subject_id="check").values_list("verb", flat=True)) == [
        "form.uploaded",
        "form.published",
    ]


def test_a_newer_version_in_force_retires_the_older_which_stays_readable() -> None:
    publish(upload(xlsform()))
    publish(upload(xlsform(survey=LONGER)))

    assert states() == [(2, "published"), (1, "retired")]
    assert len(queries.get_definition(queries.get_version("check", 1)).questions) == 2
    assert len(queries.get_definition(queries.get_version("check")).questions) == 3


def test_a_draft_is_replaced_by_the_next_upload() -> None:
    upload(xlsform())
    upload(xlsform(survey=LONGER))

    assert states() == [(1, "draft")]


def test_the_same_form_twice_is_no_new_version() -> None:
    publish(upload(xlsform()))

    with pytest.raises(VersionRefused, match="Nothing differs from version 1"):
        upload(xlsform())

    assert states() == [(1, "published")]


def test_a_retired_form_comes_back_by_the_same_file() -> None:
    version = upload(xlsform())
    publish(version)
    actions.retire(actor=people.ACTOR, now=people.NOW, version=version)

    publish(upload(xlsform()))

    assert states() == [(2, "published"), (1, "retired")]


def test_a_shipped_form_that_was_retired_here_is_not_brought_back_by_its_text_alone() -> None:
    version = queries.get_version("unit_daily")
    actions.retire(actor=people.ACTOR, now=people.NOW, version=version)
    # Written by another release of the library: the same form in other bytes.
    FormVersion.objects.filter(pk=version.pk).update(source=b"as it was written once")

    assert actions.load_library(actor=people.ACTOR, now=people.NOW) == []


def test_only_a_draft_is_published_and_only_what_is_in_force_retired() -> None:
    version = upload(xlsform())
    with pytest.raises(VersionRefused, match="in force"):
        actions.retire(actor=people.ACTOR, now=people.NOW, version=version)
    publish(version)
    with pytest.raises(VersionRefused, match="Only a draft"):
        publish(version)
    assert states() == [(1, "published")]

    actions.retire(actor=people.ACTOR, now=people.NOW, version=version)

    assert states() == [(1, "retired")]


def test_a_form_cannot_change_what_it_is_about() -> None:
    publish(upload(xlsform()))

    with pytest.raises(VersionRefused, match="a person"):
        upload(building.with_setting(subject="unit"))


def test_what_a_file_says_of_its_form_holds_once_published() -> None:
    publish(upload(xlsform()))
    newer = upload(building.with_setting(form_title="Newer"))
    assert queries.get_form("check").title_en == "Check"

    publish(newer)

    assert queries.get_form("check").title_en == "Newer"


def test_a_refused_file_records_nothing() -> None:
    with pytest.raises(FormRefused):
        upload(xlsform(survey=(*SURVEY, ("decimall", "x", "X", "X"))))

    assert not Form.objects.filter(code="check").exists()


def test_the_shipped_forms_are_in_force_and_loading_them_again_changes_nothing() -> None:
    forms = [form for form in queries.find_forms() if form.in_force and not form.is_checklist]
    assert [form.code for form in forms] == library.shipped()

    assert actions.load_library(actor=people.ACTOR, now=people.NOW) == []


def test_a_shipped_form_that_was_changed_here_is_left_alone(cast: dict[str, Account]) -> None:
    own = Actor(label="D1", account_id=cast["duty_office"].pk)
    publish(upload(building.with_setting(form_id="site_weekly", subject="unit"), own))

    assert actions.load_library(actor=people.ACTOR, now=people.NOW) == []
    assert queries.get_version("site_weekly").number == 2


def test_a_shipped_form_that_changed_is_published_anew() -> None:
    was = {"source": b"as it was before", "digest": "as it was before"}
    FormVersion.objects.filter(form__code="unit_daily").update(**was)

    assert actions.load_library(actor=people.ACTOR, now=people.NOW) == ["unit_daily"]
    assert queries.get_version("unit_daily").number == 2


def test_a_checker_is_compiled_once(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    version = queries.get_version("daily_health")
    checker = queries.get_checker(version)

    with django_assert_num_queries(0):
        assert queries.get_checker(version) is checker


WELL = {
    "health_status": "well",
    "body_temperature": "36.5",
    "current_location": "usual_place",
    "travel_14_days": "no",
    "contact_14_days": "no",
    "quarantine_status": "none",
    "work_ability": "on_site",
}


def test_the_daily_report_counts_what_headquarters_asks_about() -> None:
    checker = queries.get_checker(queries.get_version("daily_health"))
    unwell = {"health_status": "unwell", "symptoms": ["fever", "cough"], "body_temperature": 37.3}

    assert checker.check(WELL).problems == ()
    counted = checker.check(WELL | unwell).indicators
    assert counted["fever"] == 1
    assert counted["health_status:unwell"] == counted["symptoms:cough"] == 1
    missing = checker.check(WELL | {"health_status": "unwell"}).problems
    assert [(p.question, p.code) for p in missing] == [("symptoms", "required")]


def test_the_unit_return_works_out_how_long_its_masks_last() -> None:
    checker = queries.get_checker(queries.get_version("unit_daily"))
    numbers = {
        question.name: 0
        for question, _path in checker.definition.walk()
        if question.kind == "integer"
    }
    given = numbers | {"masks_in_stock": 700, "masks_used_per_day": 200, "roster": 90}
    given |= {"disinfection_done": "yes", "temperature_checks_done": "no"}

    checked = checker.check(given)

    assert checked.problems == ()
    assert checked.values["mask_cover_days"] == 3.5
    assert "disinfectant_cover_days" not in checked.values
    assert checked.indicators["roster"] == 90
    over = answers.compile(checker.definition).check(given | {"on_site": 91})
    assert [(p.question, p.code) for p in over.problems] == [("on_site", "constraint")]
