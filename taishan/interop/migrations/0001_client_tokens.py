import django.db.models.deletion
from django.conf import settings
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
                name='ClientToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='client_tokens', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=60)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                ],
            ),
        ]),
    ]
