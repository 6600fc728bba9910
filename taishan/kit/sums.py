"""Sums of records that are made of numbers, such as what became of the duties of each unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)
else:
    Record = TypeVar("Record")


def total(records: Iterable[Record], nothing: Record) -> Record:
    """Return the sum of records, field by field; ``nothing``, all zeros, is the sum of none.

    One new record, whatever their number: thousands of units are added up for a page.
    """
    names = [one.name for one in fields(nothing)]
    columns = zip(*map(attrgetter(*names), records), strict=True)
    return replace(nothing, **dict(zip(names, map(sum, columns), strict=False)))
