# Room for what sealed involvements say, encrypted, and for the same of what stood before (ADR 28).
#
# Which images are a sealed row's is worked out here once, and kept up by the triggers of past.sql from then on; the worker
# encrypts all of them, some hundreds a transaction, while everybody works.

import django.db.models.deletion
from django.db import migrations, models

_IMAGES = """
    DROP TRIGGER IF EXISTS past_row_append_only ON past_row;
    UPDATE past_row p SET sealed = true FROM involvement i
    WHERE i.sealed AND p.tab = 'involvement' AND p.row_key = i.id::text;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0062_wards'),
    ]

    operations = [
        migrations.AddField(
            model_name='involvementrow',
            name='organisation_tag',
            field=models.CharField(max_length=24, null=True),
        ),
        migrations.AddField(
            model_name='involvementrow',
            name='sealed_said',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='involvementrow',
            name='sealed_with',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='pastrow',
            name='sealed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='pastrow',
            name='sealed_with',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.RunSQL(_IMAGES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='involvementrow',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='storage.organisation'),
        ),
        migrations.AddIndex(
            model_name='involvementrow',
            index=models.Index(condition=models.Q(('sealed', True), ('sealed_with__isnull', True)), fields=['id'], name='involvement_to_seal'),
        ),
        migrations.AddIndex(
            model_name='involvementrow',
            index=models.Index(condition=models.Q(('sealed', False), ('sealed_said__isnull', False)), fields=['id'], name='involvement_to_open'),
        ),
        migrations.AddIndex(
            model_name='involvementrow',
            index=models.Index(condition=models.Q(('sealed_with__isnull', False)), fields=['sealed_with'], name='involvement_sealed_with'),
        ),
        migrations.AddIndex(
            model_name='pastrow',
            index=models.Index(condition=models.Q(('sealed', True), ('sealed_with__isnull', True)), fields=['id'], name='past_row_to_seal'),
        ),
        migrations.AddIndex(
            model_name='pastrow',
            index=models.Index(condition=models.Q(('sealed', False), ('sealed_with__isnull', False)), fields=['id'], name='past_row_to_open'),
        ),
        migrations.AddIndex(
            model_name='pastrow',
            index=models.Index(condition=models.Q(('sealed_with__isnull', False)), fields=['sealed_with'], name='past_row_sealed_with'),
        ),
        migrations.AddConstraint(
            model_name='involvementrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('sealed_said__isnull', True)), models.Q(('organisation__isnull', True), ('sealed_said__isnull', False)), _connector='OR'), name='involvement_says_whose'),
        ),
    ]
