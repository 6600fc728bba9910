"""What must not stand in a log does not."""

from __future__ import annotations

import logging
import re

import pytest

from taishan.kit.log_filters import WithoutTokens
from tests.access.rows import LOGIN
from tests.access.table import TABLE

SECRET = "s3cret_" * 6


OPEN = {row.route for row in TABLE if ":token>" in row.route and row.nobody != (LOGIN, LOGIN)}
"""Whoever has one of these addresses needs nothing else."""


@pytest.mark.parametrize("route", sorted(OPEN))
def test_no_secret_of_an_address_stands_in_the_log(route: str) -> None:
    path = re.sub("<[^>]+>", "7", re.sub("<[^>]+:token>", SECRET, route))
    asked = ("127.0.0.1", f"GET /{path} HTTP/1.1")
    record = logging.LogRecord("", logging.INFO, "", 0, '%s "%s"', asked, None)

    assert WithoutTokens().filter(record)
    assert SECRET not in record.getMessage()
    assert record.getMessage().startswith('127.0.0.1 "GET /')
