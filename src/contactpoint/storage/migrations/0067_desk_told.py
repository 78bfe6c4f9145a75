# When a desk was told by e-mail that something waits for it.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0066_keys_of_audit'),
    ]

    operations = [
        # They name every column of the table; laid again with the guards, after this.
        migrations.RunSQL(
            'DROP VIEW IF EXISTS desk_waiting, contact_request_now CASCADE',
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.AddField(
            model_name='contactrequest',
            name='desk_told_at',
            field=models.DateTimeField(null=True),
        ),
    ]
