"""Beginning a directive from the page of the regulation it is about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from taishan.kit import clock
from taishan.organisation import access, presenting
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import citing, queries


@login_required
@require_POST
def directives(request: ScopedRequest, key: str) -> HttpResponse:
    """Begin a directive that cites a regulation."""
    entry = queries.get_library().entries.get(key)
    if entry is None:
        raise Http404(_("No such regulation is recorded."))
    version = presenting.get_visible(request, presenting.posted(request, "unit"))
    access.require(request.viewer, Capability.DIRECT, version.path)
    begun = citing.draft(
        actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id, entry=entry
    )
    address = reverse("directives:draft", args=[begun.pk])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")
