"""How a duty ended, was extended or passed on, its proof, who was told of it and what was done in a case
is added and read, never changed; no duty goes."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]
    operations = [
        rights.only_added(
            "duties_ending", "duties_extension", "duties_handover", "duties_prooffile",
            "duties_escalation", "duties_case", "duties_caselapse", "duties_caseact",
        ),
        rights.never_deleted("duties_duty", "duties_addedstep"),
    ]
