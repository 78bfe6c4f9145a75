-- Records to check (R20-R22): pages come by review cases through these functions alone, and the worker carries out what
-- was decided. A case that touches a shielded child, a row in quarantine or a source that consent keeps back is nowhere
-- in them: not in a list, not in a count, not by its number.

-- May a page show what this record says of a child? Written as in statements_shown, of which it is one row.
CREATE OR REPLACE FUNCTION record_speaks(which bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM source_record r JOIN source s ON s.code = r.source_id JOIN child c ON c.number = r.child_id
    WHERE r.id = which AND NOT r.sealed AND NOT c.shielded AND r.withdrawn_at IS NULL
      AND (holds_nearly_every_child(s.contract) OR EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed
          AND consent_shows(i))))
$$;

-- An authority's are those that it is responsible for: until a move is accepted, the old one is (moves.sql, R59).
CREATE OR REPLACE FUNCTION is_in_area(whose text, at_authority text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM search_identity i LEFT JOIN authority_move m ON m.child_id = i.child_id AND m.closed_at IS NULL
    WHERE i.child_id = whose AND coalesce(nullif(m.from_authority, ''), i.la) = at_authority AND i.la <> '')
    OR (at_authority = given_to(whose) AND NOT EXISTS (SELECT FROM search_identity i WHERE i.child_id = whose AND i.la <> ''))
$$;

-- Did a person say that these two children are two? True of the whole children, whichever records it was said of.
CREATE OR REPLACE FUNCTION are_kept_apart(one text, other text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM kept_apart k JOIN source_record a ON a.id = k.record_a_id JOIN source_record b ON b.id = k.record_b_id
    WHERE k.ended_at IS NULL AND ((a.child_id = one AND b.child_id = other) OR (a.child_id = other AND b.child_id = one)))
$$;

-- Whose cases somebody sees who has been written down, in this transaction, as looking: '' for all, else an authority's.
-- What touches a shielded child (`near`) is for the national shield desk alone, and nothing else is (R21, R34).
CREATE OR REPLACE FUNCTION cases_area(seeing uuid, near boolean) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE area text;
BEGIN
  SELECT CASE WHEN near AND w.organisation = 'contactpoint' THEN '' WHEN near THEN NULL WHEN w.role = 'national_team' THEN ''
      ELSE nullif(w.authority, '') END INTO area
    FROM acting(seeing, ARRAY['listed_cases', 'opened_case', 'decided_link', 'undid_decision', 'listed_today'],
      CASE WHEN near THEN ARRAY['shield_team'] ELSE ARRAY['authority_team', 'national_team'] END) w;
  IF area IS NULL THEN
    RAISE EXCEPTION 'whoever has been written down has no cases' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN area;
END $$;
DROP FUNCTION IF EXISTS sees_what_is_sealed(uuid) CASCADE;

-- Cases that still ask something: not answered, and still a question of two children or of one.
CREATE OR REPLACE VIEW case_waiting AS
  SELECT c.id, c.kind, c.record_a_id, c.record_b_id, a.child_id AS child_a, b.child_id AS child_b, c.weight, c.levels,
    c.opened_at,
    coalesce(ca.created_at >= c.opened_at, true) OR coalesce(cb.created_at >= c.opened_at, true) AS one_is_new,
    c.near_shield OR a.sealed OR b.sealed OR NOT record_speaks(a.id) OR NOT record_speaks(b.id) AS restricted,
    c.near_shield OR a.sealed OR b.sealed AS near
  FROM review_case c
  JOIN source_record a ON a.id = c.record_a_id LEFT JOIN child ca ON ca.number = a.child_id
  JOIN source_record b ON b.id = c.record_b_id LEFT JOIN child cb ON cb.number = b.child_id
  WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL
    AND (c.kind = 'possible_two_children') = coalesce(a.child_id = b.child_id, false)
    AND NOT EXISTS (
      SELECT FROM case_decision d
      WHERE d.record_a_id = c.record_a_id AND d.record_b_id = c.record_b_id AND d.what <> 'undo' AND d.undone_at IS NULL
        AND d.outcome = '' AND (d.what <> 'cannot_tell' OR d.levels = c.levels))
    AND NOT (a.child_id IS NOT NULL AND b.child_id IS NOT NULL AND are_kept_apart(a.child_id, b.child_id))
    -- Whoever said that a child's records are one child's is not asked again about the records there were then.
    AND NOT (c.kind = 'possible_two_children' AND EXISTS (
      SELECT FROM case_decision d JOIN source_record x ON x.id = d.record_a_id JOIN source_record y ON y.id = d.record_b_id
      WHERE d.what = 'same' AND d.undone_at IS NULL AND d.outcome = '' AND x.child_id = a.child_id
        AND y.child_id = a.child_id
        AND d.decided_at > ALL (SELECT min(l.decided_at) FROM link l WHERE l.record_id IN (a.id, b.id) GROUP BY l.record_id)));
