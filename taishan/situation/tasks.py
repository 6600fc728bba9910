"""What the situation does without anybody waiting for it."""

from datetime import date

from procrastinate.contrib.django import app

from taishan.kit import clock, jobs
from taishan.organisation import access
from taishan.organisation.models import Account
from taishan.situation import reminding


@app.task(name=reminding.TASK, retry=jobs.AGAIN)
def remind(account_id: int, form: str, day: str, within: str, is_own: bool) -> None:
    """Remind those of a list, as the account asked; who was told lately is left out."""
    account = Account.objects.get(pk=account_id)
    if account.is_active:
        viewer = access.viewer_for(account, clock.today())
        reminding.perform(viewer, clock.now(), form, date.fromisoformat(day), within, is_own=is_own)
