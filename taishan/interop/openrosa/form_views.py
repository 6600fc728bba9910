"""The forms as a client finds and downloads them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from taishan.forms import media
from taishan.forms.models import FormFile
from taishan.interop.openrosa import offering, protocol
from taishan.interop.openrosa.offering import Offered
from taishan.interop.openrosa.protocol import Refused
from taishan.kit import attachments, clock
from taishan.kit.attachments import AttachmentLost
from taishan.organisation import access
from taishan.organisation.models import Account, is_chinese


@require_safe
@protocol.answers
def form_list(request: HttpRequest, account: Account) -> HttpResponse:
    """The forms that the person may be asked to answer; with ``formID``, that one alone."""
    only = request.GET.get("formID")
    root = ET.Element("xforms", xmlns="http://openrosa.org/xforms/xformsList")
    for one in _offered(account):
        if only in (None, one.form_id):
            entry = ET.SubElement(root, "xform")
            for tag, text in _described(request, one).items():
                ET.SubElement(entry, tag).text = text
    return protocol.xml(root)


def _described(request: HttpRequest, one: Offered) -> dict[str, str]:
    parts: dict[str, Any] = {"form_id": one.form_id, "number": one.version.number}
    return {
        "formID": one.form_id,
        "name": one.name,
        "version": str(one.version.number),
        "hash": one.hash,
        "downloadUrl": address(request, "form", **parts),
        "manifestUrl": address(request, "manifest", **parts),
    }


@require_safe
@protocol.answers
def form(_request: HttpRequest, account: Account, form_id: str, number: int) -> HttpResponse:
    """One form, as pyxform made it, under the id that names its unit."""
    found = _get_offered(account, form_id, number)
    return HttpResponse(found.xform, content_type="text/xml; charset=utf-8")


@require_safe
@protocol.answers
def manifest(request: HttpRequest, account: Account, form_id: str, number: int) -> HttpResponse:
    """The files that belong to a form."""
    version = _get_offered(account, form_id, number).version
    root = ET.Element("manifest", xmlns="http://openrosa.org/xforms/xformsManifest")
    for file in version.files.order_by("name"):
        entry = ET.SubElement(root, "mediaFile")
        ET.SubElement(entry, "filename").text = file.name
        ET.SubElement(entry, "hash").text = f"md5:{file.md5}"
        found = address(request, "media", form_id=form_id, number=number, name=file.name)
        ET.SubElement(entry, "downloadUrl").text = found
    return protocol.xml(root)


@require_safe
@protocol.answers
def media_file(
    _request: HttpRequest, account: Account, form_id: str, number: int, name: str
) -> HttpResponse:
    """One file of a form."""
    version = _get_offered(account, form_id, number).version
    try:
        return attachments.respond(media.get(version, name))
    except (FormFile.DoesNotExist, AttachmentLost):
        raise Refused(404, _("There is no such file.")) from None


def address(request: HttpRequest, name: str, /, **parts: Any) -> str:
    """Return the full address of a page of the client's, with its token where it came by one."""
    found = request.resolver_match
    token = found.kwargs.get("token") if found else None
    given = {"token": token, **parts} if token else parts
    return request.build_absolute_uri(reverse(f"odk:{name}", kwargs=given))


def _offered(account: Account) -> list[Offered]:
    lang = "zh" if is_chinese() else "en"
    viewer = access.viewer_for(account, clock.today())
    return offering.find_offered(protocol.get_person(account), viewer, clock.today(), lang)


def _get_offered(account: Account, form_id: str, number: int) -> Offered:
    for one in _offered(account):
        if (one.form_id, one.version.number) == (form_id, number):
            return one
    raise Refused(404, _("You have no such form to answer, or there is a newer version of it."))
