"""A version of a form as a page to answer, and what comes back from it."""

from __future__ import annotations

import json
import re

import pytest
from django.http import QueryDict

from taishan.forms import actions, queries, rendering
from taishan.forms.models import FormVersion
from tests import people
from tests.forms.building import xlsform

pytestmark = pytest.mark.django_db
SURVEY = (
    ("type", "name", "label::English (en)", "label::中文 (zh)", "required", "relevant",
     "constraint", "default", "appearance", "choice_filter"),
    ("select_one yes_no", "well", "Are you well?", "身体好吗？", "yes", "", "", "yes", "", ""),
    ("decimal", "temperature", "Temperature", "体温", "yes", "${well} = 'no'", ". < 43",
     "", "", ""),
    ("note", "thanks", "You said ${well}.", "您说${well}。", "", "", "", "", "", ""),
    ("begin_group", "about", "About", "情况", "", "${well} = 'no'", "", "", "", ""),
    ("select_multiple yes_no", "both", "Both?", "都？", "", "", "", "", "", ""),
    ("text", "story", "Story", "经过", "", "", "", "", "multiline", ""),
    ("end_group", "", "", "", "", "", "", "", "", ""),
    ("begin_repeat", "trips", "Trips", "行程", "", "", "", "", "", ""),
    ("text", "place", "Place", "地点", "yes", "", "", "", "", ""),
    ("date", "day", "Day", "日期", "", "", "", "", "", ""),
    ("end_repeat", "", "", "", "", "", "", "", "", ""),
    ("rank yes_no", "order", "Order", "排序", "", "", "", "", "", ""),
    ("acknowledge", "sure", "Are you sure?", "确认？", "", "", "", "", "", ""),
    ("select_one yes_no", "filtered", "Same?", "同？", "", "", "", "", "minimal", "name = ${well}"),
    ("time", "at", "At", "时间", "", "", "", "", "", ""),
    ("image", "photo", "Photo", "照片", "", "", "", "", "", ""),
    ("start", "start", "", "", "", "", "", "", "", ""),
)  # fmt: skip


@pytest.fixture
def version() -> FormVersion:
    return actions.upload(actor=people.ACTOR, now=people.NOW, content=xlsform(survey=SURVEY))


def posted(version: FormVersion, query: str) -> rendering.Posted:
    return rendering.read(version, QueryDict(query))


def test_every_question_shows_with_a_label_of_its_own(version: FormVersion) -> None:
    page = str(rendering.render(version, lang="en"))

    for shown in re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page):
        assert f'<label for="{shown}"' in page, shown
    names = set(re.findall(r' name="q\.([^"\[]+)"', page))
    assert names == {
        "well", "temperature", "both", "story", "order", "sure", "filtered", "at",
    }  # fmt: skip
    assert 'name="q.trips[1].place"' in page
    assert "start" not in names


def test_a_page_speaks_the_language_asked_for(version: FormVersion) -> None:
    assert "身体好吗？" in rendering.render(version, lang="zh")
    assert "Are you well?" in rendering.render(version, lang="en")


def test_a_fresh_page_has_the_defaults_of_the_form_and_an_answered_one_its_answers(
    version: FormVersion,
) -> None:
    checked = re.compile(r'name="q\.well" value="(\w+)" checked')

    assert checked.findall(str(rendering.render(version))) == ["yes"]
    assert checked.findall(str(rendering.render(version, {}))) == []
    assert checked.findall(str(rendering.render(version, {"well": "no"}))) == ["no"]


def test_a_condition_is_said_in_words_and_carried_as_a_tree(version: FormVersion) -> None:
    page = str(rendering.render(version, lang="en"))

    assert "Only if “Are you well” is “No”." in page
    trees = re.findall(r'data-relevant="([^"]+)"', page)
    assert json.loads(trees[0].replace("&quot;", '"')) == [
        "op", "=", ["ref", "well"], ["text", "no"],
    ]  # fmt: skip


def test_a_quoted_answer_is_put_into_the_text_by_its_words_and_escaped(
    version: FormVersion,
) -> None:
    assert "You said No." in rendering.render(version, {"well": "no"})
    hostile = rendering.render(version, {"well": "<script>alert(1)</script>"})
    assert "<script>" not in hostile


def test_problems_are_named_first_and_said_beside_their_answers(version: FormVersion) -> None:
    answers = {"well": "no", "temperature": "50", "trips": [{"place": "A"}, {"day": "soon"}]}
    problems = queries.get_checker(version).check(answers).problems

    page = str(rendering.render(version, answers, problems, "en"))

    assert "3 answers to look at" in page
    assert '<a href="#q_temperature">Temperature</a>' in page
    assert 'aria-invalid="true" aria-describedby="q_temperature_errors"' in page
    assert page.count('id="q_trips_2__place_errors"') == 1
    assert 'id="q_trips_1__place_errors"' not in page


def test_what_comes_back_is_what_the_checker_takes(version: FormVersion) -> None:
    back = posted(
        version,
        "q.well=no&q.temperature=37.5&q.both=yes&q.both=no&q.story=&q.sure=OK&q.order=no&q.order=yes"
        "&q.trips[1]=1&q.trips[1].place=A&q.trips[3]=1&q.trips[3].place=B&q.trips[3].day=2020-02-01"
        "&csrfmiddlewaretoken=x&q.start=now&well=yes",
    )

    assert back.is_final
    assert back.answers == {
        "well": "no",
        "temperature": "37.5",
        "both": ["yes", "no"],
        "sure": "OK",
        "order": ["no", "yes"],
        "trips": [{"place": "A"}, {"place": "B", "day": "2020-02-01"}],
    }
    assert queries.get_checker(version).check(back.answers).problems == ()


def test_an_empty_row_that_the_page_offered_is_no_row(version: FormVersion) -> None:
    assert posted(version, "q.well=yes&q.trips[1]=1&q.trips[1].place=").answers == {"well": "yes"}


def test_rows_are_added_and_removed_without_scripts(version: FormVersion) -> None:
    two = "q.trips[1]=1&q.trips[1].place=A&q.trips[2]=1&q.trips[2].place=B"

    added = posted(version, f"{two}&row_add=trips")
    removed = posted(version, f"{two}&row_remove=q.trips[1]")

    assert (added.is_final, added.answers["trips"]) == (False, [{"place": "A"}, {"place": "B"}, {}])
    assert (removed.is_final, removed.answers["trips"]) == (False, [{"place": "B"}])
    assert 'name="q.trips[3].place"' in rendering.render(version, added.answers)


@pytest.mark.parametrize(
    "query", ["row_add=nothing", "row_add=well", "row_remove=x", "row_remove=q.trips[9]",
              "q.trips[99999]=1", "q.well[1]=1"]
)  # fmt: skip
def test_rows_that_cannot_be_change_nothing(version: FormVersion, query: str) -> None:
    assert posted(version, query).answers == {}


def test_answers_shown_again_come_back_the_same(version: FormVersion) -> None:
    answers = {"order": ["no", "yes"], "sure": "OK", "filtered": "no", "story": "x"}
    page = str(rendering.render(version, answers))

    assert re.findall(r'<option value="(\w+)" selected>', page.split("q_order")[1])[:2] == [
        "no",
        "yes",
    ]
    assert re.search(r'value="OK" checked', page)
    assert ">x</textarea>" in page


def test_a_page_has_nothing_that_the_content_security_policy_forbids(version: FormVersion) -> None:
    page = str(rendering.render(version))

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
