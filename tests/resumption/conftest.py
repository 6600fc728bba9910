"""What tests of approvals share."""

import pytest

from taishan.organisation.models import Account
from tests.resumption import applying


@pytest.fixture
def ruled(cast: dict[str, Account]) -> dict[str, Account]:
    """The cast, where the group asks for a plan, which W1 has, and for headquarters' approval."""
    applying.rules()
    applying.attest()
    return cast
