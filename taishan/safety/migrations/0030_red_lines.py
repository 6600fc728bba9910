import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0013_language_of_an_account'),
        ('safety', '0022_inspections_by_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='RedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('what_en', models.CharField(max_length=300)),
                ('what_zh', models.CharField(max_length=300)),
                ('basis', models.CharField(choices=[('law', 'public law'), ('standard', 'published standard'), ('group', "the group's own rule")], max_length=10)),
                ('source_en', models.TextField()),
                ('source_zh', models.TextField()),
                ('source_url', models.CharField(max_length=400)),
                ('unit_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('headquarters', 'headquarters'), ('company', 'company'), ('institute', 'institute'), ('site', 'project site'), ('office', 'office')], max_length=20), size=None)),
                ('kinds_of_work', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ORD', 'ordinary work'), ('UTIL', 'water, power, gas, heat, telecoms'), ('TRANSIT', 'public transport'), ('ENV', 'environmental protection'), ('MUNI', 'municipal services and sanitation'), ('EPI', 'epidemic control supplies'), ('LIFE', 'daily necessities'), ('MARKET', 'farm-produce markets'), ('LOGI', 'logistics and delivery'), ('PROP', 'property management'), ('KEYPROJ', 'key projects'), ('NATECON', 'vital to the national economy'), ('HKMO', 'supply of Hong Kong and Macao'), ('URGENT', 'urgent work')], max_length=20), size=None)),
                ('lifted_by', models.CharField(choices=[('unit_above', 'the unit above'), ('headquarters', 'headquarters'), ('unit', 'a named unit'), ('post', 'a named post')], max_length=20)),
                ('from_library', models.CharField(max_length=60)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('recorded_at', models.DateTimeField()),
                ('lifter_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                ('lifter_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='red_lines', to='organisation.unit')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('code', '='), ('valid', '&&')], name='a_red_line_is_one_thing_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', 'unit'), ('lifter_unit__isnull', False)), models.Q(models.Q(('lifted_by', 'unit'), _negated=True), ('lifter_unit', None)), _connector='OR'), name='a_red_line_names_its_unit'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', 'post'), ('lifter_post__isnull', False)), models.Q(models.Q(('lifted_by', 'post'), _negated=True), ('lifter_post', None)), _connector='OR'), name='a_red_line_names_its_post')],
            },
        ),
        migrations.AddField(
            model_name='stopwork',
            name='red_line',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='safety.redline'),
        ),
    ]
