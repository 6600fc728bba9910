"""A unit's organisation and a person, on the day of the page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.kit import clock
from taishan.organisation import access, dossier, invitations, posts, presenting, queries, staffing
from taishan.organisation.access import Capability
from taishan.organisation.models import (
    Account,
    Membership,
    Person,
    Post,
    PostHolding,
    PostKind,
    RoleGrant,
    Seat,
)
from taishan.organisation.scope import ScopedRequest

PAGE_ROWS = 50


@login_required
@require_GET
def unit(request: ScopedRequest, code: str) -> HttpResponse:
    """What the unit is, who leads it, what it was, and (where allowed) who works in it."""
    version, day = presenting.get_visible(request, code), request.scope_.day
    people = Membership.objects.filter(unit_id=version.unit_id, valid__contains=day)
    pages = Paginator(
        people.select_related("person").order_by("person__sort_name", "person__staff_no"), PAGE_ROWS
    )
    context = {
        "scope": request.scope_,
        "version": version,
        "crumbs": presenting.crumbs(request, version),
        "facts": dossier.facts(version),
        "changes": dossier.changes(request, version),
        "below": queries.count_below(version, day),
        "seats": dossier.seats(version, day),
        "seat_roles": Seat.Role.choices,
        "post_kinds": PostKind.choices,
        "posts": dossier.posts(version, day),
        "roles": dossier.roles(version, day),
        "events": dossier.history(version, day),
        "may_see_people": request.viewer.may(Capability.SEE_PEOPLE, version.path),
        "people": pages.get_page(request.GET.get("page")),
    }
    return render(request, "organisation/unit.html", context)


@login_required
@require_POST
def group(request: ScopedRequest, code: str) -> HttpResponse:
    """Seat a person in the unit's leadership group, or end the seat where no role is given."""
    presenting.get_visible(request, code)
    access.require_over(request.viewer, Capability.MANAGE_ORGANISATION, code, request.scope_.day)
    staff_no, role = (presenting.posted(request, one).strip() for one in ("staff_no", "role"))
    person = Person.objects.filter(staff_no=staff_no).first()
    given: dict[str, Any] = {
        "actor": request.viewer.actor,
        "now": clock.now(),
        "on": request.scope_.day,
    }
    if person is None:
        messages.error(request, _("Nobody has the staff number “%s”.") % staff_no)
    elif role in Seat.Role.values:
        staffing.seat(**given, person=person, unit=code, role=role)
        messages.success(request, _("%s is in the leadership group.") % person.name)
    else:
        staffing.unseat(**given, person=person, unit=code)
        messages.success(request, _("%s has left the leadership group.") % person.name)
    return HttpResponseRedirect(presenting.address(request, "unit", code))


@login_required
@require_POST
def post_kind(request: ScopedRequest, code: str, post: str) -> HttpResponse:
    """Say what kind of post one of the unit is; none where it is left empty."""
    version = presenting.get_visible(request, code)
    access.require_over(request.viewer, Capability.MANAGE_ORGANISATION, code, request.scope_.day)
    found = get_object_or_404(Post, code=post, unit_id=version.unit_id)
    kind = request.POST.get("kind", "")
    if kind in ("", *PostKind.values):
        posts.set_kind(
            actor=request.viewer.actor, now=clock.now(), on=request.scope_.day, post=found,
            kind=kind,
        )  # fmt: skip
        messages.success(request, _("Recorded."))
    else:
        messages.error(request, _("There is no such kind of post."))
    return HttpResponseRedirect(presenting.address(request, "unit", code))


@login_required
@require_GET
def person(request: ScopedRequest, staff_no: str) -> HttpResponse:
    """A person's units, posts, seats and roles over time."""
    found = Person.objects.filter(staff_no=staff_no).first()
    if found is None or not _may_see(request, found):
        raise Http404(_("No such person is recorded, or not for you to see."))
    crumbs = [(_("Organisation"), presenting.address(request, "tree")), (found.name, "")]
    sections = dossier.person(request, found)
    account = Account.objects.filter(person=found).first()
    is_group_wide = access.is_group_wide(request.viewer, Capability.MANAGE_ORGANISATION)
    context = {
        "scope": request.scope_,
        "person": found,
        "crumbs": crumbs,
        "sections": sections,
        "may_invite": is_group_wide and (account is None or invitations.is_unused(account)),
    }
    return render(request, "organisation/person.html", context)


def _may_see(request: ScopedRequest, found: Person) -> bool:
    if found.pk == request.viewer.person_id:
        return True
    ids = access.unit_ids_of_people(request.viewer, request.scope_.day)
    in_unit = Membership.objects.filter(person=found, unit_id__in=ids)
    seated = Seat.objects.filter(person=found, unit_id__in=ids)
    granted = RoleGrant.objects.filter(person=found, unit_id__in=ids)
    holding = PostHolding.objects.filter(person=found, post__unit_id__in=ids)
    return in_unit.exists() or seated.exists() or granted.exists() or holding.exists()
