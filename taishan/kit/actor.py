"""Who acts: handed to every action, and written to the ledger by it."""

from dataclasses import dataclass
from typing import Literal

Door = Literal["page", "api", "cli", "import", "job"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """``account_id`` and ``person_id`` are None for the system itself."""

    label: str
    account_id: int | None = None
    person_id: int | None = None
    post: str = ""
    door: Door = "page"
