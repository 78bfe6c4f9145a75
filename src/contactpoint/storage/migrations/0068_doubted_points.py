# When somebody rang the number of a contact point and found it wrong.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0067_desk_told'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicepoint',
            name='doubted_on',
            field=models.DateField(null=True),
        ),
    ]
