"""A waiver after the days of grace undoes no case: escalation looks at what was waived, too."""

import taishan.core.duties
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0003_done_by'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='duty',
            name='duty_escalates',
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('escalates_at__isnull', False), models.Q(('ended', None), ('ended__in', [taishan.core.duties.State['LATE'], taishan.core.duties.State['MISSED'], taishan.core.duties.State['WAIVED']]), _connector='OR')), fields=['escalates_at'], name='duty_escalates'),
        ),
    ]
