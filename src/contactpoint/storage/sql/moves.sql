-- Moves of children between authorities (R58, R59; ADR 29). The worker opens one where the responsible authority would
-- change by what is said now; pages come by them through functions, which pass over whoever is shielded by now, or kept
-- from who looks. The move of a shielded child is for the national shield desk alone.

-- Whose a child stays while a move of it is not accepted; of a shielded child nothing.
CREATE OR REPLACE FUNCTION stays_with(whose text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.from_authority::text FROM authority_move m JOIN child c ON c.number = m.child_id AND NOT c.shielded
  WHERE m.child_id = whose AND m.closed_at IS NULL AND m.from_authority <> ''
$$;
CREATE OR REPLACE FUNCTION old_authorities_of(whose text[]) RETURNS TABLE (child text, authority text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.child_id::text, m.from_authority::text
  FROM authority_move m JOIN child c ON c.number = m.child_id AND NOT c.shielded
  WHERE m.child_id = ANY (whose) AND m.closed_at IS NULL AND m.from_authority <> ''
$$;

-- Which authority accepted a child from the national team, if that is the last that was accepted of it: it is responsible
-- for as long as nothing says of another (R58). Of a shielded child nothing.
CREATE OR REPLACE FUNCTION given_to(whose text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT last.to_authority::text FROM (
    SELECT m.from_authority, m.to_authority FROM authority_move m JOIN child c ON c.number = m.child_id AND NOT c.shielded
    WHERE m.child_id = whose AND m.state = 'accepted' ORDER BY m.closed_at DESC, m.id DESC LIMIT 1) AS last
  WHERE last.from_authority = ''
$$;
CREATE OR REPLACE FUNCTION given_authorities_of(whose text[]) RETURNS TABLE (child text, authority text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT one, g FROM unnest(whose) AS one, given_to(one) AS g WHERE g IS NOT NULL
$$;
-- Who is responsible now, for a desk: the old authority of a move, what is said, or whoever was given the child.
CREATE OR REPLACE FUNCTION responsible_now(whose text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(stays_with(whose), (SELECT nullif(i.la, '') FROM search_identity i WHERE i.child_id = whose ORDER BY i.id LIMIT 1),
    given_to(whose), '')
$$;
REVOKE ALL ON FUNCTION stays_with(text), old_authorities_of(text[]), given_to(text), given_authorities_of(text[]),
  responsible_now(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION given_to(text), responsible_now(text) TO contactpoint_worker;
GRANT EXECUTE ON FUNCTION old_authorities_of(text[]), given_authorities_of(text[]) TO contactpoint_web, contactpoint_worker;

-- The table of domain/moves.py; a test compares them.
CREATE OR REPLACE FUNCTION next_move_state(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('coming', 'asked', 'accept', 'accepted'),
    ('coming', 'asked', 'decline', 'declined'),
    ('leaving', 'asked', 'object', 'objected'),
    ('leaving', 'declined', 'keep', 'kept'),
    ('national', 'asked', 'give', 'accepted'),
    ('national', 'asked', 'keep', 'kept'),
    ('national', 'declined', 'give', 'accepted'),
    ('national', 'declined', 'keep', 'kept'),
    ('national', 'objected', 'give', 'accepted'),
    ('national', 'objected', 'keep', 'kept')) AS m (side, was, step, becomes)
  WHERE m.side = $1 AND m.was = $2 AND m.step = $3
$$;

-- A desk goes with the child: what waits at the old authority's waits at the new one's.
CREATE OR REPLACE FUNCTION move_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE shield SET authority = NEW.to_authority
  WHERE child_id = NEW.child_id AND authority = NEW.from_authority AND lifted_at IS NULL;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER move_desk AFTER UPDATE ON authority_move FOR EACH ROW
  WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted') EXECUTE FUNCTION move_desk();

-- Whose moves somebody of a team looks at: an authority's, or '' for those that are the national team's to decide.
DROP FUNCTION IF EXISTS moves_team_of(uuid);
CREATE OR REPLACE FUNCTION moves_team_of(seeing uuid, doing text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE team text;
BEGIN
  SELECT CASE WHEN w.role = 'national_team' THEN '' WHEN w.kind = 'authority' THEN nullif(w.authority, '') END INTO team
    FROM acting(seeing, doing, ARRAY['authority_team', 'national_team']) w;
  IF team IS NULL THEN
    RAISE EXCEPTION 'whoever has been written down has no team' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN team;
END $$;
REVOKE ALL ON FUNCTION moves_team_of(uuid, text[]) FROM PUBLIC;

-- What either side has to answer, and what became of it within thirty days.
DROP FUNCTION IF EXISTS moves_seen(uuid);
CREATE OR REPLACE FUNCTION moves_seen(seeing uuid)
RETURNS TABLE (move bigint, child text, side text, was text, becomes text, state text, reason text, given text, opened_at timestamptz,
  answer_by date, escalated boolean, closed_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE team text := moves_team_of(seeing, ARRAY['listed_moves', 'answered_move', 'listed_today']); kept varchar[] := kept_from_whom_is_written(seeing); since timestamptz;
BEGIN
  SELECT w.at - interval '30 days' INTO since FROM written_down(seeing) w;
  RETURN QUERY
    SELECT m.id, m.child_id::text, t.side, m.from_authority::text, m.to_authority::text, m.state::text, m.reason::text,
      m.given_because::text, m.opened_at, m.answer_by, m.escalated_at IS NOT NULL, m.closed_at
    FROM (
      SELECT i.id, 'coming' AS side FROM authority_move i WHERE team <> '' AND i.to_authority = team
        AND (i.state IN ('asked', 'declined', 'objected') OR i.answered_at > since)
      UNION ALL
      SELECT i.id, 'leaving' FROM authority_move i WHERE team <> '' AND i.from_authority = team
        AND (i.state IN ('asked', 'declined', 'objected') OR i.answered_at > since)
      UNION ALL
      SELECT i.id, 'national' FROM authority_move i WHERE team = '' AND i.closed_at IS NULL
        AND (i.state IN ('declined', 'objected') OR (i.state = 'asked' AND i.escalated_at IS NOT NULL))) AS t
    JOIN authority_move m ON m.id = t.id
    JOIN child c ON c.number = m.child_id AND NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
    WHERE m.child_id <> ALL (kept)
    ORDER BY m.opened_at, m.id;
END $$;

-- Says of a move what its side may say; whose it is, NULL where it is not theirs to say now.
CREATE OR REPLACE FUNCTION answer_move(seeing uuid, which bigint, step text, why text)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; it record; becomes text;
BEGIN
  PERFORM moves_team_of(seeing, ARRAY['answered_move']);
  SELECT * INTO w FROM written_down(seeing);
  SELECT * INTO it FROM moves_seen(seeing) s WHERE s.move = which AND w.subjects = ARRAY[s.child];
  becomes := next_move_state(it.side, it.state, step);
  IF becomes IS NULL THEN
    RETURN NULL;
  END IF;
  UPDATE authority_move SET state = becomes, reason = why, answered_at = w.at, answered_by_id = w.account,
    closed_at = CASE becomes WHEN 'accepted' THEN w.at END
  WHERE id = which AND state = it.state;
  RETURN CASE WHEN FOUND THEN it.child END;
END $$;

-- Of shielded children: of which protection and between which authorities, not whose; for the national shield desk.
CREATE OR REPLACE FUNCTION protected_moves(seeing uuid)
RETURNS TABLE (move bigint, shield bigint, was text, becomes text, opened_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  IF shield_desk_of(seeing, ARRAY['listed_moves', 'answered_move']) <> '' THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national shield desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    SELECT m.id, s.id, m.from_authority::text, m.to_authority::text, m.opened_at
    FROM authority_move m
    JOIN child c ON c.number = m.child_id AND c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
    JOIN shield s ON s.child_id = m.child_id AND s.lifted_at IS NULL AND s.kept_from_id IS NULL
    WHERE m.closed_at IS NULL AND m.state <> 'kept' AND m.child_id <> ALL (kept)
    ORDER BY m.opened_at, m.id;
END $$;

CREATE OR REPLACE FUNCTION answer_protected_move(seeing uuid, which bigint, step text)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; whom text; becomes text;
BEGIN
  PERFORM shield_desk_of(seeing, ARRAY['answered_move']);
  SELECT * INTO w FROM written_down(seeing);
  PERFORM FROM protected_moves(seeing) s WHERE s.move = which;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT next_move_state('national', m.state, step), m.child_id INTO becomes, whom FROM authority_move m WHERE m.id = which FOR UPDATE;
  UPDATE authority_move SET state = becomes, reason = '', answered_at = w.at, answered_by_id = w.account,
    closed_at = CASE becomes WHEN 'accepted' THEN w.at END
  WHERE id = which AND becomes IS NOT NULL;
  RETURN CASE WHEN FOUND THEN whom END;
END $$;

-- What an authority's shield desk learns: that a protection of its own moved, or that one came; not where, nor from where.
CREATE OR REPLACE FUNCTION moves_of_desk(seeing uuid) RETURNS TABLE (child text, shield bigint, went boolean, on_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_shields']); kept varchar[] := kept_from_whom_is_written(seeing); since timestamptz;
BEGIN
  SELECT w.at - interval '30 days' INTO since FROM written_down(seeing) w;
  RETURN QUERY
    SELECT m.child_id::text, s.id, m.from_authority = desk, (m.closed_at AT TIME ZONE 'Europe/London')::date
    FROM authority_move m
    JOIN shield s ON s.child_id = m.child_id AND s.kept_from_id IS NULL AND s.placed_at <= m.closed_at
      AND (s.lifted_at IS NULL OR s.lifted_at > m.closed_at)
    WHERE desk <> '' AND m.state = 'accepted' AND m.closed_at > since AND desk IN (m.from_authority, m.to_authority)
      AND m.child_id <> ALL (kept)
    ORDER BY m.closed_at DESC, s.id;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['moves_seen(uuid)', 'answer_move(uuid, bigint, text, text)', 'protected_moves(uuid)',
    'answer_protected_move(uuid, bigint, text)', 'moves_of_desk(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON authority_move TO contactpoint_worker;
