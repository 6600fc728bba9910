"""``POST /api/v1/dataValueSets``: units' returns as DHIS2 sends them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from taishan.interop import authentication, dhis2
from taishan.interop.authentication import NotKnown
from taishan.interop.dhis2 import Summary, Value
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.models import Account


def client_auth(request: HttpRequest) -> Account | None:
    """Return who the header Authorization names, None where there is none."""
    if "Authorization" not in request.headers:
        return None
    try:
        return authentication.by_header(request)
    except NotKnown as refused:
        raise HttpError(refused.status, str(refused)) from None


CODE = r"^[^\x00]*$"
"""PostgreSQL stores no zero byte."""
router = Router(auth=[client_auth, django_auth])
STRATEGIES = {"CREATE_AND_UPDATE", "NEW_AND_UPDATES"}


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


class ImportCount(Schema):
    imported: int
    updated: int
    ignored: int
    deleted: int


class Conflict(Schema):
    """``object`` is the code of what is at fault; ``value`` says why."""

    object: str
    value: str


class ImportSummary(Schema):
    responseType: str = "ImportSummary"  # noqa: N815 - DHIS2's names
    status: str
    importCount: ImportCount  # noqa: N815
    conflicts: list[Conflict]


class WebMessage(Schema):
    """As DHIS2 answers since 2.38: 409 where there is a conflict."""

    httpStatus: str  # noqa: N815
    httpStatusCode: int  # noqa: N815
    status: str
    message: str
    response: ImportSummary


@router.post("/dataValueSets", response={200: WebMessage, 409: WebMessage})
def data_value_sets(
    request: Any,
    given: DataValueSetIn,
    dryRun: bool = False,  # noqa: N803
    importStrategy: str = "CREATE_AND_UPDATE",  # noqa: N803
) -> Status[dict[str, Any]]:
    """Complete units' returns by the values; say what came of them as DHIS2 does."""
    if importStrategy not in STRATEGIES:
        raise HttpError(422, "importStrategy: CREATE_AND_UPDATE is what is done here")
    summary = dhis2.import_values(
        viewer=access.viewer_for(request.auth, clock.today()),
        now=clock.now(),
        form=given.data_set,
        values=[_value(given, one) for one in given.data_values],
        is_dry_run=dryRun,
    )
    return Status(409 if summary.conflicts else 200, _message(summary))


def _value(given: DataValueSetIn, one: DataValueIn) -> Value:
    return Value(
        question=one.data_element,
        unit=one.org_unit or given.org_unit,
        period=one.period or given.period,
        value=None if one.deleted or one.value == "" else one.value,
    )


def _message(summary: Summary) -> dict[str, Any]:
    done = summary.imported + summary.updated + summary.deleted
    is_fine = not summary.conflicts
    status = "SUCCESS" if is_fine else "WARNING" if done else "ERROR"
    counts = {
        "imported": summary.imported, "updated": summary.updated, "ignored": summary.ignored,
        "deleted": summary.deleted,
    }  # fmt: skip
    return {
        "httpStatus": "OK" if is_fine else "Conflict",
        "httpStatusCode": 200 if is_fine else 409,
        "status": "OK" if is_fine else status,
        "message": "Import was successful." if is_fine else "One or more conflicts, see response.",
        "response": {
            "status": status,
            "importCount": counts,
            "conflicts": [{"object": what, "value": why} for what, why in summary.conflicts],
        },
    }
