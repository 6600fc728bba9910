"""The act of the domain that discharges what a post owes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0002_rights'),
    ]

    operations = [
        migrations.AddField(
            model_name='dutytemplate',
            name='done_by',
            field=models.CharField(choices=[('thematic_meeting', 'thematic_meeting'), ('group_meeting', 'group_meeting'), ('study_meeting', 'study_meeting'), ('inspection', 'inspection')], default='', help_text='the act that discharges it; empty where its debtor says so', max_length=20),
        ),
    ]
