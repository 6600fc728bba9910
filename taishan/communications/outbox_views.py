"""The messages that were kept as files, for the duty office."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.communications import outbox
from taishan.communications.models import Channel
from taishan.communications.outbox import Letter
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest

PAGE = 30


@login_required
@require_GET
def letters(request: ScopedRequest) -> HttpResponse:
    """What was kept, the latest first."""
    access.require_group_wide(request.viewer, Capability.NOTIFY)
    page = Paginator(outbox.find_names(), PAGE).get_page(request.GET.get("page"))
    words = dict(Channel.choices)
    kept = [outbox.read(name) for name in page]
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": [(one, words.get(one.channel, one.channel)) for one in kept],
        "is_outside": settings.TAISHAN.outside,
        "mail_server": settings.TAISHAN.smtp_host,
    }
    return render(request, "communications/outbox.html", context)


@login_required
@require_GET
def letter(request: ScopedRequest, name: str) -> HttpResponse:
    """One message as it went out."""
    access.require_group_wide(request.viewer, Capability.NOTIFY)
    one = _read(name)
    word = dict(Channel.choices).get(one.channel, one.channel)
    context = {"scope": request.scope_, "one": one, "word": word}
    return render(request, "communications/letter.html", context)


@login_required
@require_GET
def file(request: ScopedRequest, name: str) -> HttpResponse:
    """One message as the file that it is."""
    access.require_group_wide(request.viewer, Capability.NOTIFY)
    _read(name)
    content = outbox.path_of(name).read_bytes()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.eml"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="message/rfc822", headers=headers)


def _read(name: str) -> Letter:
    """Return a message that the duty office may read. Raises Http404, PermissionDenied."""
    try:
        one = outbox.read(name)
    except FileNotFoundError:
        raise Http404(_("There is no such message.")) from None
    if one.is_private:
        raise PermissionDenied(_("Only whom it is for may read this message."))
    return one
