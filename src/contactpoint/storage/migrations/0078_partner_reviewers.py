from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0077_wave_bodies_since'),
    ]

    operations = [
        migrations.AlterField(
            model_name='useitem',
            name='reviewed_by',
            field=models.CharField(blank=True, max_length=35),
        ),
        migrations.AlterField(
            model_name='usesignoff',
            name='reviewed_by',
            field=models.CharField(blank=True, max_length=35),
        ),
    ]
