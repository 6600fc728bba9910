"""Directives: the list, one with all that became of it, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.communications import (
    acknowledging,
    directive_page,
    directive_presenting,
    directive_queries,
    directives,
)
from taishan.communications.actions import NoticeRefused
from taishan.communications.directive_forms import ReasonForm, SignatureForm
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Directive, DirectiveFile, Reach
from taishan.kit import clock
from taishan.organisation import access, proving
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest

PAGE = 30


@login_required
@require_GET
def directives_(request: ScopedRequest) -> HttpResponse:
    """The directives to my units, by them, and all that I may read."""
    which = request.GET.get("which", "")
    found = _which(request.viewer, which).order_by("-drafted_at", "-pk")
    page = Paginator(directive_queries.with_state(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": directive_page.rows(request.viewer, page, clock.now()),
        "tabs": _tabs(request, which),
        "issuers": directive_queries.find_issuers(request.viewer, clock.today()),
    }
    return render(request, "communications/directives.html", context)


def _which(viewer: Viewer, which: str) -> QuerySet[Directive]:
    found = directive_queries.find_readable(viewer)
    own = [int(path.rpartition(".")[2]) for _role, path in viewer.grants]
    if which == "to":
        return found.filter(pk__in=Reach.objects.filter(unit_id__in=own).values("directive_id"))
    return found.filter(unit_id__in=own) if which == "by" else found


def _tabs(request: ScopedRequest, which: str) -> list[dict[str, Any]]:
    words = (("", _("All")), ("to", _("To my units")), ("by", _("By my units")))
    return [
        {
            "word": word, "is_on": which == code,
            "href": f"?{request.scope_.query()}&{urlencode({'which': code})}",
        }
        for code, word in words
    ]  # fmt: skip


@login_required
@require_GET
def directive(request: ScopedRequest, pk: int) -> HttpResponse:
    """One directive: what it says, who took note, where each measure stands, what happened."""
    return _show(request, get_readable(request, pk), ReasonForm(act="recall"))


def _show(request: ScopedRequest, found: Directive, recall_form: ReasonForm) -> HttpResponse:
    last = found.versions.order_by("-number").first()
    if last is None:
        return redirect(address(request, "draft", found.pk))
    issuer = directive_queries.get_version(found.unit_id, clock.today())
    with timezone.override(directive_presenting.zone_of(issuer)):
        context = directive_page.compose(request.viewer, found, last, issuer, clock.now())
        context |= {
            "scope": request.scope_,
            "recall_form": recall_form,
            "page": Paginator(context["asked"], PAGE).get_page(request.GET.get("page")),
            "crumbs": [(_("Directives"), address(request, "directives")), (last.title, "")],
        }
        context["signatures"] = directive_page.signatures(last, context["page"], clock.now())
        status = 422 if recall_form.errors else 200
        return render(request, "communications/directive.html", context, status=status)


def get_readable(request: ScopedRequest, pk: int) -> Directive:
    """Return a directive. Raises Http404 where it is not for the viewer to read."""
    rows = directive_queries.find_readable(request.viewer)
    return get_object_or_404(rows.select_related("unit", "numbered", "recall"), pk=pk)


def address(request: ScopedRequest, name: str, *args: Any) -> str:
    """Return the address of a page of directives with the day and language of this one."""
    return f"{reverse(f'directives:{name}', args=args)}?{request.scope_.query()}"


def require_issuer(request: ScopedRequest, found: Directive) -> UnitVersion:
    """Return the unit that issues. Raises PermissionDenied where the viewer may not for it."""
    issuer = directive_queries.get_version(found.unit_id, clock.today())
    access.require(request.viewer, Capability.DIRECT, issuer.path)
    return issuer


@login_required
@require_POST
def recall(request: ScopedRequest, pk: int) -> HttpResponse:
    """Ask for nothing of it any more."""
    found = get_readable(request, pk)
    require_issuer(request, found)
    form = ReasonForm(request.POST, act="recall")
    if not form.is_valid():
        return _show(request, found, form)
    try:
        directives.recall(
            actor=request.viewer.actor, now=clock.now(), directive_id=pk, **form.cleaned_data
        )
    except DirectiveRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, found, form)
    return HttpResponseRedirect(address(request, "directive", pk))


@login_required
@require_POST
def reminders(request: ScopedRequest, pk: int) -> HttpResponse:
    """Tell only those who have not acknowledged it."""
    found = get_readable(request, pk)
    require_issuer(request, found)
    try:
        told = acknowledging.remind(
            actor=request.viewer.actor, now=clock.now(), directive_id=pk
        )  # fmt: skip
        words = ngettext("%d unit was reminded.", "%d units were reminded.", told)
        messages.success(request, words % told)
    except (DirectiveRefused, NoticeRefused) as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "directive", pk))


@login_required
@require_POST
def acknowledgement(request: ScopedRequest, pk: int) -> HttpResponse:
    """I have read it, for my unit."""
    found = get_readable(request, pk)
    unit_id = _number(request, "unit")
    _require_answering(request, found, unit_id)
    try:
        acknowledging.acknowledge(
            actor=request.viewer.actor, now=clock.now(), directive_id=pk, unit_id=unit_id,
            version=_number(request, "version"),
        )  # fmt: skip
        messages.success(request, _("Acknowledged."))
    except DirectiveRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "directive", pk))


def _number(request: ScopedRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0


def _require_answering(request: ScopedRequest, found: Directive, unit_id: int) -> None:
    if not found.reached.filter(unit_id=unit_id).exists():
        raise Http404(_("This unit is not asked to acknowledge it."))
    path = directive_queries.get_version(unit_id, clock.today()).path
    access.require(request.viewer, Capability.ATTEST, path)


@login_required
@require_http_methods(["GET", "POST"])
def signature(request: ScopedRequest, pk: int) -> HttpResponse:
    """Sign for my unit, after proving anew who I am."""
    found = get_readable(request, pk)
    last = found.versions.order_by("-number").first()
    units = directive_page.to_sign(request.viewer, last, clock.today()) if last else []
    if last is None or not units:
        if request.method == "POST":
            raise PermissionDenied(access.refusal())
        return redirect(address(request, "directive", pk))
    proof = proving.find_proof(request)
    if not proof:
        return _prove(request, pk)
    form = SignatureForm(sent(request), units=units, initial={"version": last.number})
    if form.is_valid() and _sign(request, form, pk, proof):
        return HttpResponseRedirect(address(request, "directive", pk))
    context = {"scope": request.scope_, "form": form, "last": last, "directive": found}
    status = 422 if form.errors else 200
    return render(request, "communications/signature.html", context, status=status)


def _prove(request: ScopedRequest, pk: int) -> HttpResponse:
    if not proving.can_prove(request):
        messages.error(
            request, _("To sign, your account needs a password or a passkey of its own.")
        )
        return redirect(address(request, "directive", pk))
    back = urlencode({"next": address(request, "signature", pk)})
    return redirect(f"{reverse('account_reauthenticate')}?{back}")


def _sign(request: ScopedRequest, form: SignatureForm, pk: int, proof: str) -> bool:
    given = form.cleaned_data
    try:
        acknowledging.acknowledge(
            actor=request.viewer.actor, now=clock.now(), directive_id=pk, unit_id=given["unit"],
            version=given["version"], typed_name=given["name"], proof=proof,
        )  # fmt: skip
    except DirectiveRefused as refused:
        form.add_error(None, str(refused))
        return False
    proving.use_up(request)
    messages.success(request, _("Signed."))
    return True


@login_required
@require_GET
def file(request: ScopedRequest, pk: int, file: int) -> HttpResponse:
    """A file that goes with a directive."""
    get_readable(request, pk)
    return get_object_or_404(DirectiveFile, pk=file, directive_id=pk).respond()
