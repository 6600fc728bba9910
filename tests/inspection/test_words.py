"""Every verb that the code records is said in words, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import taishan
from taishan.communications.models import Round
from taishan.core import accountability, campaigns, hazards
from taishan.privacy.models import Consent
from taishan.reporting.models import Ruling
from taishan.situation.models import Step
from taishan.web import ledger_words

ROOT = Path(taishan.__file__).parent
VERB = re.compile(r"[a-z_]+\.[a-z_]+")
MADE_OF = {
    "application": {
        "drafted", "file_added", "local_decision_recorded", "revised", "submitted", "suspended",
        "approved", "returned", "forwarded", "confirmed", "unlocked",
    },
    "campaign_entry": {str(one) for one in campaigns.Act},
    "case": {str(one) for one in accountability.Act},
    "directive": {
        "drafted", "version_begun", "draft_revised", "draft_discarded", "issued", "asked_again",
        "recalled",
    },
    "hazard": {str(one) for one in hazards.Act},
    "measure": {"decomposed", "confirmed", "accepted", "returned", "waived"},
    "meeting": {
        "called", "attended", "attendance_corrected", "material_added", "minuted", "confirmed",
        "cancelled",
    },
    "notice": {str(one) for one in Round.Kind} - {"first"},
    "correction": {str(one) for one in Ruling.Outcome},
    "consent": {str(one) for one in Consent.State},
    "situation_report": {str(one) for one in Step.Kind}
    | {"drafted", "revised", "numbers_renewed", "published"},
}  # fmt: skip
"""What follows the point where a verb is put together."""


def helpers(tree: ast.Module) -> set[str]:
    """Return the functions of a module that are handed a verb and record it."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(argument.arg == "verb" for argument in (*node.args.args, *node.args.kwonlyargs))
    }


def recorded(path: Path) -> Iterator[str]:
    """Yield the verbs that a module records; one that is put together as its first part."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = helpers(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [one.value for one in call.keywords if one.arg == "verb"]
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in names:
            given += call.args
        chosen = [one for value in given if isinstance(value, ast.IfExp) for one in ast.walk(value)]
        for value in (*given, *chosen):
            if isinstance(value, ast.Constant) and VERB.fullmatch(str(value.value)):
                yield str(value.value)
            elif isinstance(value, ast.JoinedStr):
                first = value.values[0]
                assert isinstance(first, ast.Constant), path
                yield str(first.value)


def every_verb() -> set[str]:
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for verb in recorded(path):
            kind, _point, rest = verb.partition(".")
            found |= {verb} if rest else {f"{kind}.{end}" for end in MADE_OF[kind]}
    return found


def test_every_verb_that_is_recorded_has_its_words_and_no_other() -> None:
    assert every_verb() | {"ledger.looked_at"} == ledger_words.VERBS.keys()


def test_the_verbs_are_found_in_the_code() -> None:
    assert {"unit.opened", "post.held", "consent.given", "schedule.ended"} <= every_verb()


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_no_two_verbs_say_the_same(lang: str) -> None:
    with translation.override(lang):
        words = [ledger_words.sentence(verb) for verb in ledger_words.VERBS]

    assert len(set(words)) == len(words)


def test_what_has_no_words_shows_itself() -> None:
    assert ledger_words.sentence("unheard.of") == "unheard.of"
    assert ledger_words.kind("unheard") == "unheard"
