"""What a unit attests, with its files; and its refutation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.presenting import posted
from taishan.organisation.scope import ScopedRequest
from taishan.resumption import actions, queries
from taishan.resumption.forms import AttestationForm, conditions
from taishan.resumption.models import Attestation, EvidenceFile
from taishan.resumption.views import get_unit


@login_required
@require_POST
def attestations(request: ScopedRequest, code: str) -> HttpResponse:
    """Record what the unit attests."""
    unit = get_unit(request, code)
    access.require(request.viewer, Capability.ATTEST, unit.path)
    verdict = queries.find_verdicts([unit], request.scope_.day)[0].verdict
    form = AttestationForm(request.POST, request.FILES, conditions=conditions(verdict))
    if not form.is_valid():
        for field, problems in form.errors.items():
            messages.error(request, f"{form[field].label}: {' '.join(map(str, problems))}")
        return _back(request, code)
    try:
        actions.attest(
            actor=request.viewer.actor, now=clock.now(), unit_id=unit.id, **form.cleaned_data
        )
        messages.success(request, _("Recorded."))
    except actions.AttestationRefused as refused:
        messages.error(request, str(refused))
    return _back(request, code)


@login_required
@require_GET
def evidence_file(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """The file handed in with an attestation, to whoever may see the unit."""
    unit = get_unit(request, code)
    row = get_object_or_404(EvidenceFile, attestation_id=pk, attestation__unit_id=unit.id)
    return row.respond()


@login_required
@require_POST
def refutation(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """Refute an attestation of the unit."""
    unit = get_unit(request, code)
    access.require(request.viewer, Capability.REFUTE, unit.path)
    attestation = get_object_or_404(Attestation, pk=pk, unit_id=unit.id)
    try:
        actions.refute(
            actor=request.viewer.actor,
            now=clock.now(),
            attestation_id=attestation.pk,
            reason=posted(request, "reason"),
        )
        messages.success(request, _("Refuted. It counts no more."))
    except actions.AttestationRefused as refused:
        messages.error(request, str(refused))
    return _back(request, code)


def _back(request: ScopedRequest, code: str) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{reverse('resumption:unit', args=[code])}?{query}")
