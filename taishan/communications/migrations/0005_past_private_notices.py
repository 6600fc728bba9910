"""What was told so far of accountability cases, and of answers to requests to lift a stop.

The latter was told to who stopped work too, whatever name they wanted to be shown.
"""

from django.db import migrations

MARK = """
UPDATE communications_notice SET is_private = true
WHERE about_kind = 'case'
   OR about_kind = 'stop_work' AND about_id ~ '^[0-9]+:(lifted|refused)'
"""


class Migration(migrations.Migration):
    dependencies = [("communications", "0004_private_notices")]
    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