REVOKE ALL ON case_waiting FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON case_waiting TO contactpoint_worker;

-- The cases of some kinds that whoever looks may see, riskiest kind first (`risks` is the kinds in that order), then the
-- oldest; with how many there are.
DROP FUNCTION IF EXISTS cases_to_check(text, boolean, text[], integer, integer, uuid, uuid);
CREATE OR REPLACE FUNCTION cases_to_check(seeing uuid, near boolean, risks text[], how_many integer, passed_over integer)
RETURNS TABLE (in_all bigint, case_id bigint, kind text, one_is_new boolean, record_a bigint, record_b bigint, child_a text,
  child_b text, weight double precision, levels bytea, opened_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  RETURN QUERY
    SELECT count(*) OVER (), w.id, w.kind::text, w.one_is_new, w.record_a_id, w.record_b_id, w.child_a::text,
      w.child_b::text, w.weight, w.levels, w.opened_at
    FROM case_waiting w
    CROSS JOIN LATERAL (SELECT array_position(risks, CASE WHEN w.kind <> 'possible_same_child' THEN w.kind::text
      WHEN w.one_is_new THEN 'unsure_pair' ELSE 'possible_merge' END) AS place) AS risk
    WHERE CASE WHEN cases_to_check.near THEN w.near ELSE NOT w.restricted END
      AND risk.place IS NOT NULL
      AND (area = '' OR is_in_area(w.child_a, area) OR is_in_area(w.child_b, area))
      AND coalesce(w.child_a <> ALL (kept), true) AND coalesce(w.child_b <> ALL (kept), true)
    ORDER BY risk.place, w.opened_at, w.weight DESC, w.id
    LIMIT greatest(0, least(how_many, 200)) OFFSET greatest(0, passed_over);
END $$;

-- The one that comes after one that was just decided: the first that is not that one, and on which whoever looks has not
-- said the first of two words. One after the other, in the order of the list: to ask of all of them takes long.
CREATE OR REPLACE FUNCTION case_after(which bigint, seeing uuid, near boolean, risks text[]) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing); one record;
  account uuid := (SELECT w.account FROM written_down(seeing) w);
BEGIN
  FOR one IN
    SELECT c.id, a.child_id AS child_a, b.child_id AS child_b FROM review_case c
    JOIN source_record a ON a.id = c.record_a_id LEFT JOIN child ca ON ca.number = a.child_id
    JOIN source_record b ON b.id = c.record_b_id LEFT JOIN child cb ON cb.number = b.child_id
    CROSS JOIN LATERAL (SELECT array_position(risks, CASE WHEN c.kind <> 'possible_same_child' THEN c.kind::text
      WHEN coalesce(ca.created_at >= c.opened_at, true) OR coalesce(cb.created_at >= c.opened_at, true) THEN 'unsure_pair'
      ELSE 'possible_merge' END) AS place) AS risk
    WHERE risk.place IS NOT NULL AND c.id <> which
      AND NOT EXISTS (SELECT FROM case_decision d WHERE d.record_a_id = c.record_a_id AND d.record_b_id = c.record_b_id
        AND d.what <> 'undo' AND d.undone_at IS NULL AND d.outcome = '' AND (d.what <> 'cannot_tell' OR d.levels = c.levels))
      AND NOT EXISTS (SELECT FROM case_word x WHERE x.record_a_id = c.record_a_id AND x.record_b_id = c.record_b_id
        AND x.levels = c.levels AND x.by_id = account)
    ORDER BY risk.place, c.opened_at, c.weight DESC, c.id
  LOOP
    CONTINUE WHEN area <> '' AND NOT (is_in_area(one.child_a, area) OR is_in_area(one.child_b, area));
    CONTINUE WHEN one.child_a = ANY (kept) OR one.child_b = ANY (kept);
    IF EXISTS (SELECT FROM case_waiting w
        WHERE w.id = one.id AND CASE WHEN case_after.near THEN w.near ELSE NOT w.restricted END) THEN
      RETURN one.id;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Whether another child lives there who was born on that day: the same birth date and postcode as either side of a case, as
