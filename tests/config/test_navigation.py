"""The main pages in the header: each marks itself, and no other."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from taishan.organisation.models import Account
from taishan.web.templatetags.taishan import MORE, NAVIGATION
from tests.people import signed_in

LIMITED = {"inspection:entries": "inspector", "cases:cases": "discipline_office"}
"""Pages for one role alone."""
LIGHT = {"reporting:mine"}
"""Pages of the phone, without the header."""


@pytest.mark.parametrize("name", sorted({name for name, *_more in (*NAVIGATION, *MORE)} - LIGHT))
def test_a_main_page_marks_itself_alone(name: str, cast: dict[str, Account]) -> None:
    address, client = reverse(name), signed_in(cast[LIMITED.get(name, "duty_office")])

    _head, _nav, text = client.get(address).content.decode().partition('id="site-nav"')

    marked = re.findall(r'href="([^"?]+)[^"]*" aria-current="page"', text.partition("</nav>")[0])
    assert marked == [address]
