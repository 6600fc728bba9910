"""The shipped tables of lost days, ``taishan-lost-days/1``: with what a part is charged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from taishan.core.injury_rates import DAYS_OF_A_DEATH
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, Source, Strict, Text, What
from taishan.organisation.models import is_chinese

FILE = Path(__file__).parent / "libraries" / "lost-days-cn.yaml"
_Days = Annotated[int, Field(ge=1, le=DAYS_OF_A_DEATH)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is lost or broken, and the days that it is charged with."""

    code: str
    en: str
    zh: str
    days: int

    @property
    def label(self) -> str:
        """Both in the language of the page."""
        return _("%(part)s · %(days)s days") % {
            "part": self.zh if is_chinese() else self.en,
            "days": number_format(self.days, force_grouping=True),
        }


class Column(What):
    code: Code


class Row(What):
    """``days`` of each column, None where there is no such part; or one number beside them."""

    code: Code
    days: _Days | list[_Days | None]


class Table(Strict):
    """Parts that are chosen from together."""

    code: Code
    title: Text
    columns: list[Column] = []
    rows: Annotated[list[Row], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for row in self.rows:
            if isinstance(row.days, list) and len(row.days) != len(self.columns):
                raise ValueError(_("%s: as many days as columns") % row.code)
        return self

    def find_parts(self) -> Iterator[Part]:
        """Yield its parts, column by column, those beside the columns last."""
        for at, column in enumerate(self.columns):
            for row in self.rows:
                if isinstance(row.days, list) and (days := row.days[at]) is not None:
                    yield Part(
                        code=f"{self.code}-{row.code}-{column.code}", days=days,
                        en=f"{column.en}, {row.en}", zh=f"{column.zh}{row.zh}",
                    )  # fmt: skip
        for row in self.rows:
            if isinstance(row.days, int):
                yield Part(
                    code=f"{self.code}-{row.code}", days=row.days, en=row.en, zh=row.zh
                )  # fmt: skip


class Library(Head):
    format: Literal["taishan-lost-days/1"]
    note: Text
    source: Source
    tables: list[Table]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        yaml_libraries.each_once(self.find_parts())
        return self

    def find_parts(self) -> list[Part]:
        return [part for table in self.tables for part in table.find_parts()]


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)


@lru_cache(maxsize=1)
def load() -> Library:
    """Return the shipped library."""
    return parse(FILE.read_bytes(), FILE.name)


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Part]:
    return {part.code: part for part in load().find_parts()}


def find_days(codes: Iterable[str]) -> list[int]:
    """Return the days of some parts. Raises KeyError where a table has none such."""
    return [_by_code()[code].days for code in codes]


def find_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each table's title with the codes and labels of its parts, for a form."""
    return [
        (table.title.zh if is_chinese() else table.title.en,
         [(part.code, part.label) for part in table.find_parts()])
        for table in load().tables
    ]  # fmt: skip