-- everybody may find them. A child who is protected, or kept from whoever looks, never counts; nor does a place that is not
-- named, which no search row has.
CREATE OR REPLACE FUNCTION another_lives_there(which bigint, seeing uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE area text := cases_area(seeing, false); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  RETURN EXISTS (
    SELECT FROM case_waiting w
    JOIN search_identity mine ON mine.child_id IN (w.child_a, w.child_b) AND NOT mine.shielded AND mine.postcode <> ''
    JOIN search_identity o ON o.postcode = mine.postcode AND o.dob = mine.dob AND NOT o.shielded
    WHERE w.id = which AND NOT w.restricted AND (area = '' OR is_in_area(w.child_a, area) OR is_in_area(w.child_b, area))
      AND o.child_id IS DISTINCT FROM w.child_a AND o.child_id IS DISTINCT FROM w.child_b AND o.child_id <> ALL (kept));
END $$;

-- One of them, kept still until the transaction ends.
DROP FUNCTION IF EXISTS case_to_check(bigint, text, boolean, uuid, uuid);
CREATE OR REPLACE FUNCTION case_to_check(which bigint, seeing uuid, near boolean)
RETURNS TABLE (in_all bigint, case_id bigint, kind text, one_is_new boolean, record_a bigint, record_b bigint, child_a text,
  child_b text, weight double precision, levels bytea, opened_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  PERFORM FROM review_case c WHERE c.id = which FOR UPDATE;
  RETURN QUERY
    SELECT 1::bigint, w.id, w.kind::text, w.one_is_new, w.record_a_id, w.record_b_id, w.child_a::text, w.child_b::text,
      w.weight, w.levels, w.opened_at
    FROM case_waiting w
    WHERE w.id = which AND CASE WHEN case_to_check.near THEN w.near ELSE NOT w.restricted END
      AND (area = '' OR is_in_area(w.child_a, area) OR is_in_area(w.child_b, area))
      AND coalesce(w.child_a <> ALL (kept), true) AND coalesce(w.child_b <> ALL (kept), true);
END $$;

-- Writes down what somebody says of a case that waits for them; null if none does. What moves no record is done at once;
-- the rest the worker does. "Different" holds from this moment on.
DROP FUNCTION IF EXISTS decide_case(bigint, text, boolean, uuid, text, text, bigint[], uuid, text, text, timestamptz);
CREATE OR REPLACE FUNCTION decide_case(which bigint, seeing uuid, near boolean, verdict text, why text, leaving bigint[])
RETURNS TABLE (decision bigint, waits boolean) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE w record; asked record; made bigint; moves boolean; parted jsonb := to_jsonb(leaving);
BEGIN
  SELECT * INTO w FROM acting(seeing, ARRAY['decided_link'], ARRAY['authority_team', 'national_team', 'shield_team']);
  SELECT * INTO asked FROM case_to_check(which, seeing, near);
  IF asked.case_id IS NULL OR verdict NOT IN ('same', 'different', 'cannot_tell') THEN
    RETURN;
  END IF;
  moves := verdict = CASE asked.kind WHEN 'possible_two_children' THEN 'different' ELSE 'same' END;
  -- Where two people join and part, what the first says waits; another word takes its place (domain/setting_table.py).
  IF moves AND EXISTS (SELECT FROM settings_then(w.at) s WHERE s.key = 'match_by_two' AND s.value = 1)
      AND NOT EXISTS (SELECT FROM case_word c WHERE c.record_a_id = asked.record_a AND c.record_b_id = asked.record_b
        AND c.levels = asked.levels AND c.what = verdict AND c.parts = parted AND c.by_id <> w.account) THEN
    INSERT INTO case_word (record_a_id, record_b_id, levels, what, parts, by_id, said_at)
      VALUES (asked.record_a, asked.record_b, asked.levels, verdict, parted, w.account, w.at)
      ON CONFLICT (record_a_id, record_b_id) DO UPDATE SET levels = excluded.levels, what = excluded.what, parts = excluded.parts,
        by_id = excluded.by_id, said_at = excluded.said_at;
    RETURN QUERY SELECT NULL::bigint, false;
    RETURN;
  END IF;
  DELETE FROM case_word c WHERE c.record_a_id = asked.record_a AND c.record_b_id = asked.record_b;
  INSERT INTO case_decision (record_a_id, record_b_id, kind, weight, levels, what, because, parts, decided_by_id, decided_as,
    decided_for_id, decided_at, done_at, outcome)
  VALUES (asked.record_a, asked.record_b, CASE WHEN asked.kind <> 'possible_same_child' THEN asked.kind
      WHEN asked.one_is_new THEN 'unsure_pair' ELSE 'possible_merge' END,
    asked.weight, asked.levels, verdict, why, parted, w.account, w.role, w.organisation, w.at,
    CASE WHEN moves THEN NULL ELSE w.at END, '')
  RETURNING id INTO made;
  IF verdict = 'different' THEN
    INSERT INTO kept_apart AS k (record_a_id, record_b_id, said_at) VALUES (asked.record_a, asked.record_b, w.at)
      ON CONFLICT (record_a_id, record_b_id) DO UPDATE SET said_at = excluded.said_at, ended_at = NULL;
  END IF;
  RETURN QUERY SELECT made, moves;
END $$;

CREATE OR REPLACE FUNCTION near_one(one bigint, other bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM review_case c WHERE c.record_a_id = one AND c.record_b_id = other AND c.near_shield)
$$;

-- What was decided about records that one may see now, newest first.
DROP FUNCTION IF EXISTS cases_decided(text, boolean, uuid, integer, uuid);
CREATE OR REPLACE VIEW case_decided AS
  SELECT d.*, a.child_id AS child_a, b.child_id AS child_b, p.name AS by_name,
    EXISTS (SELECT FROM case_decision u WHERE u.undoes_id = d.id AND u.outcome = '') AS undoing,
    -- What came later about the same numbers is undone first.
    d.change_id IS NULL OR NOT EXISTS (
      SELECT FROM identity_change made JOIN identity_change later ON later.id > made.id AND later.undoes_id IS NULL
        AND (later.kept_id IN (made.kept_id, made.other_id) OR later.other_id IN (made.kept_id, made.other_id))
      WHERE made.id = d.change_id AND NOT EXISTS (SELECT FROM identity_change u WHERE u.undoes_id = later.id)
    ) AS newest,
    record_speaks(a.id) AND record_speaks(b.id) AND NOT near_one(d.record_a_id, d.record_b_id) AS open_to_all,
    a.sealed OR b.sealed OR near_one(d.record_a_id, d.record_b_id) AS near
  FROM case_decision d JOIN source_record a ON a.id = d.record_a_id JOIN source_record b ON b.id = d.record_b_id
  JOIN account p ON p.id = d.decided_by_id
  WHERE d.what <> 'undo';
REVOKE ALL ON case_decided FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- What came in since two numbers became one, and which of it goes back with the number that was joined, as undoing does it
-- (actions/link/undo.py): what was linked by a record that goes, goes. Since one became two: what came in for either, all of
-- which will be on the number that stays. A source that may not speak is not told of.
CREATE OR REPLACE FUNCTION came_since(which bigint, seeing uuid, near boolean)
RETURNS TABLE (source_name text, as_at date, number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing); it record; began bigint;
BEGIN
  SELECT x.id, x.kind, x.kept_id, x.other_id INTO it FROM case_decided d JOIN identity_change x ON x.id = d.change_id
    WHERE d.id = which AND x.kind IN ('merge', 'split') AND d.undone_at IS NULL
      AND CASE WHEN came_since.near THEN d.near ELSE d.open_to_all END
      AND (area = '' OR is_in_area(d.child_a, area) OR is_in_area(d.child_b, area))
      AND coalesce(d.child_a <> ALL (kept), true) AND coalesce(d.child_b <> ALL (kept), true);
  IF it.id IS NULL THEN
    RETURN;
  END IF;
  began := (SELECT min(c.id) FROM link c WHERE c.change_id = it.id);
  RETURN QUERY
    WITH RECURSIVE new (id, partner) AS (
      SELECT DISTINCT ON (r.id) r.id, l.partner FROM source_record r JOIN link l ON l.record_id = r.id
      WHERE (r.child_id = it.kept_id OR (it.kind = 'split' AND r.child_id = it.other_id))
        AND NOT EXISTS (SELECT FROM link o WHERE o.record_id = r.id AND o.id < began)
      ORDER BY r.id, l.change_id IS NOT NULL, l.id DESC),
    goes (id) AS (
      SELECT m.record_id FROM identity_move m WHERE m.change_id = it.id
      UNION SELECT n.id FROM new n JOIN goes g ON g.id = n.partner)
    SELECT s.name::text, coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)),
      CASE WHEN it.kind = 'merge' AND n.id IN (SELECT id FROM goes) THEN it.other_id ELSE it.kept_id END::text
    FROM new n JOIN source_record r ON r.id = n.id JOIN source s ON s.code = r.source_id
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    WHERE r.withdrawn_at IS NULL AND (came_since.near OR record_speaks(r.id))
    ORDER BY n.id LIMIT 50;
