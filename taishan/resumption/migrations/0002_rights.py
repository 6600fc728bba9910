"""Verdicts recorded and what became of applications is added and read, never changed."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("resumption", "0001_initial")]
    operations = [
        rights.only_added(
            "resumption_recordedverdict", "resumption_approvalrule", "resumption_plan",
            "resumption_submission", "resumption_submission_rests_on", "resumption_step",
            "resumption_localdecision", "resumption_localfile", "resumption_applicationfile",
        ),
        rights.never_deleted("resumption_application"),
    ]
