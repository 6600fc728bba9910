import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import taishan.kit.ltree
from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Place',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True)),
                    ('local_code', models.CharField(blank=True, db_index=True, max_length=12)),
                    ('name_en', models.CharField(max_length=200)),
                    ('name_zh', models.CharField(max_length=200)),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organisation.place')),
                    ('time_zone', models.CharField(blank=True, max_length=60)),
                ],
            ),
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True)),
                ],
            ),
            migrations.CreateModel(
                name='UnitVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='organisation.unit')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organisation.unit')),
                    ('path', taishan.kit.ltree.PathField(help_text='unit ids, root first', max_length=4000)),
                    ('name_en', models.CharField(max_length=200)),
                    ('name_zh', models.CharField(max_length=200)),
                    ('sort_zh', models.CharField(max_length=400)),
                    ('kind', models.CharField(choices=[('headquarters', 'headquarters'), ('company', 'company'), ('institute', 'institute'), ('site', 'project site'), ('office', 'office')], max_length=20)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisation.place')),
                    ('time_zone', models.CharField(max_length=60)),
                    ('kinds_of_work', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                    ('head_count', models.PositiveIntegerField(null=True)),
                    ('floor_area_m2', models.FloatField(null=True)),
                    ('facilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['path'], name='unit_version_path')],
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('valid', '&&')], name='a_unit_is_one_thing_on_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('staff_no', models.CharField(max_length=40, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('sort_name', models.CharField(max_length=400)),
                ],
            ),
            migrations.CreateModel(
                name='RoleGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='organisation.person')),
                    ('role', models.CharField(choices=[('duty_office', 'Duty office'), ('unit_head', 'Unit head'), ('safety_officer', 'Safety officer'), ('inspector', 'Inspector'), ('discipline_office', 'Discipline office'), ('employee', 'Employee')], max_length=20)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisation.unit')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('role', '='), ('unit', '='), ('valid', '&&')], name='a_role_is_granted_once_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                    ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='organisation.person')),
                    ('language', models.CharField(default='', help_text='chosen last while signed in; letters are written in it', max_length=10)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'abstract': False,
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='Withdrawal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(db_index=True)),
                ],
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('given_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisation.person')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisation.unit')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('valid', '&&')], name='a_person_is_in_one_unit_on_a_day')],
                },
            ),
            migrations.CreateModel(
                name='HeadcountChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('day', models.DateField()),
                    ('change', models.IntegerField()),
                    ('span', models.SmallIntegerField(choices=[(0, 'Day'), (1, 'Month'), (2, 'Year'), (3, 'All')])),
                ],
                options={
                    'indexes': [models.Index(fields=['span', 'day', 'unit'], include=('change',), name='headcount_of_a_span')],
                },
            ),
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='organisation.unit')),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('kind', models.CharField(blank=True, choices=[('unit_head', 'head of the unit, first responsible'), ('party_secretary', 'party secretary'), ('director', 'director or general manager'), ('deputy', 'deputy in charge of a line'), ('safety_director', 'safety director'), ('safety_officer', 'safety officer'), ('workshop_head', 'head of a workshop or project'), ('team_leader', 'team leader')], default='', max_length=20)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
            ),
            migrations.CreateModel(
                name='PostHolding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='organisation.post')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='organisation.person')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('post', '='), ('valid', '&&')], name='a_post_has_one_holder_on_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='organisation.unit')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='organisation.person')),
                    ('role', models.CharField(choices=[('lead', 'lead'), ('deputy', 'deputy'), ('member', 'member')], max_length=10)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('person', '='), ('valid', '&&')], name='a_person_has_one_seat_in_a_group'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('role', 'lead')), expressions=[('unit', '='), ('valid', '&&')], name='a_group_has_one_lead_on_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('former', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='organisation.unit')),
                    ('later', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='organisation.unit')),
                    ('on', models.DateField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('former', 'later'), name='a_unit_takes_over_from_another_once')],
                },
            ),
            migrations.CreateModel(
                name='ImportRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.CharField(max_length=120)),
                    ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                    ('on', models.DateField()),
                    ('mode', models.CharField(max_length=20)),
                    ('language', models.CharField(max_length=10)),
                    ('content', models.BinaryField()),
                    ('rows_done', models.PositiveIntegerField(default=0)),
                    ('rows_total', models.PositiveIntegerField(default=0, help_text='0 until the file was read')),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('outcome', models.JSONField(null=True)),
                    ('refusal', models.TextField(default='')),
                ],
            ),
        ]),
    ]
