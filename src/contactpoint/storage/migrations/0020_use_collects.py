from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0019_password_given'),
    ]

    operations = [
        migrations.AddField(
            model_name='useitem',
            name='last_day',
            field=models.DateField(null=True),
        ),
    ]
