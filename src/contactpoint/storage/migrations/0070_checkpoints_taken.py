from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0069_team_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='audithandover',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
    ]
