import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('forms', '0001_initial'),
        ('organisation', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='DisclosureRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.form')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('role', models.CharField(choices=[('safety_officer', 'Safety officer'), ('unit_head', 'Unit head'), ('duty_office', 'Duty office')], max_length=20)),
                    ('kind', models.CharField(choices=[('within', 'within the country'), ('crossing', 'across the border')], max_length=10)),
                    ('starts', models.DateField()),
                    ('until', models.DateField()),
                    ('ground', models.TextField(help_text='why, and by which article')),
                    ('decided_by', models.CharField(help_text='who decided it', max_length=120)),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('starts'))), name='a_disclosure_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), _negated=True), models.Q(('decided_by', ''), _negated=True)), name='a_disclosure_says_why_and_by_whom')],
                },
            ),
            migrations.CreateModel(
                name='DisclosureEnd',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='privacy.disclosurerule')),
                    ('on', models.DateField()),
                    ('reason', models.TextField()),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Look',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.form')),
                    ('period', models.DateField(null=True)),
                    ('door', models.CharField(choices=[('answers', 'answers'), ('file', 'a file that came with answers'), ('list', 'a list with names'), ('follow_up', 'a follow-up')], max_length=10)),
                    ('looked_at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.CharField(max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name='Seen',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('look', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='privacy.look')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('salt', models.UUIDField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('look', 'person'), name='a_look_is_at_each_once')],
                },
            ),
            migrations.CreateModel(
                name='Ground',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grounds', to='forms.form')),
                    ('version', models.PositiveIntegerField()),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('basis', models.CharField(choices=[('consent', 'separate consent of the person'), ('duty', 'legal duty of the employer')], max_length=10)),
                    ('article', models.CharField(max_length=300)),
                    ('why_en', models.TextField()),
                    ('why_zh', models.TextField()),
                    ('starts', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.form')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='organisation.person')),
                    ('ground', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.ground')),
                    ('state', models.CharField(choices=[('given', 'given'), ('withdrawn', 'withdrawn')], max_length=10)),
                    ('from_day', models.DateField()),
                    ('said_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'withdrawn')), fields=['form', 'person'], name='privacy_consent_withdrawn')],
                },
            ),
        ]),
    ]
