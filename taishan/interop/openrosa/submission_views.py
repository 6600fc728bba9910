"""Where a client hands in what was answered."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from taishan.interop.openrosa import form_views, instances, protocol, receiving
from taishan.interop.openrosa.protocol import LIMIT_POST, Refused
from taishan.interop.openrosa.receiving import Received
from taishan.kit import attachments, clock
from taishan.organisation import access
from taishan.organisation.models import Account

XML_PART = "xml_submission_file"


@require_http_methods(["HEAD", "POST"])
@protocol.answers
def submission(request: HttpRequest, account: Account) -> HttpResponse:
    """HEAD: where to send, and how much at once; POST: an instance, with some of its files."""
    if request.method == "HEAD":
        location = form_views.address(request, "submission")
        return HttpResponse(status=204, headers={"Location": location})
    content, parts = _parts(request)
    received = receiving.receive(
        viewer=access.viewer_for(account, clock.today()),
        person=protocol.get_person(account),
        now=clock.now(),
        instance=instances.read(content),
        parts=parts,
        device_at=_device_at(request),
    )
    return protocol.message(201, _said(received))


def _parts(request: HttpRequest) -> tuple[bytes, dict[str, bytes]]:
    """Return the XML and the other files by their names. Raises Refused."""
    sent = _read(request)
    try:
        return _contents(sent)
    finally:
        for file in chain.from_iterable(sent.values()):
            file.close()


def _contents(sent: dict[str, list[UploadedFile[Any]]]) -> tuple[bytes, dict[str, bytes]]:
    others = {name: files for name, files in sent.items() if name != XML_PART}
    xml = sent.get(XML_PART, [])
    if len(xml) != 1 or any(len(files) != 1 for files in others.values()):
        raise Refused(400, _("A submission has one part xml_submission_file, and others once."))
    if xml[0].content_type not in ("text/xml", "application/xml"):
        raise Refused(415, _("The part xml_submission_file is text/xml."))
    return _content(xml[0]), {name: _content(files[0]) for name, files in others.items()}


def _read(request: HttpRequest) -> dict[str, list[UploadedFile[Any]]]:
    """Return the parts of the request by name. Raises Refused.

    A client may send in chunks and not say how much will come: then Django alone would read
    nothing.
    """
    if request.content_type != "multipart/form-data":
        raise Refused(415, _("A submission is multipart/form-data."))
    declared = request.META.get("CONTENT_LENGTH") or "0"
    content = b"" if int(declared) > LIMIT_POST else request.read(LIMIT_POST + 1)
    if max(int(declared), len(content)) > LIMIT_POST:
        raise Refused(413, attachments.too_large())
    meta = request.META | {"CONTENT_LENGTH": str(len(content))}
    try:
        _fields, files = request.parse_file_upload(meta, io.BytesIO(content))
    except RequestDataTooBig:
        raise Refused(413, attachments.too_large()) from None
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused(400, _("The submission cannot be read: %s") % error) from None
    return dict(files.lists())


def _content(file: UploadedFile[Any]) -> bytes:
    if (file.size or 0) > attachments.LIMIT_BYTES:
        raise Refused(413, attachments.too_large())
    content: bytes = file.read()
    return content


def _device_at(request: HttpRequest) -> datetime | None:
    """Return what the client's clock said when it sent."""
    seconds = parse_http_date_safe(request.headers.get("Date", ""))
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _said(received: Received) -> str:
    """Return what became of it, for its sender."""
    parts = [received.said]
    if received.files:
        kept = ngettext("%d file is kept.", "%d files are kept.", received.files)
        parts.append(kept % received.files)
    if received.unasked:
        parts.append(_("Not kept, since no answer names it: %s") % ", ".join(received.unasked))
    return " ".join(parts)
