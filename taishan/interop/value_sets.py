"""The JSON of DHIS2 data value sets, whichever door it comes by."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field, ValidationError

from taishan.interop.dhis2 import Value

CODE = r"^[^\x00]*$"
"""PostgreSQL stores no zero byte."""


class ValueSetRefused(ValueError):
    """The text is no data value set; ``errors`` name each place at fault, and why."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


class DataValueIn(Schema):
    """One value. What else DHIS2 tells of it, such as who stored it, is not kept."""

    data_element: str = Field(alias="dataElement", max_length=200, pattern=CODE)
    org_unit: str | None = Field(None, alias="orgUnit", max_length=40, pattern=CODE)
    period: str | None = Field(None, max_length=20)
    value: str | int | float | bool | None = None
    deleted: bool = False


class DataValueSetIn(Schema):
    """Values of one form; unit and period may be said once for all of them."""

    data_set: str = Field(alias="dataSet", max_length=60, pattern=CODE)
    org_unit: str = Field("", alias="orgUnit", max_length=40, pattern=CODE)
    period: str = Field("", max_length=20)
    data_values: list[DataValueIn] = Field(alias="dataValues")

    def values(self) -> list[Value]:
        return [
            Value(
                question=one.data_element,
                unit=one.org_unit or self.org_unit,
                period=one.period or self.period,
                value=None if one.deleted or one.value == "" else one.value,
                index=index,
            )
            for index, one in enumerate(self.data_values)
        ]


def read(content: bytes) -> DataValueSetIn:
    """Return the data value set of a file. Raises ValueSetRefused."""
    try:
        return DataValueSetIn.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as refused:
        told = refused.errors(include_url=False, include_input=False)
        raise ValueSetRefused([f"{_place(one['loc'])}{one['msg']}" for one in told]) from None


def _place(steps: tuple[int | str, ...]) -> str:
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return f"{said.removeprefix('.')}: " if said else ""
