import django.db.models.deletion
from django.db import migrations, models

# What stood before this release, as far as it is known. The audit holds what each correction changed; who led before
# somebody else did is told from this release on.
CARRY_OVER = """
    WITH corrected AS (
        SELECT (said->'details'->>'involvement')::bigint AS involvement_id, b.occurred_at AS at,
            said->'details'->'before' AS before
        FROM audit_body b CROSS JOIN LATERAL (SELECT convert_from(b.body, 'UTF8')::jsonb AS said) AS event
        WHERE b.action = 'corrected_involvement' AND b.outcome = 'allowed'
    ), stood AS (
        SELECT i.id, c.before->>'role' AS practitioner_role, c.before->>'phone' AS contact_phone,
            (c.before->>'start')::date AS start_date, (c.before->>'assessment')::boolean AS assessment,
            NULL::date AS end_date, c.at AS held_until
        FROM corrected c JOIN involvement i ON i.id = c.involvement_id AND i.typed_by_id IS NOT NULL
        UNION ALL
        SELECT id, practitioner_role, contact_phone, start_date, assessment, NULL, end_recorded_at
        FROM involvement WHERE typed_by_id IS NOT NULL AND end_recorded_at IS NOT NULL
        UNION ALL
        SELECT id, practitioner_role, contact_phone, start_date, assessment, end_date, NULL
        FROM involvement WHERE typed_by_id IS NOT NULL
    )
    INSERT INTO own_word_version (involvement_id, practitioner_role, contact_phone, contact_hours, contact_cover,
        start_date, end_date, lead_practitioner, lead_since, assessment, held_from, held_until)
    SELECT i.id, s.practitioner_role, s.contact_phone, i.contact_hours, i.contact_cover, s.start_date, s.end_date,
        i.lead_practitioner, i.lead_since, s.assessment,
        coalesce(lag(s.held_until) OVER in_order, i.recorded_at), s.held_until
    FROM stood s JOIN involvement i USING (id)
    WINDOW in_order AS (PARTITION BY i.id ORDER BY s.held_until NULLS LAST)
    ORDER BY i.id, s.held_until NULLS LAST
"""


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0008_references'),
    ]

    operations = [
        migrations.AddField(
            model_name='involvementrow',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='OwnWordVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('practitioner_role', models.CharField(blank=True, max_length=120)),
                ('contact_phone', models.CharField(blank=True, max_length=24)),
                ('contact_hours', models.CharField(blank=True, max_length=80)),
                ('contact_cover', models.CharField(blank=True, max_length=160)),
                ('start_date', models.DateField(null=True)),
                ('end_date', models.DateField(null=True)),
                ('lead_practitioner', models.BooleanField()),
                ('lead_since', models.DateField(null=True)),
                ('assessment', models.BooleanField()),
                ('held_from', models.DateTimeField()),
                ('held_until', models.DateTimeField(null=True)),
                ('involvement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='storage.involvementrow')),
            ],
            options={
                'db_table': 'own_word_version',
                'constraints': [models.UniqueConstraint(condition=models.Q(('held_until__isnull', True)), fields=('involvement',), name='own_word_version_one_current'), models.CheckConstraint(condition=models.Q(('held_until__isnull', True), ('held_until__gte', models.F('held_from')), _connector='OR'), name='own_word_version_forward')],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop, elidable=True),
    ]
