"""What is kept of my health, why, for how long, and who has looked at it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taishan.forms.models import Form
from taishan.kit import clock
from taishan.organisation import presenting
from taishan.organisation.models import Person
from taishan.organisation.scope import ScopedRequest
from taishan.privacy import grounds, looks, words
from taishan.reporting import my_reports, telling
from taishan.reporting.telling import Told

PAGE = 50


@login_required
@never_cache
@require_GET
def mine(request: ScopedRequest) -> HttpResponse:
    """What I am asked about my health and why, what I agreed to, and who has seen my answers."""
    found = looks.find_at(request.viewer.person_id or 0)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "told": _told(request),
        "page": page,
        "looks": [{"look": one, "form": words.title(one.form)} for one in page],
    }
    return render(request, "reporting/my_data.html", context)


def _told(request: ScopedRequest) -> list[Told]:
    person = Person.objects.filter(pk=request.viewer.person_id or 0).first()
    unit = telling.find_unit(person.pk, clock.now()) if person else None
    if person is None or unit is None:
        return []
    today = clock.today(unit.time_zone)
    found = [
        telling.tell(one.form, unit_id=unit.unit_id, person_id=person.pk, period=today)
        for one in my_reports.find_asked(person, today)
    ]
    return [one for one in found if one is not None]


@login_required
@require_POST
def consents(request: ScopedRequest) -> HttpResponse:
    """Agree to being asked a form, or withdraw that."""
    form = Form.objects.filter(code=presenting.posted(request, "form")).first()
    person_id = request.viewer.person_id
    if form is None or person_id is None:
        raise Http404(_("There is no such form."))
    say = telling.withdraw if "withdraw" in request.POST else telling.agree
    try:
        say(actor=request.viewer.actor, now=clock.now(), form=form, person_id=person_id)
    except grounds.ConsentRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded."))
    return HttpResponseRedirect(f"{reverse('my_data:mine')}?{request.scope_.query()}")
