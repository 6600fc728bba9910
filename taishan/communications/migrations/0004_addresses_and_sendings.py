import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communications', '0003_what_a_notice_asks_and_comes_to'),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end')],
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
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='audience',
            field=models.CharField(choices=[('people', 'the people of a list'), ('everybody', 'everybody in the unit and below it'), ('officers', 'its heads and safety officers, and those below it'), ('posts', 'whoever holds a post in the unit or below it')], default='people', max_length=10),
        ),
        migrations.AddField(
            model_name='notice',
            name='confirm_by',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notice',
            name='news',
            field=models.CharField(choices=[('notice', 'notices of my units'), ('reminder', 'reminders of reports and confirmations'), ('duty', 'duties and directives'), ('urgent', 'urgent: what is overdue, refused or has failed')], default='notice', max_length=10),
        ),
        migrations.AddField(
            model_name='notice',
            name='post_title',
            field=models.CharField(default='', max_length=60),
        ),
        migrations.AddField(
            model_name='notice',
            name='remind_every_h',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='notice',
            name='valid_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('valid_until__isnull', False)), fields=['valid_until'], name='notice_in_force'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('remind_every_h__isnull', False)), fields=['confirm_by'], name='notice_reminds'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('remind_every_h', None), ('confirm_by__isnull', False), _connector='OR'), name='reminders_have_an_end'),
        ),
        migrations.AddField(
            model_name='address',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='organisation.person'),
        ),
        migrations.AddField(
            model_name='address',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='organisation.unit'),
        ),
        migrations.AddField(
            model_name='round',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='communications.notice'),
        ),
        migrations.AddField(
            model_name='sending',
            name='address',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='communications.address'),
        ),
        migrations.AddField(
            model_name='sending',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='communications.round'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), ('person__isnull', False), ('unit', None)), models.Q(models.Q(('channel', 'email'), _negated=True), ('person', None), ('unit__isnull', False)), _connector='OR'), name='letters_go_to_people_robots_and_webhooks_to_units'),
        ),
        migrations.AddConstraint(
            model_name='sending',
            constraint=models.UniqueConstraint(fields=('round', 'address'), name='a_round_goes_to_an_address_once'),
        ),
    ]
