# The audit is written with every key that is in force from now on: its line is asked for as long as the database lives.

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0065_audit_texts'),
    ]

    operations = [
        migrations.RunSQL('UPDATE seal_key SET in_audit = true WHERE retired_at IS NULL', migrations.RunSQL.noop),
    ]
