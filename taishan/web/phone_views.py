"""What makes a phone keep Taishan: its name and icons, and the keeper of pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

BRAND, PAPER = "#12372f", "#f6f5f0"
"""As in css/tokens.css."""


@require_GET
def manifest(_request: HttpRequest) -> JsonResponse:
    """How Taishan looks among the applications of a phone, in the language of the page."""
    icons = [("npm/icon-192.png", "192x192", "any"), ("npm/icon-512.png", "512x512", "any"),
             ("npm/icon-maskable.png", "512x512", "maskable")]  # fmt: skip
    told = {
        "name": _("Taishan: emergency management and work safety"),
        "short_name": _("Taishan"),
        "lang": get_language(),
        "id": "/",
        "start_url": reverse("reporting:mine"),
        "scope": "/",
        "display": "standalone",
        "theme_color": BRAND,
        "background_color": PAPER,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@never_cache
@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The keeper of pages, from the root: it may keep what lies below its own address.

    Its text changes with the static files, which is how a browser knows that there are new ones.
    """
    source = static("web/js/service-worker.js")
    script = f'const STATIC = "{settings.STATIC_URL}";\nimportScripts("{source}");\n'
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown for a page that was not kept."""
    return render(request, "web/offline.html")
