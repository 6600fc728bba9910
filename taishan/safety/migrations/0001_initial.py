import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0010_withdrawal'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LiftingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('evidence', models.TextField(max_length=4000)),
                ('asked_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LiftingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_as', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=80)),
                ('size_bytes', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='safety.liftingrequest')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LiftingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_lifted', models.BooleanField()),
                ('reason', models.TextField(max_length=4000)),
                ('answered_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='safety.liftingrequest')),
            ],
        ),
        migrations.CreateModel(
            name='StopWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('with_below', models.BooleanField(help_text='it holds for all units below it too')),
                ('ground', models.TextField(max_length=2000)),
                ('place', models.CharField(default='', max_length=200)),
                ('shown_to', models.CharField(choices=[('authority', 'whoever may lift it, and the discipline office'), ('everybody', 'everybody'), ('nobody', 'nobody: it is not even kept')], max_length=10)),
                ('stopped_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='organisation.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('shown_to', 'nobody'), _negated=True), ('by', None), _connector='OR'), name='a_name_for_nobody_is_not_kept')],
            },
        ),
        migrations.CreateModel(
            name='StopPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_as', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=80)),
                ('size_bytes', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('stop', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='photo', to='safety.stopwork')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='liftingrequest',
            name='stop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='safety.stopwork'),
        ),
        migrations.AddConstraint(
            model_name='liftingrequest',
            constraint=models.UniqueConstraint(fields=('stop', 'number'), name='a_lifting_is_asked_once'),
        ),
    ]
