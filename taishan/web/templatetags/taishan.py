"""Small pieces of pages that every app's templates may use (a template built-in: no ``load``).

The markup of each but the icon is a template under ``web/components/``; the style guide at
``/style/`` shows all of them. A piece takes plain values, so an app below ``web`` needs to import
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Protocol

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.communications import queries as communications
from taishan.organisation.access import Capability

register = template.Library()

STATES = {
    "open": (gettext_lazy("open"), "circle-check"),
    "capped": (gettext_lazy("capped"), "users-minus"),
    "staggered": (gettext_lazy("staggered"), "clock-hour-4"),
    "remote": (gettext_lazy("remote"), "home"),
    "holiday": (gettext_lazy("holiday"), "beach"),
    "shut": (gettext_lazy("shut"), "lock"),
    "unknown": (gettext_lazy("unknown"), "help-circle"),
}
"""Each state's word and icon; its colour and pattern are in css/tokens.css and patterns.html."""

RISKS = {
    "major": gettext_lazy("major risk"),
    "larger": gettext_lazy("larger risk"),
    "general": gettext_lazy("general risk"),
    "low": gettext_lazy("low risk"),
}
LEVELS = {
    "high": (gettext_lazy("high risk"), "major"),
    "medium": (gettext_lazy("medium risk"), "general"),
    "low": (gettext_lazy("low risk"), "low"),
}
"""A territory's level: its word, and the graded risk whose shape and colour it shares."""
FEW_CHOICES = 2
SLIDER_BEFORE, SLIDER_AFTER = 30, 70
SCOPE = ("day", "within", "lang")
TICK_MIN_SHARE = 8.5
HIDDEN = mark_safe('aria-hidden="true"')
STRIP_MIN_WIDTH_PX = {"": 380, "large": 620}
LETTER_PX, IDEOGRAPH_PX, WORD_MARGIN_PX = 7, 12, 12
"""What a run's word takes up, and how wide a strip is at least where words are worth showing."""


class Run(Protocol):
    """Days of one state, counted from the strip's first day; ``label`` says which days."""

    x: int
    width: int
    state: str
    label: str


@register.filter
def state_word(state: str) -> str:
    return str(STATES[state][0])


