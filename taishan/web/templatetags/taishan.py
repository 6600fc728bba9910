"""Small pieces of pages that every app's templates may use."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

MARKS = {"open": "●", "capped": "◕", "staggered": "◑", "remote": "◔", "holiday": "○", "shut": "✕"}


def _word(state: str) -> str:
    return {
        "open": _("open"),
        "capped": _("capped"),
        "staggered": _("staggered"),
        "remote": _("remote"),
        "holiday": _("holiday"),
        "shut": _("shut"),
    }[state]


@register.filter
def state_word(state: str) -> str:
    return _word(state)


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """Return a verdict's state as a mark and a word; the colour only repeats them."""
    return format_html(
        '<span class="state state-{}"><span aria-hidden="true">{}</span> {}</span>',
        state,
        MARKS[state],
        _word(state),
    )
