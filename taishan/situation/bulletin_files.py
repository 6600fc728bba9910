"""A situation report as a workbook and as a document, of what ``bulletin.compose`` returns.

Charts are tables in both: they are read aloud, go on being worked with, and need nothing to draw
them (docs/adr/0009).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from docx.document import Document

from taishan.kit import documents, tables
from taishan.kit.tables import Cell, NewSheet
from taishan.organisation.models import is_chinese


def as_workbook(told: dict[str, Any], number: str) -> bytes:
    """Return the report's tables as xlsx: what it is, its words, then three sheets a form."""
    sheets = [
        NewSheet(name=_("report"), headings=[_("What"), _("Value")], rows=_head(told, number)),
        NewSheet(name=_("text"), headings=[_("Section"), _("Text")], rows=told["sections"]),
    ]
    for at, form in enumerate(told["forms"], start=1):
        # The number first: a sheet's name is cut, and two must not come to be the same.
        sheets += [
            NewSheet(name=f"{at} {what} {form['code']}", headings=heads, rows=rows)
            for what, heads, rows in (
                (_("figures"), _figure_heads(form), _figures(form)),
                (_("units"), _unit_heads(form), _units(form)),
                (_("trend"), _trend_heads(form), _trend(form)),
            )
        ]
    return tables.write_book(sheets)


def _head(told: dict[str, Any], number: str) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [_("Unit"), told["unit"]],
        [_("Number"), number],
        [_("Day"), str(told["day"])],
        [_("As of"), f"{told['as_of']} {told['zone']}"],
    ]
    for form in told["forms"]:
        part = form["reporting"]
        rate = f"{form['rate']} ({part.received} / {part.expected})"
        lines.append([f"{form['title']} {form['period']}", rate])
    lines += [[one["word"], one["units"]] for one in told["verdicts"]]
    return [*lines, *([foot, ""] for foot in (told["note"], told["seal"]) if foot)]


def _figure_heads(form: dict[str, Any]) -> list[str]:
    return [_("What"), form["period"], form["before"] or _("The time before"), _("Difference")]


def _figures(form: dict[str, Any]) -> list[list[Cell]]:
    return [
        [_cell(one[key]) if key in ("now", "before") else one[key]
         for key in ("word", "now", "before", "change")]
        for one in (*form["figures"], *form["indicators"])
    ]  # fmt: skip


def _cell(shown: str) -> Cell:
    """Return a shown number as a number, so that a spreadsheet can add it up."""
    plain = shown.replace(",", "")
    return int(plain) if plain.isdecimal() else shown


def _unit_heads(form: dict[str, Any]) -> list[str]:
    return [
        _("Code"), _("Unit"), _("Reports expected"), _("Reports received"), _("On time"),
        _("Reporting rate"), *form["heads"],
    ]  # fmt: skip


def _units(form: dict[str, Any]) -> list[list[Cell]]:
    return [
        [
            row["code"], _name(row), row["reporting"].expected, row["reporting"].received,
            row["reporting"].on_time, row["rate"], *(_cell(shown) for shown in row["signs"]),
        ]
        for row in form["rows"]
    ]  # fmt: skip


def _name(row: dict[str, Any]) -> str:
    return f"{row['name']} ({_('by itself')})" if row["is_top"] else str(row["name"])


def _charts(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [chart for chart in (form["rate_chart"], form["sign_chart"]) if chart]


def _trend_heads(form: dict[str, Any]) -> list[str]:
    return [_("Day"), *(one["word"] for chart in _charts(form) for one in chart["series"])]


def _trend(form: dict[str, Any]) -> list[list[Cell]]:
    columns = [one["values"] for chart in _charts(form) for one in chart["series"]]
    days = form["rate_chart"]["days"]
    return [[day, *(column[at] for column in columns)] for at, day in enumerate(days)]


def as_document(told: dict[str, Any], title: str, number: str, marks: Sequence[str]) -> bytes:
    """Return the report as docx. ``marks`` are the lines that say what it corrects and the like."""
    document = documents.begin(title, in_chinese=is_chinese())
    as_of = _("as of %(instant)s (%(zone)s)") % {"instant": told["as_of"], "zone": told["zone"]}
    documents.write_head(document, title, f"{number}    {told['day']}    {as_of}")
    for mark in marks:
        documents.write_paragraph(document, mark).runs[0].bold = True
    _completeness(document, told)
    for heading, text in told["sections"]:
        if text:
            documents.write_heading(document, heading, 1)
            for paragraph in text.split("\n\n"):
                documents.write_paragraph(document, paragraph)
    if told["verdicts"]:
        documents.write_heading(document, _("Units by verdict"), 1)
        rows = [[one["word"], one["units"]] for one in told["verdicts"]]
        documents.write_table(document, [_("Verdict"), _("Number of units")], rows)
    for form in told["forms"]:
        _form(document, form)
    for foot in (told["note"], told["seal"]):
        if foot:
            documents.write_paragraph(document, foot)
    return documents.to_bytes(document)


def _completeness(document: Document, told: dict[str, Any]) -> None:
    documents.write_heading(document, _("How complete the numbers are"), 1)
    heads = [
        _("Reports"), _("Period"), _("Reports received"), _("Reports expected"),
        _("Reporting rate"), _("The time before"),
    ]  # fmt: skip
    rows = [
        [one["title"], one["period"], one["reporting"].received, one["reporting"].expected,
         one["rate"], one["rate_before"]]
        for one in told["forms"]
    ]  # fmt: skip
    documents.write_table(document, heads, rows)


def _form(document: Document, form: dict[str, Any]) -> None:
    documents.write_heading(document, f"{form['title']} · {form['period']}", 1)
    if form["figures"] or form["indicators"]:
        documents.write_table(document, _figure_heads(form), _figures(form))
    if form["worries"]:
        documents.write_heading(document, _("To worry about first"), 2)
        for one in form["worries"]:
            reasons = "; ".join(f"{word}: {number}" for word, number in one["reasons"])
            documents.write_paragraph(document, f"{one['name']} — {reasons}", style="List Number")
    documents.write_heading(document, _("By unit"), 2)
    documents.write_table(document, _unit_heads(form), _units(form))
    documents.write_heading(document, _("The days before"), 2)
    documents.write_table(document, _trend_heads(form), _trend(form))
