# Role and telephone in what practitioners said before are encrypted with their rows (ADR 28): those that are encrypted already
# are done anew by the worker.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0063_sealed_involvements'),
    ]

    operations = [
        migrations.AddField(
            model_name='ownwordversion',
            name='sealed_said',
            field=models.TextField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE involvement SET sealed_with = NULL WHERE sealed_said IS NOT NULL AND typed_by_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
