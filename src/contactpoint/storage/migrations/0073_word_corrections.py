from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0072_partner_count'),
    ]

    operations = [
        # It has every column of the table, in their order; laid again with the guards, after this.
        migrations.RunSQL('DROP VIEW IF EXISTS correction_unsealed CASCADE', migrations.RunSQL.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='correction',
            name='correction_answer_known',
        ),
        migrations.AddField(
            model_name='correction',
            name='because',
            field=models.CharField(blank=True, db_default='', max_length=12),
        ),
        migrations.AddField(
            model_name='correction',
            name='passed_to',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answer__in', ['stands', 'agreed', 'corrected']), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='correction_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('passed_to__in', ['', 'colleague', 'team'])), name='correction_passed_on_known'),
        ),
    ]
