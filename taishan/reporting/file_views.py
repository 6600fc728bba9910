"""The files that came with reports."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.kit import attachments, clock
from taishan.kit.attachments import AttachmentLost
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import files
from taishan.reporting.models import ReportFile


@login_required
@require_GET
def file(request: ScopedRequest, kept_as: UUID) -> HttpResponse:
    """One file of a report, for who may see the answers it belongs to."""
    try:
        found = files.read(viewer=request.viewer, now=clock.now(), kept_as=kept_as)
    except ReportFile.DoesNotExist:
        raise Http404(_("There is no such file.")) from None
    except AttachmentLost as lost:
        raise Http404(str(lost)) from None
    return attachments.respond(found)
