"""The files of a form's questions: added to a draft, looked at by everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.forms import media, views
from taishan.forms.media import FileRefused
from taishan.forms.models import FormFile
from taishan.kit import attachments, clock
from taishan.kit.attachments import AttachmentLost, AttachmentRefused
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest


@login_required
@require_POST
def files(request: ScopedRequest, code: str, number: int) -> HttpResponse:
    """Add a file to a draft."""
    access.require_group_wide(request.viewer, Capability.MANAGE_FORMS)
    version = views.get_version_or_404(code, number)
    given = request.FILES.get("file")
    try:
        if given is None:
            raise FileRefused(_("Choose a file."))  # noqa: TRY301 - said as the others are
        content = given.read(attachments.LIMIT_BYTES + 1)
        media.add(
            actor=request.viewer.actor, now=clock.now(), version=version, name=given.name or "",
            content=content,
        )  # fmt: skip
    except (FileRefused, AttachmentRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is added."))
    return views.to_version(request, version)


@login_required
@require_GET
def file(_request: ScopedRequest, code: str, number: int, name: str) -> HttpResponse:
    """One file of a version."""
    version = views.get_version_or_404(code, number)
    try:
        return attachments.respond(media.get(version, name))
    except FormFile.DoesNotExist:
        raise Http404(_("There is no such file.")) from None
    except AttachmentLost as lost:
        raise Http404(str(lost)) from None
