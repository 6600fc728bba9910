"""The ``require`` of a clause in the library format: one model a type of requirement."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from taishan.core import requirements as req

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]


Word = Annotated[str, Field(pattern=r"^[^\s,，、;；/]+$", max_length=80)]
"""One of a list that a workbook keeps in one cell."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Open(Strict):
    type: Literal["open"]

    def requirement(self) -> req.Requirement:
        return req.Unrestricted()


class Staggered(Strict):
    type: Literal["staggered"]

    def requirement(self) -> req.Requirement:
        return req.Staggered()


class Remote(Strict):
    type: Literal["remote"]

    def requirement(self) -> req.Requirement:
        return req.RemoteOnly()


class Suspend(Strict):
    type: Literal["suspend"]

    def requirement(self) -> req.Requirement:
        return req.Suspend()


class Holiday(Strict):
    type: Literal["holiday"]

    def requirement(self) -> req.Requirement:
        return req.PublicHoliday()


class OnSiteCap(Strict):
    """Exactly one of the three."""

    type: Literal["on_site_cap"]
    share: float | None = Field(None, ge=0, le=1)
    headcount: int | None = Field(None, ge=0)
    area_m2_per_person: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = (self.share, self.headcount, self.area_m2_per_person)
        if sum(value is not None for value in given) != 1:
            raise ValueError(_("exactly one of share, headcount, area_m2_per_person"))
        return self

    def requirement(self) -> req.Requirement:
        return req.OnSiteCap(
            share=self.share,
            headcount=self.headcount,
            area_m2_per_person=self.area_m2_per_person,
        )


class GatheringCap(Strict):
    type: Literal["gathering_cap"]
    persons: int = Field(ge=0)

    def requirement(self) -> req.Requirement:
        return req.GatheringCap(persons=self.persons)


class Quarantine(Strict):
    type: Literal["quarantine"]
    days: int = Field(ge=0, le=90)
    origin: Literal["any", "low", "medium", "high", "epidemic_area", "abroad"] = "any"

    def requirement(self) -> req.Requirement:
        origin = None if self.origin == "any" else req.Origin(self.origin)
        return req.Quarantine(days=self.days, origin=origin)


class Stock(Strict):
    type: Literal["stock"]
    item: Code
    days: int = Field(ge=0)

    def requirement(self) -> req.Requirement:
        return req.StockCover(item=self.item, days=self.days)


class Attest(Strict):
    type: Literal["attest"]
    condition: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=80)]
    share: float | None = Field(None, gt=0, le=1)

    def requirement(self) -> req.Requirement:
        return req.AttestedCondition(condition=self.condition, share=self.share or 1)


class Filing(Strict):
    type: Literal["filing"]
    mode: Literal["file", "approval"]
    to: str

    def requirement(self) -> req.Requirement:
        return req.Filing(mode=self.mode, to=self.to)


class Report(Strict):
    type: Literal["report"]
    what: str
    times_per_day: float = Field(gt=0)

    def requirement(self) -> req.Requirement:
        return req.ReportingFrequency(what=self.what, times_per_day=self.times_per_day)


class Dormitory(Strict):
    type: Literal["dormitory"]
    persons_per_room: int | None = Field(None, ge=1)
    area_m2_per_person: float | None = Field(None, gt=0)

    def requirement(self) -> req.Requirement:
        return req.Dormitory(
            persons_per_room=self.persons_per_room, area_m2_per_person=self.area_m2_per_person
        )


Require = Annotated[
    Open | Staggered | Remote | Suspend | Holiday | OnSiteCap | GatheringCap | Quarantine | Stock
    | Attest | Filing | Report | Dormitory,
    Field(discriminator="type"),
]  # fmt: skip
