import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Address',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='organisation.person')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='organisation.unit')),
                    ('channel', models.CharField(choices=[('email', 'e-mail'), ('wecom', 'WeCom group robot'), ('dingtalk', 'DingTalk group robot'), ('feishu', 'Feishu group robot'), ('webhook', 'webhook')], max_length=10)),
                    ('name', models.CharField(default='', max_length=60)),
                    ('target', models.TextField()),
                    ('secret', models.TextField(default='')),
                    ('language', models.CharField(default='', max_length=10)),
                    ('wanted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None)),
                    ('pace', models.CharField(choices=[('now', 'at once'), ('daily', 'once a day, at 08:00')], default='now', max_length=5)),
                    ('quiet_from', models.TimeField(null=True)),
                    ('quiet_until', models.TimeField(null=True)),
                    ('time_zone', models.CharField(max_length=60)),
                    ('added_at', models.DateTimeField()),
                    ('added_by', models.CharField(max_length=200)),
                    ('verified_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('not_before', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(help_text='the last that went out', null=True)),
                    ('error', models.CharField(default='', help_text='of the last try; sent: empty', max_length=300)),
                    ('error_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), ('person__isnull', False), ('unit', None)), models.Q(models.Q(('channel', 'email'), _negated=True), ('person', None), ('unit__isnull', False)), _connector='OR'), name='letters_go_to_people_robots_and_webhooks_to_units'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end')],
                },
            ),
            migrations.CreateModel(
                name='Directive',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='organisation.unit')),
                    ('origin_kind', models.CharField(default='', max_length=40)),
                    ('origin_id', models.CharField(default='', max_length=200)),
                    ('drafted_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['origin_kind', 'origin_id'], name='directive_origin')],
                },
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
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('year', models.PositiveIntegerField()),
                    ('number', models.PositiveIntegerField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'number'), name='a_directive_number_is_given_once')],
                },
            ),
            migrations.CreateModel(
                name='DirectiveFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='communications.directive')),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=100)),
                    ('kept_as', models.CharField(max_length=32)),
                    ('sha256', models.CharField(max_length=64)),
                    ('added_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='communications.directive')),
                    ('what_en', models.CharField(max_length=300)),
                    ('what_zh', models.CharField(max_length=300)),
                    ('due_at', models.DateTimeField()),
                    ('needs_evidence', models.BooleanField()),
                ],
            ),
            migrations.CreateModel(
                name='DirectiveVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='communications.directive')),
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
                    ('measures', models.ManyToManyField(related_name='versions', to='communications.measure')),
                    ('units', models.ManyToManyField(related_name='+', to='organisation.unit')),
                    ('files', models.ManyToManyField(related_name='versions', to='communications.directivefile')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('cites', ''), _negated=True), fields=['cites'], name='directive_cites')],
                    'constraints': [models.UniqueConstraint(fields=('directive', 'number'), name='a_version_of_a_directive_is_issued_once'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledge_by', None), ('acknowledgement', '')), models.Q(models.Q(('acknowledgement', ''), _negated=True), ('acknowledge_by__isnull', False)), _connector='OR'), name='an_acknowledgement_has_its_hour')],
                },
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
                name='Acknowledgement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='communications.directiveversion')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('way', models.CharField(choices=[('', 'nobody'), ('read', 'each unit, by its head or safety officer'), ('sign', 'each unit, with a signature: typed name and password or passkey')], max_length=4)),
                    ('proof', models.CharField(default='', max_length=20)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'unit'), name='a_unit_acknowledges_a_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Confirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('number', models.PositiveIntegerField()),
                    ('text', models.TextField(default='', max_length=4000)),
                    ('at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('duty_id', 'number'), name='confirmed_in_order')],
                },
            ),
            migrations.CreateModel(
                name='ConfirmationFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('confirmation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='communications.confirmation')),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=100)),
                    ('kept_as', models.CharField(max_length=32)),
                    ('sha256', models.CharField(max_length=64)),
                ],
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
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='organisation.unit')),
                    ('title_en', models.CharField(max_length=120)),
                    ('title_zh', models.CharField(max_length=120)),
                    ('text_en', models.TextField(max_length=4000)),
                    ('text_zh', models.TextField(max_length=4000)),
                    ('about_kind', models.CharField(default='', max_length=40)),
                    ('about_id', models.CharField(default='', max_length=200)),
                    ('address', models.CharField(default='', max_length=400)),
                    ('sent_at', models.DateTimeField()),
                    ('sent_by', models.CharField(max_length=200)),
                    ('news', models.CharField(choices=[('notice', 'notices of my units'), ('reminder', 'reminders of reports and confirmations'), ('duty', 'duties and directives'), ('urgent', 'urgent: what is overdue, refused or has failed')], default='notice', max_length=10)),
                    ('audience', models.CharField(choices=[('people', 'the people of a list'), ('everybody', 'everybody in the unit and below it'), ('officers', 'its heads and safety officers, and those below it'), ('posts', 'whoever holds a post in the unit or below it')], default='people', max_length=10)),
                    ('post_title', models.CharField(default='', max_length=60)),
                    ('valid_until', models.DateTimeField(null=True)),
                    ('confirm_by', models.DateTimeField(null=True)),
                    ('remind_every_h', models.PositiveSmallIntegerField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['about_kind', 'about_id', 'sent_at'], name='notice_about'), models.Index(condition=models.Q(('valid_until__isnull', False)), fields=['valid_until'], name='notice_in_force'), models.Index(condition=models.Q(('remind_every_h__isnull', False)), fields=['confirm_by'], name='notice_reminds')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('address', ''), ('address__regex', '^/([^/]|$)'), _connector='OR'), name='notice_leads_inside'), models.CheckConstraint(condition=models.Q(('remind_every_h', None), ('confirm_by__isnull', False), _connector='OR'), name='reminders_have_an_end')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('pk', models.CompositePrimaryKey('person_id', 'notice_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='organisation.person')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='communications.notice')),
                    ('told_at', models.DateTimeField()),
                    ('reminded_at', models.DateTimeField(null=True)),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('opened_by', models.CharField(default='', max_length=10)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('confirmed_by', models.CharField(default='', max_length=10)),
                ],
            ),
            migrations.CreateModel(
                name='Round',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='communications.notice')),
                    ('kind', models.CharField(choices=[('first', 'sent'), ('joined', 'sent to who joined'), ('again', 'sent again'), ('reminder', 'reminded by itself')], max_length=10)),
                    ('asked_at', models.DateTimeField()),
                    ('asked_by', models.CharField(max_length=200)),
                    ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('people', models.PositiveIntegerField()),
                    ('people_done', models.PositiveIntegerField(default=0)),
                    ('goes_outside', models.BooleanField(help_text='by e-mail too, where people want it')),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Sending',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='communications.address')),
                    ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='communications.round')),
                    ('purpose', models.CharField(choices=[('notice', 'Notice'), ('test', 'Test'), ('confirmation', 'Confirmation')], default='notice', max_length=12)),
                    ('channel', models.CharField(choices=[('email', 'e-mail'), ('wecom', 'WeCom group robot'), ('dingtalk', 'DingTalk group robot'), ('feishu', 'Feishu group robot'), ('webhook', 'webhook')], max_length=10)),
                    ('state', models.CharField(choices=[('queued', 'waits'), ('sent', 'sent'), ('failed', 'failed'), ('withdrawn', 'withdrawn: the address was removed')], default='queued', max_length=10)),
                    ('queued_at', models.DateTimeField()),
                    ('next_try_at', models.DateTimeField()),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('error', models.CharField(default='', max_length=300)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('message_id', models.CharField(default='', max_length=32)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['channel', 'next_try_at'], name='sending_due')],
                    'constraints': [models.UniqueConstraint(fields=('round', 'address'), name='a_round_goes_to_an_address_once')],
                },
            ),
            migrations.CreateModel(
                name='LineList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account_id', models.BigIntegerField()),
                    ('title', models.CharField(max_length=200)),
                    ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('made_at', models.DateTimeField()),
                ],
            ),
        ]),
    ]
