"""Word documents as official papers look: a red head, headings, tables; nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from taishan.kit.tables import Cell

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RED = RGBColor(0xB4, 0x34, 0x2B)
_CJK_FONT = "SimSun"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What somebody may have typed or pasted, and no document can hold."""


def begin(title: str, *, in_chinese: bool) -> Document:
    """Return an empty A4 document."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.core_properties.title = _clean(title)
    document.core_properties.author = "Taishan"
    document.core_properties.language = "zh-CN" if in_chinese else "en"
    for style in document.styles:
        properties = getattr(style.element, "rPr", None)
        if properties is not None:
            properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CJK_FONT)
    document.styles["Normal"].font.size = Pt(10.5)
    return document


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def write_heading(document: Document, text: str, level: int) -> None:
    """Write a heading: 1 is the highest."""
    document.add_heading(_clean(text), level)


def write_paragraph(document: Document, text: str, style: str | None = None) -> Paragraph:
    """Write a paragraph, and return it."""
    return document.add_paragraph(_clean(text), style)


def write_head(document: Document, title: str, line: str) -> None:
    """Write the head in red, and a line beneath it such as the number and the day."""
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(_clean(title))
    run.bold, run.font.size, run.font.color.rgb = True, Pt(22), RED
    below = document.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below.add_run(_clean(line))


def write_table(document: Document, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table with its headings in bold; what is unknown shows as a dash."""
    lines = list(rows)
    table = document.add_table(rows=len(lines) + 1, cols=len(heads), style="Table Grid")
    # Whole rows at a time: asking a table for one cell looks through all of them.
    for row, line in zip(table.rows, [heads, *lines], strict=True):
        for cell, value in zip(row.cells, line, strict=True):
            run = cell.paragraphs[0].add_run("—" if value is None else _clean(str(value)))
            run.font.size, run.bold = Pt(9), line is heads
    document.add_paragraph()


def to_bytes(document: Document) -> bytes:
    """Return the document as a docx file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
