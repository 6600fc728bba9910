"""The ledger and its tree are added to and read; the queue of what is to be sealed is emptied."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        rights.only_added(
            "ledger_entry", "ledger_leaf", "ledger_node", "ledger_seal", "ledger_publication",
        ),
        rights.never_changed("ledger_unsealed"),
    ]
