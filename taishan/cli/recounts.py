"""The option and the course of every command that counts sums anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import click

CHECK = click.option(
    "--check", "only_check", is_flag=True, help="fail where a sum is wrong; mend nothing"
)


def run(
    find_differences: Callable[[], Collection[Iterable[Any]]], recount: Callable[[], object], *,
    only_check: bool,
) -> None:  # fmt: skip
    """Name each sum that differs from what is there; mend them, or fail where it only looks."""
    from django.db import transaction

    found = find_differences()
    for row in found:
        click.echo(" ".join(map(str, row)))
    click.echo(f"{len(found)} sums differ")
    if found and only_check:
        raise SystemExit(1)
    if found:
        with transaction.atomic():
            recount()
