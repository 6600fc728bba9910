"""Files that come in with the answers of a page, such as photos: looked into, and named.

A file is named by what it holds. So the same page sent twice names the same file, and who reads the
answers can tell whether a photo was replaced.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from taishan.core.answers import Definition, Problem
from taishan.kit import attachments
from taishan.kit.attachments import Attachment, AttachmentRefused

WITHOUT = "without"
"""Names the fields whose file of before is left out."""
_FIELD = re.compile(r"q\.(?:[^\[\]]+\[(\d{1,4})\]\.)?(.+)")
_LIMIT_STEM = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A posted page in which each file stands by its name; ``files`` are fit to be kept."""

    data: QueryDict
    files: Mapping[str, Attachment]
    problems: tuple[Problem, ...]


def take(
    definition: Definition,
    data: QueryDict,
    uploaded: MultiValueDict[str, UploadedFile[bytes]],
    known: Collection[str],
    lang: str,
) -> Taken:
    """Return the page with the files that came, or those that the report has (``known``).

    A name that no file goes by is no answer: else a photo that must be there could be typed.
    """
    asked = {one.name for one, _path in definition.walk() if one.kind == "file"}
    read, files, problems = data.copy(), {}, []
    for field in [field for field in read if _question(field)[0] in asked]:
        if field in data.getlist(WITHOUT) or read[field] not in known:
            del read[field]
    for field, file in uploaded.items():
        question, row = _question(field)
        if question not in asked or not isinstance(file, UploadedFile):
            continue
        try:
            found = attachments.take(file)
        except AttachmentRefused as refused:
            message = {lang: str(refused)}
            problems.append(Problem(question=question, code="file", message=message, row=row))
            continue
        name = _name(question, found)
        read[field], files[name] = name, found
    return Taken(data=read, files=files, problems=tuple(problems))


def _question(field: str) -> tuple[str, int | None]:
    """Return the question of a field of the page, and the row of its repeat."""
    found = _FIELD.fullmatch(field)
    if found is None:
        return "", None
    return found[2], int(found[1]) if found[1] else None


def _name(question: str, file: Attachment) -> str:
    ending = attachments.ENDINGS[file.kind]
    return f"{question[:_LIMIT_STEM]}-{file.sha256[:12]}{ending}"
