"""Word documents as official papers look: a red head, headings, tables; nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from taishan.kit.tables import Cell

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RED = RGBColor(0xB4, 0x34, 0x2B)
_CJK_FONT = "SimSun"


def begin(title: str, *, in_chinese: bool) -> Document:
    """Return an empty A4 document."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.core_properties.title = title
    document.core_properties.author = "Taishan"
    document.core_properties.language = "zh-CN" if in_chinese else "en"
    for style in document.styles:
        properties = getattr(style.element, "rPr", None)
        if properties is not None:
            properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CJK_FONT)
    document.styles["Normal"].font.size = Pt(10.5)
    return document


def write_head(document: Document, title: str, line: str) -> None:
    """Write the head in red, and a line beneath it such as the number and the day."""
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(22), RED
    below = document.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below.add_run(line)


def write_table(document: Document, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table with its headings in bold; what is unknown shows as a dash."""
    lines = list(rows)
    table = document.add_table(rows=len(lines) + 1, cols=len(heads), style="Table Grid")
    # Whole rows at a time: asking a table for one cell looks through all of them.
    for row, line in zip(table.rows, [heads, *lines], strict=True):
        for cell, value in zip(row.cells, line, strict=True):
            run = cell.paragraphs[0].add_run("—" if value is None else str(value))
            run.font.size, run.bold = Pt(9), line is heads
    document.add_paragraph()


def to_bytes(document: Document) -> bytes:
    """Return the document as a docx file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
