"""What was told, ordered, acknowledged, confirmed and answered is added and read, never changed."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("communications", "0001_initial")]
    operations = [
        rights.only_added(
            "communications_notice", "communications_directive",
            "communications_directivenumber", "communications_directivefile",
            "communications_measure", "communications_directiveversion",
            "communications_directiveversion_measures",
            "communications_directiveversion_units", "communications_directiveversion_files",
            "communications_recall", "communications_reach", "communications_acknowledgement",
            "communications_confirmation", "communications_confirmationfile",
            "communications_answer",
        ),
    ]
