from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0070_bodies_one_by_one'),
    ]

    operations = [
        migrations.AddField(
            model_name='audithandover',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
    ]
