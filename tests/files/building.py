"""Files that the cast asked for."""

from __future__ import annotations

from taishan.files.models import AskedFile
from taishan.kit import clock
from taishan.organisation import access, people_file
from taishan.organisation.models import Account
from taishan.web import tasks
from tests.reporting.building import TODAY


def asked_file(account: Account, form: str = "csv") -> AskedFile:
    """Return the file of all people of today that the account may see, not written yet."""
    viewer = access.viewer_for(account, TODAY)
    people_file.ask(viewer, clock.now(), TODAY, form)
    return AskedFile.objects.latest("pk")


def ready_file(account: Account, form: str = "csv") -> AskedFile:
    file = asked_file(account, form)
    tasks.write_file.func(file.pk)
    return AskedFile.objects.get(pk=file.pk)