END $$;

CREATE OR REPLACE FUNCTION cases_decided(seeing uuid, near boolean, how_many integer)
RETURNS SETOF case_decided
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  RETURN QUERY SELECT * FROM case_decided d
    WHERE CASE WHEN cases_decided.near THEN d.near ELSE d.open_to_all END
      AND (area = '' OR is_in_area(d.child_a, area) OR is_in_area(d.child_b, area))
      AND coalesce(d.child_a <> ALL (kept), true) AND coalesce(d.child_b <> ALL (kept), true)
    ORDER BY d.id DESC LIMIT greatest(0, least(how_many, 200));
END $$;

-- Asks that a decision be undone; null if it cannot be now. What moved no record is undone at once.
DROP FUNCTION IF EXISTS undo_case_decision(bigint, text, boolean, uuid, text, uuid, text, text, timestamptz);
CREATE OR REPLACE FUNCTION undo_case_decision(which bigint, seeing uuid, near boolean, why text)
RETURNS TABLE (decision bigint, waits boolean) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE w record; was record; made bigint; area text := cases_area(seeing, near); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  SELECT * INTO w FROM acting(seeing, ARRAY['undid_decision'], ARRAY['authority_team', 'national_team', 'shield_team']);
  PERFORM FROM case_decision d WHERE d.id = which FOR UPDATE;
  SELECT * INTO was FROM case_decided d
    WHERE d.id = which AND d.done_at IS NOT NULL AND d.undone_at IS NULL AND d.outcome = '' AND NOT d.undoing AND d.newest
      AND CASE WHEN undo_case_decision.near THEN d.near ELSE d.open_to_all END
      AND (area = '' OR is_in_area(d.child_a, area) OR is_in_area(d.child_b, area))
      AND coalesce(d.child_a <> ALL (kept), true) AND coalesce(d.child_b <> ALL (kept), true);
  IF was.id IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO case_decision (record_a_id, record_b_id, kind, weight, levels, what, because, parts, decided_by_id, decided_as,
    decided_for_id, decided_at, undoes_id, done_at, outcome)
  VALUES (was.record_a_id, was.record_b_id, was.kind, was.weight, was.levels, 'undo', why, '[]', w.account, w.role,
    w.organisation, w.at, which, CASE WHEN was.change_id IS NULL THEN w.at END, '')
  RETURNING id INTO made;
  IF was.change_id IS NULL THEN
    UPDATE case_decision SET undone_at = w.at WHERE id = which;
    UPDATE kept_apart SET ended_at = w.at WHERE was.what = 'different' AND record_a_id = was.record_a_id
      AND record_b_id = was.record_b_id AND ended_at IS NULL;
  END IF;
  RETURN QUERY SELECT made, was.change_id IS NOT NULL;
