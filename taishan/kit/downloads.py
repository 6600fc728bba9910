"""Files that a page makes and hands over to be saved."""

from __future__ import annotations

from django.http import HttpResponse

from taishan.kit import tables


def save(content: bytes, name: str, kind: str = tables.XLSX) -> HttpResponse:
    """Answer with a file to be saved under a name of ours: a workbook, or of another media type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
