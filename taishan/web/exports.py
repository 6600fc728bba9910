"""What the worker writes into files: the one table of their kinds, and the writing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext_lazy

from taishan.files import actions, storage
from taishan.files.content import Bundle, Content
from taishan.files.models import AskedFile
from taishan.kit import clock, streams
from taishan.kit.tables import Cell
from taishan.organisation import access, people_file
from taishan.organisation.access import Viewer
from taishan.organisation.models import Account
from taishan.safety import campaign_lists_file, hazard_sheet, incident_sheet, inspection_list_file
from taishan.situation import list_file
from taishan.web import inspection_long

NOTED_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A kind of file: its word, what it holds, and whether somebody may read it now."""

    word: Any
    content: Callable[[Viewer, dict[str, Any]], Content | Bundle]
    may: Callable[[Viewer, dict[str, Any]], bool]


EXPORTS = {
    people_file.KIND: Export(
        word=gettext_lazy("People"), content=people_file.content, may=people_file.may
    ),
    campaign_lists_file.KIND: Export(
        word=gettext_lazy("Lists of a campaign"),
        content=campaign_lists_file.content,
        may=campaign_lists_file.may,
    ),
    list_file.KIND: Export(
        word=gettext_lazy("List of names"), content=list_file.content, may=list_file.may
    ),
    hazard_sheet.KIND: Export(
        word=gettext_lazy("Hazards"), content=hazard_sheet.content, may=hazard_sheet.may
    ),
    incident_sheet.KIND: Export(
        word=gettext_lazy("Incidents"), content=incident_sheet.content, may=incident_sheet.may
    ),
    inspection_list_file.KIND: Export(
        word=gettext_lazy("Inspections"),
        content=inspection_list_file.content,
        may=inspection_list_file.may,
    ),
    inspection_long.KIND: Export(
        word=gettext_lazy("Entries of the ledger"),
        content=inspection_long.content,
        may=inspection_long.may,
    ),
}


def may_read(viewer: Viewer, file: AskedFile) -> bool:
    """Tell whether the file is the viewer's own and they still may know what is in it."""
    return file.account_id == viewer.account_id and EXPORTS[file.kind].may(viewer, file.asked)


def write(file: AskedFile) -> None:
    """Write a file in the name of who asked. Raises PermissionDenied where they no longer may."""
    account = Account.objects.select_related("person").get(pk=file.account_id)
    viewer = access.viewer_for(account, clock.today())
    if not account.is_active or not may_read(viewer, file):
        raise PermissionDenied(access.refusal())
    # It has no name on the disk: a worker that dies leaves nobody's names behind.
    with tempfile.TemporaryFile() as out:
        with translation.override(file.language):
            _save(file, out, EXPORTS[file.kind].content(viewer, file.asked))
        kept_as = storage.keep(out)
    actions.finish(now=clock.now(), file=file, kept_as=kept_as)


def _save(file: AskedFile, out: IO[bytes], content: Content | Bundle) -> None:
    if isinstance(content, Bundle):
        actions.note(file, 0, content.total)
        content.save(out, lambda done: actions.note(file, done, content.total))
        return
    form = file.name.rpartition(".")[2]
    streams.save(out, form, content.headings, _noted(file, content))


def _noted(file: AskedFile, content: Content) -> Iterator[Sequence[Cell]]:
    """Yield the rows, and keep how far they are where the page sees it."""
    actions.note(file, 0, content.total)
    for done, row in enumerate(content.rows, start=1):
        yield row
        if done % NOTED_ROWS == 0:
            actions.note(file, done, content.total)