END $$;

-- What sources say of one side of a case near a shield: of its child, or of the record alone while it waits in quarantine.
CREATE OR REPLACE FUNCTION sealed_side(which bigint, of_record bigint, seeing uuid)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_cases', 'opened_case', 'decided_link', 'undid_decision'], ARRAY['shield_team']);
  PERFORM cases_area(seeing, true);
  RETURN QUERY
    SELECT r.id, r.source_id, s.name, s.contract, s.authority, r.local_id,
      coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)), v.recorded_at, (v.facts - 'involvements')::text
    FROM case_waiting w JOIN source_record own ON own.id = of_record AND of_record IN (w.record_a_id, w.record_b_id)
    JOIN source_record r ON r.child_id = own.child_id OR (own.child_id IS NULL AND r.id = own.id)
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    JOIN source s ON s.code = r.source_id
    WHERE w.id = which AND w.near AND r.withdrawn_at IS NULL
      AND (holds_nearly_every_child(s.contract) OR EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id
          AND consent_shows(i)))
    ORDER BY r.id;
END $$;

-- When a part of a child's record was found to be about another child and taken out; nothing where it was a mistake, nor
-- where no source that may be named spoke for the part. For those who work with the child.
CREATE OR REPLACE FUNCTION records_parted(whose text, since timestamptz) RETURNS TABLE (made_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.made_at FROM identity_change x JOIN child c ON c.number = whose AND NOT c.shielded
  WHERE whose IN (x.kept_id, x.other_id) AND x.made_at > since
    AND ((x.kind = 'split' AND x.undoes_id IS NULL AND NOT was_undone(x.id)) OR (x.kind = 'merge' AND EXISTS (
      SELECT FROM identity_change was WHERE was.id = x.undoes_id AND was.made_at <= since)))
    AND EXISTS (
      SELECT FROM identity_move m JOIN source_record r ON r.id = m.record_id JOIN source s ON s.code = r.source_id
      WHERE m.change_id = x.id AND NOT r.sealed AND r.withdrawn_at IS NULL
        AND (holds_nearly_every_child(s.contract) OR EXISTS (
          SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed AND NOT is_sensitive(i.service)
            AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL))))
  ORDER BY x.made_at, x.id
