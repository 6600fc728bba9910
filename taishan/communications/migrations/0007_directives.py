import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communications', '0006_each_was_told_at_an_instant'),
        ('organisation', '0010_withdrawal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_id', models.UUIDField()),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(default='', max_length=4000)),
                ('at', models.DateTimeField()),
                ('by_label', models.CharField(max_length=200)),
                ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('duty_id', 'number'), name='confirmed_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin_kind', models.CharField(default='', max_length=40)),
                ('origin_id', models.CharField(default='', max_length=200)),
                ('drafted_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['origin_kind', 'origin_id'], name='directive_origin')],
            },
        ),
        migrations.CreateModel(
            name='ConfirmationFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=100)),
                ('kept_as', models.CharField(max_length=32)),
                ('sha256', models.CharField(max_length=64)),
                ('confirmation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='communications.confirmation')),
            ],
        ),
        migrations.CreateModel(
            name='DirectiveDraft',
            fields=[
                ('directive', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='draft', serialize=False, to='communications.directive')),
                ('content', models.JSONField()),
                ('edition', models.PositiveIntegerField(default=1)),
                ('written_at', models.DateTimeField()),
                ('written_by', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='DirectiveNumber',
            fields=[
                ('directive', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='numbered', serialize=False, to='communications.directive')),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('directive', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='recall', serialize=False, to='communications.directive')),
                ('reason', models.TextField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('by_label', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='DirectiveFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=100)),
                ('kept_as', models.CharField(max_length=32)),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='communications.directive')),
            ],
        ),
        migrations.CreateModel(
            name='DirectiveVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title_en', models.CharField(max_length=120)),
                ('title_zh', models.CharField(max_length=120)),
                ('text_en', models.TextField(max_length=8000)),
                ('text_zh', models.TextField(max_length=8000)),
                ('acknowledgement', models.CharField(choices=[('', 'nobody'), ('read', 'each unit, by its head or safety officer'), ('sign', 'each unit, with a signature: typed name and password or passkey')], default='', max_length=4)),
                ('acknowledge_by', models.DateTimeField(null=True)),
                ('cites', models.CharField(default='', max_length=80)),
                ('cited_en', models.TextField(default='')),
                ('cited_zh', models.TextField(default='')),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.CharField(max_length=200)),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='communications.directive')),
                ('files', models.ManyToManyField(related_name='versions', to='communications.directivefile')),
                ('units', models.ManyToManyField(related_name='+', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cites', ''), _negated=True), fields=['cites'], name='directive_cites')],
                'constraints': [models.UniqueConstraint(fields=('directive', 'number'), name='a_version_of_a_directive_is_issued_once'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledge_by', None), ('acknowledgement', '')), models.Q(models.Q(('acknowledgement', ''), _negated=True), ('acknowledge_by__isnull', False)), _connector='OR'), name='an_acknowledgement_has_its_hour')],
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('', 'nobody'), ('read', 'each unit, by its head or safety officer'), ('sign', 'each unit, with a signature: typed name and password or passkey')], max_length=4)),
                ('proof', models.CharField(default='', max_length=20)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='communications.directiveversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'unit'), name='a_unit_acknowledges_a_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what_en', models.CharField(max_length=300)),
                ('what_zh', models.CharField(max_length=300)),
                ('due_at', models.DateTimeField()),
                ('needs_evidence', models.BooleanField()),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='communications.directive')),
            ],
        ),
        migrations.AddField(
            model_name='directiveversion',
            name='measures',
            field=models.ManyToManyField(related_name='versions', to='communications.measure'),
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('directive', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reached', to='communications.directive')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('directive', 'unit'), name='a_unit_is_reached_once')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('confirmation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='answer', serialize=False, to='communications.confirmation')),
                ('is_accepted', models.BooleanField()),
                ('reason', models.TextField(default='', max_length=2000)),
                ('at', models.DateTimeField()),
                ('by_label', models.CharField(max_length=200)),
                ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_accepted', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_return_has_its_reason')],
            },
        ),
        migrations.AddField(
            model_name='directivenumber',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
        migrations.AddConstraint(
            model_name='directivenumber',
            constraint=models.UniqueConstraint(fields=('unit', 'year', 'number'), name='a_directive_number_is_given_once'),
        ),
    ]
