"""The filters of a list: what always stands there, what folds up on a phone, and what is chosen."""

from __future__ import annotations

from taishan.web.templatetags.taishan import parted

WORDS = {"name": "q", "word": "Words", "value": "cable"}
STATE = {"name": "state", "word": "State", "value": "open",
         "options": [("open", "open"), ("", "all")]}  # fmt: skip
GRADE = {"name": "grade", "word": "Grade", "value": "major",
         "options": [("", "all"), ("major", "major")]}  # fmt: skip
SINCE = {"name": "since", "word": "From", "value": "", "type": "date"}


def test_words_stand_before_choices_and_two_choices_do_not_fold() -> None:
    found = parted([STATE, WORDS, GRADE])

    assert found["words"] == [WORDS]
    assert found["choices"] == [STATE, GRADE]
    assert not found["many"]


def test_a_choice_counts_where_it_is_not_the_first_one() -> None:
    found = parted([STATE, GRADE, SINCE])

    assert found["many"]
    assert found["chosen"] == 1


def test_a_day_counts_where_one_is_given() -> None:
    assert parted([SINCE | {"value": "2020-02-12"}])["chosen"] == 1