$$;
DROP FUNCTION IF EXISTS identity_news(text, timestamptz);

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'cases_to_check(uuid, boolean, text[], integer, integer)', 'case_to_check(bigint, uuid, boolean)',
    'decide_case(bigint, uuid, boolean, text, text, bigint[])', 'cases_decided(uuid, boolean, integer)',
    'records_parted(text, timestamptz)', 'sealed_side(bigint, bigint, uuid)',
    'undo_case_decision(bigint, uuid, boolean, text)', 'case_after(bigint, uuid, boolean, text[])',
    'another_lives_there(bigint, uuid)', 'came_since(bigint, uuid, boolean)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION cases_area(uuid, boolean) FROM PUBLIC;
  FOREACH called IN ARRAY ARRAY['record_speaks(bigint)', 'is_in_area(text, text)', 'are_kept_apart(text, text)',
    'near_one(bigint, bigint)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_worker', called);
  END LOOP;
END $$;

-- What was joined or parted is told in rows that only grow; undoing is a row of its own.
DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['identity_change', 'identity_move'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I_append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', guarded, guarded);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded, guarded);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON identity_change, identity_move TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE (ended_at, said_at) ON kept_apart TO contactpoint_worker;
GRANT SELECT, UPDATE (done_at, undone_at, outcome, change_id) ON case_decision TO contactpoint_worker;
REVOKE ALL ON case_word FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
