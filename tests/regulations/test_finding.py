"""The list of regulations by words, in whichever language they are looked for."""

import html
import itertools
import re

import pytest
from django.test import Client

from taishan.organisation.models import Account
from taishan.regulations import views
from tests.people import signed_in

PAGE = "/regulations/"
DAY, ZHEJIANG = "2020-02-12", "cn-zj-20200127"


@pytest.fixture
def office(cast: dict[str, Account], library: None) -> Client:
    return signed_in(cast["duty_office"])


def found(client: Client, words: str, lang: str = "en", **more: str) -> set[str]:
    """Return the ids of the regulations that the pages list."""
    ids: set[str] = set()
    for page in itertools.count(1):
        given = {"day": DAY, "q": words, "lang": lang, "page": str(page)}
        answer = client.get(PAGE, given | more).content.decode()
        ids |= set(listed(answer))
        if 'rel="next"' not in answer:
            return ids
    raise AssertionError


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/regulations/([^/]+)/', page)


def test_all_regulations_stand_on_pages_each_of_them_once(office: Client) -> None:
    pages = [
        listed(office.get(PAGE, {"day": DAY, "page": str(page)}).content.decode())
        for page in (1, 2, 3)
    ]

    assert [len(page) for page in pages[:2]] == [views.PAGE, views.PAGE]
    assert len({one for page in pages for one in page}) == sum(map(len, pages))


def test_words_are_found_in_titles_issuers_and_clauses_in_either_language(office: Client) -> None:
    everything = found(office, "")

    for words in ("浙江", "zhejiang", "24:00 on 9 February", "ZHEJIANG  9 February"):
        some = found(office, words)
        assert ZHEJIANG in some, words
        assert some < everything
        assert found(office, words, "zh") == some


def test_words_narrow_what_an_authority_issued(office: Client) -> None:
    of_it = found(office, "", authority="CN-ZJ")

    assert ZHEJIANG in of_it
    assert found(office, "浙江", authority="CN-ZJ") <= of_it
    assert found(office, "浙江", authority="CN-LN") == set()


def test_where_nothing_matches_it_is_not_said_that_nothing_is_recorded(office: Client) -> None:
    page = html.unescape(
        office.get(PAGE, {"day": DAY, "q": "no such words", "lang": "en"}).content.decode()
    )

    assert "No regulation matches" in page
    assert "Nothing is recorded yet" not in page
