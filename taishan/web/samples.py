"""Sample values for the style guide. Nothing of it is real, and none of it is translated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from taishan.kit import days

STARTS, DAYS, CHOSEN = date(2020, 1, 22), 70, 21
UNITS = (
    ("Wenzhou Institute", "holiday 3 shut 24 remote 6 capped 20 open 17"),
    ("天津工程设计院", "holiday 10 shut 8 staggered 18 open 34"),
    ("Wuhan Branch", "shut 59 capped 11"),
    ("Phnom Penh site", "open 28 unknown 12 capped 30"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    x: int
    width: int
    state: str
    label: str


class Form(forms.Form):
    """One field of each kind that the pages use."""

    condition = forms.ChoiceField(choices=[("plan", "A prevention plan"), ("mask", "Masks")])
    amount = forms.IntegerField(help_text="Days of stock, counted at 08:00.", min_value=0)
    starts = days.DayField(label="From")
    evidence = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    sure = forms.BooleanField(label="I have seen it myself")


def runs(text: str) -> list[Run]:
    """Return the runs of "shut 3 open 5", one after the other."""
    words, found, at = text.split(), [], 0
    for state, width in zip(words[::2], map(int, words[1::2]), strict=True):
        first = STARTS + timedelta(days=at)
        label = f"{first} – {first + timedelta(days=width - 1)}"
        found.append(Run(x=at, width=width, state=state, label=label))
        at += width
    return found


def context() -> dict[str, Any]:
    """Return what the style guide's template shows."""
    states = ("open", "capped", "staggered", "remote", "holiday", "shut", "unknown")
    form = Form({"amount": "-3", "starts": "2020-02-12"})
    form.is_valid()
    return {
        "states": states,
        "risks": ("major", "larger", "general", "low"),
        "tiles": [
            {"state": s, "number": n, "word": "units", "note": f"{n * 137} people", "href": "#"}
            for s, n in zip(states, (12, 7, 4, 9, 0, 15, 1), strict=True)
        ],
        "starts": STARTS,
        "days": DAYS,
        "chosen": CHOSEN,
        "rows": [(name, runs(text)) for name, text in UNITS],
        "form": form,
        **_lists(),
        **_records(),
    }


def _lists() -> dict[str, Any]:
    return {
        "columns": [
            {"key": "name", "word": "Unit"},
            {"key": "place", "word": "Place"},
            {"key": "state", "word": "State"},
            {"key": "people", "word": "People", "is_number": True},
        ],
        "table": [
            {"name": "Wenzhou Institute", "place": "Wenzhou", "state": "shut", "people": 318,
             "href": "#"},
            {"name": "天津工程设计院", "place": "天津", "state": "staggered", "people": 1204,
             "href": "#"},
        ],
        "filters": [
            {"name": "q", "word": "Unit or place", "value": ""},
            {"name": "state", "word": "State", "value": "shut",
             "options": [("", "all"), ("shut", "shut"), ("open", "open")]},
            {"name": "kind", "word": "Kind of work", "value": "",
             "options": [("", "all kinds"), ("office", "office")]},
            {"name": "since", "word": "From", "value": "", "type": "date"},
        ],
        "crumbs": [("Board", "#"), ("Headquarters", "#"), ("Wenzhou Institute", "")],
        "tabs": [
            {"word": "Verdict", "href": "#", "is_on": True, "icon": "gavel"},
            {"word": "People", "href": "#", "count": 318, "icon": "users"},
            {"word": "History", "href": "#", "icon": "history"},
        ],
        "errors": [
            {"sheet": "units", "row": 14, "column": "opened", "value": "2020-13-01",
             "expected": "a day such as 2020-02-12"},
            {"sheet": "units", "row": 15, "column": "parent", "value": "HQ9",
             "expected": "the code of a unit in this file or on record"},
        ],
    }  # fmt: skip


def _records() -> dict[str, Any]:
    return {
        "facts": [("Code", "W1"), ("Place", "Wenzhou, Zhejiang", "#"), ("Floor area", None)],
        "owed": [
            {
                "what": what, "href": "#", "tone": tone, "icon": icon, "state_word": state,
                "when": when, "due": "2020-02-12 17:00", "iso": "2020-02-12T17:00+08:00",
                "kind": "duty of a post", "owner": "Safety officer · 陈静",
            }
            for what, tone, icon, state, when in (
                ("Check the unit's safety this week", "bad", "alert-triangle", "overdue",
                 "2 days late"),
                ("Hold the safety meeting", "warn", "clock-hour-4", "due soon", "1 day left"),
                ("Brief the team", "good", "circle-check", "done on time", ""),
            )
        ],
        "events": [
            {"when": "2020-01-27", "title": "Zhejiang suspends work until 9 February",
             "who": "People's Government of Zhejiang"},
            {"when": "2020-02-12", "title": "Today", "is_now": True,
             "text": "Wenzhou is stricter than its province."},
            {"when": "2020-02-18", "title": "Changes by itself"},
        ],
        "chart": {
            "kind": "bar",
            "days": ["2-10", "2-11", "2-12", "2-13", "2-14"],
            "series": [
                {"word": "shut", "values": [31, 29, 24, 20, 12], "state": "shut"},
                {"word": "open", "values": [4, 6, 11, 15, 23], "state": "open"},
            ],
        },
    }  # fmt: skip
