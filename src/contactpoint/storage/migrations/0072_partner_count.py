import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0071_checkpoints_taken'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('figures', models.JSONField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='storage.organisation')),
            ],
            options={
                'db_table': 'partner_count',
                'constraints': [models.UniqueConstraint(fields=('month', 'organisation'), name='partner_count_once')],
            },
        ),
    ]
