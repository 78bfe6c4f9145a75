"""Since when a body is in its wave, and by which split or merger of authorities it came in (ADR 33)."""

import django.db.models.deletion
from django.db import migrations, models

SINCE = "UPDATE wave_body b SET since = w.made_at FROM wave w WHERE w.id = b.wave_id"


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0076_pairing_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='wavebody',
            name='since',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='wavebody',
            name='since',
            field=models.DateTimeField(),
        ),
        migrations.AddField(
            model_name='wavebody',
            name='change',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='storage.authoritychange'),
        ),
    ]
