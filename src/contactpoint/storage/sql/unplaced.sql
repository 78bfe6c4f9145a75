-- Children for whom no authority is responsible (R15, R58; ADR 42): the national team's list. Who is in it, and why, goes by
-- the row of the search index alone, so it tells nothing that any record does not; whoever is shielded, archived or kept
-- from who looks is in none of it, nor in its count, order or length.

GRANT SELECT, INSERT, DELETE ON unplaced_child TO contactpoint_worker;
GRANT SELECT, DELETE ON left_england TO contactpoint_worker;

-- Those who wait for somebody who has been written down as looking. One whom an authority was asked to accept waits there;
-- one whom nobody would accept, and whom the national team left at that, is here again.
CREATE OR REPLACE FUNCTION unplaced_waiting(seeing uuid, doing text[]) RETURNS TABLE (child varchar, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  PERFORM acting(seeing, doing, ARRAY['national_team']);
  RETURN QUERY
    SELECT u.child_id, u.since
    FROM unplaced_child u
    JOIN child c ON c.number = u.child_id AND NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
    WHERE u.child_id <> ALL (kept) AND given_to(u.child_id) IS NULL
      AND NOT EXISTS (SELECT FROM left_england l WHERE l.child_id = u.child_id)
      AND NOT EXISTS (SELECT FROM team_words(u.child_id) t WHERE t.taken_back_at IS NULL)
      AND EXISTS (SELECT FROM search_identity i WHERE i.child_id = u.child_id)
      AND NOT EXISTS (SELECT FROM search_identity i WHERE i.child_id = u.child_id AND i.la <> '')
      AND NOT EXISTS (SELECT FROM authority_move m WHERE m.child_id = u.child_id AND m.closed_at IS NULL
        AND (m.from_authority <> '' OR m.state <> 'kept'));
END $$;
REVOKE ALL ON FUNCTION unplaced_waiting(uuid, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION unplaced_seen(seeing uuid, most integer) RETURNS TABLE (child text, since date, in_all bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.child::text, (w.since AT TIME ZONE 'Europe/London')::date, count(*) OVER ()
  FROM unplaced_waiting(seeing, ARRAY['listed_unplaced', 'listed_today']) w ORDER BY w.since, w.child LIMIT most
$$;

-- Asks an authority to accept a child of the list, as for any who moves; false where the child waits there no more.
CREATE OR REPLACE FUNCTION give_authority(seeing uuid, becomes text, why text, answered_until date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; about text;
BEGIN
  PERFORM acting(seeing, ARRAY['gave_authority'], ARRAY['national_team']);
  SELECT * INTO w FROM written_down(seeing);
  SELECT c.number INTO about FROM child c WHERE w.subjects = ARRAY[c.number::text] FOR UPDATE;
  PERFORM FROM unplaced_waiting(seeing, ARRAY['gave_authority']) u WHERE u.child = about;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = becomes
      AND becomes <> '' AND o.closed_on IS NULL) THEN
    RETURN false;
  END IF;
  UPDATE authority_move SET state = 'overtaken', closed_at = w.at WHERE child_id = about AND closed_at IS NULL;
  INSERT INTO authority_move (child_id, from_authority, to_authority, given_because, opened_at, answer_by)
    VALUES (about, '', becomes, why, w.at, answered_until);
  RETURN true;
END $$;

-- Writes down that a child of the list left England, and what was said of coming back (R50); false where the child waits there
-- no more.
CREATE OR REPLACE FUNCTION note_leaving(seeing uuid, how text, since date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; about text;
BEGIN
  PERFORM acting(seeing, ARRAY['noted_leaving'], ARRAY['national_team']);
  SELECT * INTO w FROM written_down(seeing);
  SELECT c.number INTO about FROM child c WHERE w.subjects = ARRAY[c.number::text] FOR UPDATE;
  PERFORM FROM unplaced_waiting(seeing, ARRAY['noted_leaving']) u WHERE u.child = about;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO left_england (child_id, kind, left_on, said_at, said_by_id) VALUES (about, how, since, w.at, w.account);
  RETURN true;
END $$;

-- What was written down so of children; of a shielded one nothing.
CREATE OR REPLACE FUNCTION noted_as_left(whose text[]) RETURNS TABLE (child text, kind text, left_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.child_id::text, l.kind::text, l.left_on FROM left_england l JOIN child c ON c.number = l.child_id AND NOT c.shielded
  WHERE l.child_id = ANY (whose)
$$;
REVOKE ALL ON FUNCTION noted_as_left(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION noted_as_left(text[]) TO contactpoint_web, contactpoint_worker;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['unplaced_seen(uuid, integer)', 'give_authority(uuid, text, text, date)', 'note_leaving(uuid, text, date)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
