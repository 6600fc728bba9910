from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("duties", "0013_escalations_and_cases_append_only")]
    operations = [migrations.RenameField("dutytemplate", "library", "from_library")]
