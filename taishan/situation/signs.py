"""The numbers that are watched, by form: what they are made of, their words, and how grave."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taishan.core.concerns import Sign

PEOPLE = (
    Sign(key="confirmed", indicators=("quarantine_status:confirmed",), gravity=6),
    Sign(key="suspected", indicators=("quarantine_status:medical_observation",), gravity=5),
    Sign(key="fever", indicators=("fever",), gravity=3),
    Sign(key="symptomatic", indicators=("health_status:unwell",), gravity=2),
    Sign(key="contact", indicators=("contact_14_days:yes",), gravity=2),
    Sign(
        key="quarantine",
        indicators=("quarantine_status:home", "quarantine_status:designated_place"),
    ),
    Sign(key="on_site", indicators=("work_ability:on_site",)),
)
UNITS = (
    Sign(key="confirmed", indicators=("confirmed",), gravity=6),
    Sign(key="suspected", indicators=("suspected",), gravity=5),
    Sign(key="symptomatic", indicators=("symptomatic",), gravity=2),
    Sign(key="quarantine", indicators=("in_quarantine",)),
    Sign(key="on_site", indicators=("on_site",)),
)
SIGNS: dict[str, tuple[Sign, ...]] = {"daily_health": PEOPLE, "unit_daily": UNITS}
"""A form that is not named has no signs of its own: only what is missing worries."""


def of(form_code: str) -> tuple[Sign, ...]:
    return SIGNS.get(form_code, ())


def word(kind: str) -> str:
    """Say what a sign, a concern or a list is about."""
    return {
        "confirmed": _("confirmed cases"),
        "suspected": _("suspected cases"),
        "fever": _("temperature 37.3 °C or more"),
        "symptomatic": _("with symptoms"),
        "contact": _("contact with a case"),
        "quarantine": _("in quarantine"),
        "on_site": _("can work on site"),
        "not_reported": _("not reported"),
        "silent": _("nothing reported at all"),
        "late": _("reported late"),
    }[kind]


def word_of(form_code: str, indicator: str) -> str:
    """Say what an indicator of a form's own is about: by its sign, else by its name."""
    keys = (sign.key for sign in of(form_code) if sign.indicators == (indicator,))
    key = next(keys, "")
    return word(key) if key else indicator
