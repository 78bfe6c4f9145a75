# When a wave was planned and when a body left it, for what was open at a moment that is past.

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0049_partner_team'),
    ]

    operations = [
        migrations.AddField(
            model_name='waverow',
            name='made_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='wavebody',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='wavebody',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='storage.organisation'),
        ),
        migrations.AddConstraint(
            model_name='wavebody',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('organisation',), name='wave_body_in_one_wave'),
        ),
    ]
