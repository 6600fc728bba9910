"""Small workbooks that the demo's units hand in as evidence."""

from __future__ import annotations

import io


def masks(people: int, days: int) -> bytes:
    """Return a count of masks that lasts so many people so many days, as xlsx."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = (
            ("物资 Item", "数量 Number"),
            ("口罩 Masks", people * days),
            ("人数 People", people),
            ("可用天数 Days", days),
        )
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
    return content.getvalue()