@register.filter
def parted(filters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Part a list's filters into words, which always stand there, and choices, which fold up on a
    phone where they are ``many``; ``chosen`` is how many of them narrow the list."""
    words = [one for one in filters if _is_words(one)]
    choices = [one for one in filters if not _is_words(one)]
    chosen = sum(one["value"] != _unchosen(one) for one in choices)
    many = len(choices) > FEW_CHOICES
    return {"words": words, "choices": choices, "chosen": chosen, "many": many}


def _is_words(one: Mapping[str, Any]) -> bool:
    return not one.get("options") and (one.get("type") or "search") == "search"


def _unchosen(one: Mapping[str, Any]) -> Any:
    return one["options"][0][0] if one.get("options") else ""


@register.inclusion_tag("web/components/state_badge.html")
def state_badge(state: str, size: str = "") -> dict[str, Any]:
    """Show a verdict's state as an icon and a word; the colour only repeats them."""
    word, icon_name = STATES[state]
    return {"state": state, "word": word, "icon_name": icon_name, "size": size}


@register.inclusion_tag("web/components/risk_badge.html")
def risk_badge(level: str) -> dict[str, Any]:
    """Show a graded risk (major, larger, general, low) as a shape and a word."""
    return {"level": level, "word": RISKS[level]}


@register.inclusion_tag("web/components/risk_badge.html")
def level_badge(level: str) -> dict[str, Any]:
    """Show a territory's risk level (low, medium, high) as a shape and a word."""
    word, shape = LEVELS[level]
    return {"level": shape, "word": word}


@register.inclusion_tag("web/components/legend.html")
def state_legend() -> dict[str, Any]:
    """Show what the patterns of a calendar strip mean."""
    return {"states": [(state, word) for state, (word, _icon) in STATES.items()]}


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """Draw an icon of ``front_end.json``: decoration, unless it has a label of its own.

    Without a template: a page has hundreds, and each would take ten times as long.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>',
        spoken, _icons(), name,
    )  # fmt: skip


@cache
def _icons() -> str:
    return static("npm/icons.svg")


@register.inclusion_tag("web/components/calendar_strip.html")
def calendar_strip(
    runs: Sequence[Run], days: int, chosen: int | None = None, size: str = ""
) -> dict[str, Any]:
    """Draw runs of days over ``days`` days; ``chosen`` is the offset of the day to mark."""
    drawn = [
        {
            "state": run.state,
            "word": STATES[run.state][0],
            "label": run.label,
            "x": _percent(run.x, days),
            "width": _percent(run.width, days),
            "has_room": _has_room(run, days, chosen, size),
        }
        for run in runs
    ]
    spoken = "; ".join(f"{run['word']}: {run['label']}" for run in drawn)
    marks = {"now": _percent(chosen, days), "day": _percent(1, days)} if chosen is not None else {}
    return {"runs": drawn, "spoken": spoken, "size": size, **marks}


def _has_room(run: Run, days: int, chosen: int | None, size: str) -> bool:
    """Say whether a run's word fits and does not lie under the mark of the chosen day."""
    word = state_word(run.state)
    letters_px = sum(IDEOGRAPH_PX if letter > "\u2e80" else LETTER_PX for letter in word)
    word_days = (letters_px + WORD_MARGIN_PX) / STRIP_MIN_WIDTH_PX[size] * days
    is_under_mark = chosen is not None and run.x <= chosen < run.x + word_days
    return run.width >= word_days and not is_under_mark


@register.inclusion_tag("web/components/calendar_axis.html")
def calendar_axis(starts: date, days: int, chosen: int | None = None) -> dict[str, Any]:
    """Draw the scale above calendar strips: the Mondays, and the chosen day."""
    ticks = []
    for offset in range(days):
        day = starts + timedelta(days=offset)
        near = chosen is not None and abs(offset - chosen) < days * TICK_MIN_SHARE / 100
        if day.weekday() == 0 and not near and offset < days * 0.94:
            is_minor = day.isocalendar().week % 2 == 1
            ticks.append({"x": _percent(offset, days), "word": _short(day), "is_minor": is_minor})
    now = None
    if chosen is not None:
        now = {"x": _percent(chosen, days), "word": _short(starts + timedelta(days=chosen))}
    return {"ticks": ticks, "now": now}


def _percent(part: int, whole: int) -> str:
    return f"{part / whole * 100:.3f}%"


def _short(day: date) -> str:
    return date_format(day, "n-j")


@register.simple_tag(takes_context=True)
def scope_url(context: Context, name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a page with the day, subtree and language of this one.

    ``day``, ``within`` and ``lang`` change the scope; other keywords name the page.
    """
    changes = {key: kwargs.pop(key) for key in SCOPE if key in kwargs}
    scope = getattr(context.get("request"), "scope_", None)
    query = f"?{scope.query(**changes)}" if scope else ""
    return reverse(name, args=args or None, kwargs=kwargs or None) + query


@register.simple_tag(takes_context=True)
def same_page(context: Context, **changes: Any) -> str:
    """Return this page's query string with changes; an empty value leaves a name out."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("web/components/day_control.html", takes_context=True)
def day_control(
    context: Context, first: date | None = None, last: date | None = None
) -> dict[str, Any]:
    """Choose the page's day: by date, a day back or on, and by dragging between two days."""
    from taishan.kit import clock  # noqa: PLC0415 - this library loads with the templates

    request = context["request"]
    day, today = request.scope_.day, clock.today()
    first = min(day, first or today - timedelta(days=SLIDER_BEFORE))
    last = max(day, last or today + timedelta(days=SLIDER_AFTER))
    return {
        "request": request,
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "first": first,
        "last": last,
        "offset": (day - first).days,
        "length": (last - first).days,
        "kept": [(k, v) for k, v in request.GET.items() if k not in ("day", "page")],
    }


NAVIGATION = (
    ("my_list", gettext_lazy("Mine"), "list-check"),
    ("reporting:mine", gettext_lazy("Reports"), "send"),
    ("communications:notices", gettext_lazy("Notices"), "bell"),
    ("duties:scorecards", gettext_lazy("Duties"), "clock-hour-4"),
    ("hazard_board:board", gettext_lazy("Safety"), "shield-check"),
    ("situation:situation", gettext_lazy("Situation"), "activity"),
    ("resumption:board", gettext_lazy("Board"), "layout-dashboard"),
)
"""The pages of every day, in the header of each page."""
MORE = (
    ("directives:directives", gettext_lazy("Directives"), "hierarchy"),
    ("resumption:applications", gettext_lazy("Applications"), "check"),
    ("regulations:regulations", gettext_lazy("Regulations"), "gavel"),
    ("forms:forms", gettext_lazy("Forms"), "forms"),
    ("organisation:tree", gettext_lazy("Organisation"), "sitemap"),
    ("inspection:entries", gettext_lazy("Inspection"), "search"),
    ("cases:cases", gettext_lazy("Cases"), "scale"),
)
"""Those that are gone to now and then, one tap further."""
LIMITED = {"inspection:entries": Capability.INSPECT, "cases:cases": Capability.SEE_CASES}
"""Pages that only who has the capability is shown the way to; others come by what they owe."""


@register.inclusion_tag("web/components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """Show the main pages, the current one marked. A page of an absent app is left out."""
    more = [one for page in MORE if (one := _link(context, *page))]
    return {
        "items": [one for page in NAVIGATION if (one := _link(context, *page))],
        "more": more,
        "is_more_here": any(one["is_here"] for one in more),
    }


SAFETY = (
    ("hazard_board:board", gettext_lazy("Hazards")),
    ("risks:register", gettext_lazy("Risks")),
    ("inspections:overview", gettext_lazy("Inspections")),
    ("campaigns:campaigns", gettext_lazy("Campaigns")),
    ("incidents:incidents", gettext_lazy("Incidents")),
    ("red_lines:lines", gettext_lazy("Red lines")),
    ("safety:stops", gettext_lazy("Stop-works")),
)
"""The parts of safety, at the head of each of its pages."""


@register.inclusion_tag("web/components/parts.html", takes_context=True)
def safety_parts(context: Context) -> dict[str, Any]:
    """Show the parts of safety, the one of the page marked."""
    match = context["request"].resolver_match
    here = "hazard_board" if match.namespace == "hazards" else match.namespace
    return {
        "parts": [
            {"href": scope_url(context, name), "word": word, "is_here": name.startswith(f"{here}:")}
            for name, word in SAFETY
        ]
    }


def _link(context: Context, name: str, word: Any, icon_name: str) -> dict[str, Any] | None:
    """Return the way to a main page; None where its app is absent or it is not for the viewer."""
    request = context["request"]
    viewer = getattr(request, "viewer", None)
    if name in LIMITED and not (viewer and viewer.paths(LIMITED[name])):
        return None
    try:
        href = scope_url(context, name)
    except NoReverseMatch:
        return None
    waiting = 0
    if viewer and name == "communications:notices":
        waiting = communications.count_unconfirmed(viewer.person_id)
    return {
        "href": href,
        "word": word,
        "icon": icon_name,
        "is_here": _is_here(getattr(request, "resolver_match", None), name),
        "waiting": waiting,
    }


def _is_here(match: Any, name: str) -> bool:
    """Tell whether a page belongs to an area: by its address, or by the app it is of."""
    if match is None:
        return False
    area, _sep, page = name.rpartition(":")
    if not area:
        return bool(match.view_name == page)
    first = match.route.partition("/")[0]
    is_of_safety = first in ("safety", "stop-work")
    if is_of_safety or area == "hazard_board":
        return is_of_safety and area == "hazard_board"
    names = [one.rpartition(":")[::2] for one, _word, _icon in (*NAVIGATION, *MORE)]
    if any(first == of_page for of_area, of_page in names if of_area):
        return bool(first == page)
    here = first if first in dict(names) else match.namespace
    # Of an app with two areas, its other pages belong to the first.
    return bool((area, page) == next((one for one in names if one[0] == here), None))


@register.inclusion_tag("web/components/languages.html", takes_context=True)
def languages(context: Context) -> dict[str, Any]:
    """Show this page in the other language, everything else kept."""
    request = context.get("request")
    lang = getattr(getattr(request, "scope_", None), "lang", "en")
    offered = (("en", "en", "EN", _("English")), ("zh", "zh-Hans", "中文", "简体中文"))
    query = request.GET.copy() if request is not None else None
    links = []
    for code, tag, word, name in offered:
        if query is not None:
            query["lang"] = code
        href = f"?{query.urlencode()}" if query is not None else f"?lang={code}"
        links.append({"href": href, "tag": tag, "word": word, "name": name, "is_on": code == lang})
    return {"links": links}


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """Return one value of a mapping, for tables whose columns are data."""
    return mapping.get(key)


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """Return the value at a place of a sequence, for tables whose rows are data."""
    return values[index]
