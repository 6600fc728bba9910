"""Forms as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taishan.core.answers import Definition, Question, say
from taishan.forms import words
from taishan.forms.models import Form, FormVersion

SHOWN_CHOICES = 30
_TONES = {"draft": "warn", "published": "good", "retired": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question in words; ``depth`` is how deep it lies in groups."""

    question: Question
    label: str
    hint: str
    kind: str
    depth: int
    choices: tuple[str, ...]
    more_choices: int
    condition: str
    constraint: str
    is_required: bool
    counted: str


def title(form: Form, lang: str) -> str:
    return form.title_zh if lang == "zh" else form.title_en


def form_row(form: Any, lang: str) -> dict[str, Any]:
    """Return a form's line in the list; ``form`` comes from queries.find_forms."""
    return {
        "form": form,
        "title": title(form, lang),
        "about": str(form.get_subject_display()),
        "draft": form.latest if form.latest_state == FormVersion.State.DRAFT else None,
    }


def state(version: FormVersion) -> dict[str, str]:
    """Return the banner of a version: its state, and who may act next."""
    said = {
        "draft": (
            _("Draft: nobody answers to it yet"),
            _("The duty office of the group publishes it."),
        ),
        "published": (
            _("In force"),
            _("The duty office of the group replaces it by a new version, or retires it."),
        ),
        "retired": (_("Retired: what was answered to it stays readable"), ""),
    }
    heading, next_step = said[version.state]
    return {"title": heading, "tone": _TONES[version.state], "next": next_step}


def facts(version: FormVersion) -> list[tuple[str, str]]:
    """Return what a version's form is about, why it may be asked, and how long it is kept."""
    form = version.form
    kept = (
        _("kept")
        if form.retention_days is None
        else _("identifiable answers are erased after %d days") % form.retention_days
    )
    return [
        (_("About"), str(form.get_subject_display())),
        (_("Personal health data"), _("yes") if form.is_personal_health else _("no")),
        (_("Answers"), kept),
        (_("Ground for collecting"), form.ground or "—"),
    ]


def questions(definition: Definition, lang: str) -> list[Line]:
    """Return the questions in words, in order."""
    named = words.by_name(definition)
    return [_line(named, question, len(path), lang) for question, path in definition.walk()]


def _line(named: Mapping[str, Question], question: Question, depth: int, lang: str) -> Line:
    own = question.name
    choices = [say(choice.labels, lang) or choice.name for choice in question.choices]
    constraint = say(question.constraint_messages, lang)
    return Line(
        question=question,
        label=say(question.labels, lang) or own,
        hint=say(question.hints, lang),
        kind=str(words.KINDS[question.kind]),
        depth=depth,
        choices=tuple(choices[:SHOWN_CHOICES]),
        more_choices=max(len(choices) - SHOWN_CHOICES, 0),
        condition=words.rule(question.relevant, named, lang, own),
        constraint=constraint or words.rule(question.constraint, named, lang, own),
        is_required=bool(question.required) and question.required.lower() not in {"no", "false"},
        counted=_counted(named, question, lang),
    )


def _counted(named: Mapping[str, Question], question: Question, lang: str) -> str:
    match question.indicator:
        case "":
            return ""
        case "count":
            return _("counted by choice")
        case "sum":
            return _("added up")
    rule = words.rule(question.indicator, named, lang, question.name)
    return _("counted as “%(name)s” if %(rule)s") % {"name": question.indicator_name, "rule": rule}
