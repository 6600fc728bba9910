"""The main pages in the header: each marks itself, and no other."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from taishan.organisation.models import Account
from taishan.web.templatetags.taishan import MORE, NAVIGATION


def test_a_main_page_marks_itself_alone(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["duty_office"])
    others = {"inspection:entries", "cases:cases", "reporting:mine"}
    for name in {name for name, _word, _icon in (*NAVIGATION, *MORE)} - others:
        address = reverse(name)
        _head, _nav, text = client.get(address).content.decode().partition('id="site-nav"')
        nav = text.partition("</nav>")[0]

        assert re.findall(r'href="([^"?]+)[^"]*" aria-current="page"', nav) == [address], name
