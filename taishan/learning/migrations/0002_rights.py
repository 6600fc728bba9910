"""What was called, signed, minuted, decided, cancelled and put right is added and read, never changed."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]
    operations = [
        rights.only_added(
            "learning_meeting", "learning_agendaitem", "learning_invitation",
            "learning_presence", "learning_material", "learning_minutes",
            "learning_minutesconfirmation", "learning_decision", "learning_cancellation",
            "learning_presencecorrection",
        ),
    ]
