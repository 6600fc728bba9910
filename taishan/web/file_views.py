"""My files: large exports, each for the one who asked for it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.files import actions, queries, storage
from taishan.files.models import AskedFile
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.scope import ScopedRequest
from taishan.web.exports import EXPORTS, may_read
from taishan.web.inspection_files import FORMS

State = AskedFile.State
UNDER_WAY = (State.WAITING, State.WRITING)


@login_required
@require_GET
def files(request: ScopedRequest) -> HttpResponse:
    """What I asked for: how far it is, or ready to be fetched. Asks again by itself until then."""
    mine = list(queries.find_mine(request.viewer.account_id, clock.now()))
    context = {
        "scope": request.scope_,
        "files": [_shown(request, file) for file in mine],
        "is_under_way": any(file.state in UNDER_WAY for file in mine),
        "days": actions.KEPT.days,
    }
    return render(request, "web/files.html", context)


def _shown(request: ScopedRequest, file: AskedFile) -> dict[str, Any]:
    return {
        "file": file,
        "word": EXPORTS[file.kind].word,
        "state": file.state,
        "is_mine_still": may_read(request.viewer, file),
        "deleted_at": file.asked_at + actions.KEPT,
    }


@login_required
@require_GET
def file(request: ScopedRequest, pk: int) -> HttpResponseBase:
    """One file, to who asked for it, while they still may know what is in it."""
    found = _find(request, pk)
    if found.state != State.READY:
        raise Http404(_("It is not written yet, or was interrupted."))
    kind, _write = FORMS[found.name.rpartition(".")[2]]
    try:
        return storage.respond(request, found.kept_as, found.name, kind)
    except FileNotFoundError:
        raise Http404(_("The file is missing from the media folder of this instance.")) from None


@login_required
@require_POST
def again(request: ScopedRequest, pk: int) -> HttpResponse:
    """Ask for the same once more."""
    found = _find(request, pk)
    actions.ask(
        actor=request.viewer.actor, now=clock.now(), kind=found.kind, asked=found.asked,
        name=found.name, language=found.language,
    )  # fmt: skip
    return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")


def _find(request: ScopedRequest, pk: int) -> AskedFile:
    """Return my file. Raises Http404 for another's, PermissionDenied where my role has ended."""
    mine = queries.find_mine(request.viewer.account_id, clock.now())
    found = get_object_or_404(mine, pk=pk)
    if not may_read(request.viewer, found):
        raise PermissionDenied(access.refusal())
    return found
