import pytest
from django.db import ProgrammingError, connection, transaction

from taishan.ledger import actions
from taishan.ledger.models import Entry
from tests import people


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET verb = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"],
)
def test_the_application_cannot_change_what_happened(statement: str) -> None:
    with transaction.atomic():
        actions.record(actor=people.ACTOR, now=people.NOW, verb="tried", subject=("test", "1"))

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Entry.objects.filter(verb="tried").exists()


@pytest.mark.django_db(transaction=False)
def test_every_action_of_the_group_left_its_line(cast: object) -> None:
    assert Entry.objects.filter(verb="unit.opened").count() == len(people.GROUP)
    assert Entry.objects.filter(verb="role.granted").count() == len(people.CAST)
