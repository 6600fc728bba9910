"""What a post is, whatever it is called."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0011_memberships_by_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='kind',
            field=models.CharField(blank=True, choices=[('unit_head', 'head of the unit, first responsible'), ('party_secretary', 'party secretary'), ('director', 'director or general manager'), ('deputy', 'deputy in charge of a line'), ('safety_director', 'safety director'), ('safety_officer', 'safety officer'), ('workshop_head', 'head of a workshop or project'), ('team_leader', 'team leader')], default='', max_length=20),
        ),
    ]
