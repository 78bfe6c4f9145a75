"""What must hold whatever was killed."""

from typing import Final

import psycopg

from tests.harness.feeds import CHANGING

# Each finds rows that must not be there.
NEVER: Final = {
    "a record with two current versions, or none while it is listed": """
        SELECT r.id FROM source_record r LEFT JOIN record_version v ON v.record_id = r.id
        AND v.superseded_at IS NULL
        WHERE r.source_id <> 'practitioners' GROUP BY r.id, r.withdrawn_at
        HAVING count(v.id) <> (CASE WHEN r.withdrawn_at IS NULL THEN 1 ELSE 0 END)""",
    "a record whose newest link is to another child": """
        SELECT r.id FROM source_record r WHERE r.source_id <> 'practitioners'
        AND r.child_id IS DISTINCT FROM (
            SELECT l.child_id FROM link l WHERE l.record_id = r.id ORDER BY l.id DESC LIMIT 1)""",
    "a record linked twice to one child": """
        SELECT record_id FROM link GROUP BY record_id, child_id HAVING count(*) > 1""",
    "a record that cannot be matched": """
        SELECT r.id FROM source_record r LEFT JOIN match_identity m ON m.record_id = r.id
        WHERE r.source_id <> 'practitioners' AND (m.record_id IS NULL OR m.child_id IS DISTINCT
        FROM r.child_id)""",
    "a matching row whose facts are not those of the newest version": """
        SELECT m.record_id FROM match_identity m JOIN record_version v ON v.record_id = m.record_id
            AND v.superseded_at IS NULL
        WHERE v.sealed_with IS NULL AND m.facts IS DISTINCT FROM v.facts - 'involvements'""",
    "a version encrypted and its matching row not, or the other way": """
        SELECT m.record_id FROM match_identity m JOIN record_version v ON v.record_id = m.record_id
            AND v.superseded_at IS NULL WHERE v.sealed_with IS DISTINCT FROM m.sealed_with""",
    "a child that cannot be found": """
        SELECT c.number FROM child c LEFT JOIN search_identity s ON s.child_id = c.number
        WHERE c.retired_into_id IS NULL AND s.id IS NULL""",
    "a child of nobody": """
        SELECT c.number FROM child c LEFT JOIN source_record r ON r.child_id = c.number WHERE r.id IS NULL""",
    "a file taken in twice": """
        SELECT sha256 FROM delivery WHERE state <> 'replaced' GROUP BY source_id, as_at, kind, sha256
        HAVING count(*) > 1""",
    "two files of one source waiting": """
        SELECT source_id FROM delivery WHERE state IN ('staged', 'linked', 'held') GROUP BY source_id
        HAVING count(*) > 1""",
    "an involvement said twice": """
        SELECT r.child_id FROM involvement i JOIN source_record r ON r.id = i.record_id
        WHERE i.typed_by_id IS NOT NULL AND i.sealed_said IS NULL GROUP BY r.child_id, i.typed_by_id,
        i.contact_phone HAVING count(*) > 1""",
    "an involvement said and not audited, or audited and not there": """
        SELECT 1 WHERE (SELECT count(*) FROM involvement WHERE typed_by_id IS NOT NULL) <>
            (SELECT count(*) FROM audit_body WHERE action = 'recorded_involvement' AND outcome =
        'allowed')""",
    "somebody's own word whose current version says something else": """
        SELECT i.id FROM involvement i LEFT JOIN own_word_version w ON w.involvement_id = i.id
        AND w.held_until IS NULL WHERE i.typed_by_id IS NOT NULL
        AND (w.contact_phone, w.start_date, w.end_date, w.lead_practitioner) IS DISTINCT FROM
            (i.contact_phone, i.start_date, i.end_date, i.lead_practitioner)""",
    "an own word encrypted and a version of it not, or the other way": """
        SELECT i.id FROM involvement i JOIN own_word_version w ON w.involvement_id = i.id
        WHERE (i.sealed_said IS NULL) <> (w.sealed_said IS NULL)""",
    "an image of an involvement sealed and its row not, or the other way": """
        SELECT p.id FROM past_row p JOIN involvement i ON i.id::text = p.row_key
        WHERE p.tab = 'involvement' AND p.sealed IS DISTINCT FROM i.sealed""",
    "an event without its body, or a body without its event": """
        SELECT coalesce(e.id, b.event_id) FROM audit_event e FULL JOIN audit_body b ON b.event_id = e.id
        WHERE e.id IS NULL OR b.event_id IS NULL""",
    "an event neither sealed nor waiting to be": """
        SELECT e.id FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id
        LEFT JOIN audit_pending p ON p.event_id = e.id WHERE (l.event_id IS NULL) = (p.event_id IS NULL)""",
}
# One statement, so one moment: what each changing source says of itself, wherever it is kept.
GENERATIONS: Final = """
    SELECT source_id, array_agg(DISTINCT coalesce(substring(said FROM '[0-9]+$'), 'first')) FROM (
        SELECT r.source_id, substring(v.facts->>'address' FROM '^Harness Road [0-9]+$') AS said
        FROM record_version v JOIN source_record r ON r.id = v.record_id
        WHERE v.superseded_at IS NULL AND v.sealed_with IS NULL
        UNION ALL
        SELECT r.source_id, substring(v.facts->'involvements'->0->>'contact_hours' FROM '^Generation [0-9]+$')
        FROM record_version v JOIN source_record r ON r.id = v.record_id
        WHERE v.superseded_at IS NULL AND v.sealed_with IS NULL
        UNION ALL
        SELECT r.source_id, substring(i.contact_hours FROM '^Generation [0-9]+$')
        FROM involvement i JOIN source_record r ON r.id = i.record_id
        WHERE i.sealed_said IS NULL) AS everything
    WHERE source_id = ANY(%s) GROUP BY 1
"""
# Nothing in a picture depends on when, or on numbers that were drawn.
PICTURE: Final = {
    "records": """
        SELECT r.source_id, r.local_id, r.withdrawn_at IS NULL, r.sealed, encode(v.fingerprint, 'hex'),
        CASE WHEN v.sealed_with IS NULL THEN v.facts::text END,
            (SELECT count(*) FROM record_version o WHERE o.record_id = r.id),
            (SELECT count(*) FROM link l WHERE l.record_id = r.id)
        FROM source_record r LEFT JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
        WHERE r.source_id <> 'practitioners' ORDER BY 1, 2""",
    "children": """
        SELECT array_agg(r.source_id || ' ' || r.local_id ORDER BY r.source_id, r.local_id),
        bool_or(c.shielded)
        FROM source_record r LEFT JOIN child c ON c.number = r.child_id WHERE r.source_id <> 'practitioners'
        GROUP BY r.child_id ORDER BY 1""",
    "involvements": """
        SELECT r.source_id, r.local_id, CASE WHEN i.sealed_said IS NULL THEN i.involvement_id END, i.service,
            i.organisation_id, i.contact_hours,
            i.start_date, i.end_date, i.lead_practitioner
        FROM involvement i JOIN source_record r
        ON r.id = i.record_id WHERE i.typed_by_id IS NULL ORDER BY 1, 2, 3""",
    "deliveries": """
        SELECT source_id, as_at, kind, sha256, state, rows_read, rows_accepted, rows_rejected, rows_changed
        FROM delivery ORDER BY source_id, id""",
    "rejections": """
        SELECT d.source_id, d.sha256, j.line, j.field, j.reason FROM rejection j JOIN delivery d
        ON d.id = j.delivery_id
        ORDER BY 1, 2, 3, 4""",
    "what is searched": """
        SELECT forename, surname, known_as, dob_text, sex, postcode, count(*) FROM search_identity
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6""",
    "keys": "SELECT kind, count(*) FROM search_key GROUP BY 1 ORDER BY 1",
    "cases": """
        SELECT least(a.local_id, b.local_id), greatest(a.local_id, b.local_id), c.kind FROM review_case c
        JOIN source_record a ON a.id = c.record_a_id JOIN source_record b
        ON b.id = c.record_b_id ORDER BY 1, 2""",
    "left over": """
        SELECT (SELECT count(*) FROM staged_record), (SELECT count(*) FROM staged_link),
            (SELECT count(*) FROM staged_review)""",
}


def faults(connection: psycopg.Connection) -> list[str]:
    """What is there that must never be."""
    return [what for what, query in NEVER.items() if connection.execute(query).fetchone() is not None]


def generations(connection: psycopg.Connection) -> dict[str, set[str]]:
    """The generations of each changing source that a reader sees at one moment; two are a mixture."""
    found = connection.execute(GENERATIONS, [list(CHANGING)]).fetchall()
    return {source: set(numbers) for source, numbers in found}


def picture(connection: psycopg.Connection) -> dict[str, list[tuple]]:
    """Everything that was taken in, without the times and numbers that differ from run to run."""
    return {what: connection.execute(query).fetchall() for what, query in PICTURE.items()}
