import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0005_import_run'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title_en', models.CharField(max_length=120)),
                ('title_zh', models.CharField(max_length=120)),
                ('text_en', models.TextField(max_length=4000)),
                ('text_zh', models.TextField(max_length=4000)),
                ('about_kind', models.CharField(default='', max_length=40)),
                ('about_id', models.CharField(default='', max_length=200)),
                ('address', models.CharField(default='', max_length=400)),
                ('sent_at', models.DateTimeField()),
                ('sent_by', models.CharField(max_length=200)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['about_kind', 'about_id', 'sent_at'], name='notice_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('address', ''), ('address__regex', '^/([^/]|$)'), _connector='OR'), name='notice_leads_inside')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'notice_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='organisation.person')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='communications.notice')),
            ],
        ),
    ]
