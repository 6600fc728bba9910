"""The dry run: what would change, before it is issued."""

from datetime import date

import pytest

from taishan.core.gate import Permission
from taishan.organisation import access
from taishan.organisation.models import Account
from taishan.regulations import schemas
from taishan.regulations.models import Revision
from taishan.resumption import dry_run, queries
from tests.regulations.test_library import GOOD

FEB = date(2020, 2, 20), date(2020, 3, 1)


@pytest.mark.usefixtures("library")
def test_a_new_suspension_changes_its_own_units_on_its_own_days_and_nothing_is_saved(
    cast: dict[str, Account],
) -> None:
    new = GOOD.replace("issued: 2020-01-27", "issued: 2020-02-22").replace("02-09", "02-25")
    units = queries.find_units(access.viewer_for(cast["inspector"], FEB[0]), FEB[0])
    before = Revision.objects.count()

    changes = dry_run.compare(schemas.parse(new), units, *FEB)

    assert {(c.unit, c.first, c.last) for c in changes} == {
        (code, date(2020, 2, 22), date(2020, 2, 25)) for code in ("W1", "W2")
    }
    assert {c.after[0] for c in changes} == {Permission.SHUT}
    assert Revision.objects.count() == before
