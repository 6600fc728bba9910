"""``POST /api/v1/dataValueSets``: units' returns as DHIS2 sends them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from taishan.interop import authentication, dhis2
from taishan.interop.authentication import NotKnown
from taishan.interop.dhis2 import Summary
from taishan.interop.value_sets import DataValueSetIn
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


router = Router(auth=[client_auth, django_auth])
STRATEGIES = {"CREATE_AND_UPDATE", "NEW_AND_UPDATES"}


class ImportCount(Schema):
    imported: int
    updated: int
    ignored: int
    deleted: int


class Conflict(Schema):
    """``object`` is the code of what is at fault; ``value`` says why.

    ``indexes`` are the places in ``dataValues``, from 0, of the values that it keeps out.
    """

    object: str
    value: str
    indexes: list[int]


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
    viewer = access.viewer_for(request.auth, clock.today())
    summary = dhis2.import_values(
        actor=viewer.actor, viewer=viewer, now=clock.now(), form=given.data_set,
        values=given.values(), is_dry_run=dryRun,
    )  # fmt: skip
    return Status(409 if summary.conflicts else 200, _message(summary))


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
            "conflicts": [
                {"object": one.what, "value": one.why, "indexes": one.indexes}
                for one in summary.conflicts
            ],
        },
    }
