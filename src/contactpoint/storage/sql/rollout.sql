-- Roll-out in waves (domain/rollout.py; ADR 33): pages read waves, and change one only for somebody of the national team who
-- is written down as doing so; a second person agrees before one opens.
REVOKE ALL ON wave, wave_body, wave_step, shields_checked FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON wave, wave_body, wave_step, shields_checked TO contactpoint_web;

-- The table of domain/rollout.py; a test compares them.
CREATE OR REPLACE FUNCTION next_wave_state(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('planned', 'ask', 'asked'), ('planned', 'drop', 'dropped'), ('asked', 'agree', 'open'),
    ('asked', 'not_yet', 'planned'), ('open', 'close', 'planned')) AS m (was, step, becomes)
  WHERE m.was = $1 AND m.step = $2
$$;

-- The bodies that open with an organisation: itself, and the authority's in whose area it works.
CREATE OR REPLACE FUNCTION bodies_over(at_organisation text) RETURNS SETOF varchar
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT at_organisation::varchar
  UNION SELECT a.code FROM organisation o JOIN organisation a ON a.kind = 'authority' AND a.authority = o.authority
    WHERE o.code = at_organisation AND o.authority <> ''
$$;

DROP FUNCTION IF EXISTS waits_until(text), waited_until(text, timestamptz);
-- Whether practitioners of an organisation wait, and the day for which their wave is planned. Once any wave was ever planned
-- they are let in only by an open one: its authority's, its own where it is of no area; and by none that is not open.
CREATE OR REPLACE FUNCTION gate_of(at_organisation text) RETURNS TABLE (waits boolean, opens_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM wave)
      AND NOT coalesce(bool_and(w.opened_at IS NOT NULL) AND bool_or(o.kind = 'authority' OR o.authority = ''), false),
    min(w.planned_on) FILTER (WHERE w.opened_at IS NULL)
  FROM bodies_over(at_organisation) AS above (code) JOIN organisation o ON o.code = above.code
    JOIN wave_body b ON b.organisation_id = o.code AND b.ended_at IS NULL JOIN wave w ON w.id = b.wave_id
$$;
-- The same of a moment that is past, of the bodies that there were over it then; `deciding` are those that could let it in.
CREATE OR REPLACE FUNCTION gate_then(over text[], deciding text[], moment timestamptz) RETURNS TABLE (waits boolean, opens_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM wave f WHERE f.made_at <= moment)
      AND NOT coalesce(bool_and(was.open) AND bool_or(b.organisation_id = ANY(deciding)), false),
    min(w.planned_on) FILTER (WHERE NOT was.open)
  FROM wave_body b JOIN wave w ON w.id = b.wave_id CROSS JOIN LATERAL (
    SELECT coalesce((SELECT s.step = 'agree' FROM wave_step s WHERE s.wave_id = w.id AND s.at <= moment
      AND s.step IN ('agree', 'close') ORDER BY s.id DESC LIMIT 1), false) AS open) AS was
  WHERE b.organisation_id = ANY(over) AND b.since <= moment AND (b.ended_at IS NULL OR b.ended_at > moment)
$$;
-- Of the organisations of these authorities, those whose practitioners wait.
CREATE OR REPLACE FUNCTION waiting_in(authorities text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.code::text FROM organisation o, gate_of(o.code) g WHERE o.authority = ANY(authorities) AND g.waits
$$;

-- How authorities stand: whether those of one wait, whether it is in a wave, and whether it is new: nothing is of it yet.
CREATE OR REPLACE FUNCTION authorities_stand(authorities text[])
RETURNS TABLE (authority text, waits boolean, in_a_wave boolean, is_new boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.authority::text, bool_or(g.waits), bool_or(EXISTS (
      SELECT FROM wave_body b WHERE b.organisation_id = o.code AND b.ended_at IS NULL)),
    NOT EXISTS (SELECT FROM organisation i WHERE i.authority = o.authority AND i.kind <> 'authority')
      AND NOT EXISTS (SELECT FROM source s WHERE s.authority = o.authority)
      AND NOT EXISTS (SELECT FROM membership m JOIN organisation i ON i.code = m.organisation_id AND i.authority = o.authority
        WHERE m.role = 'practitioner' AND m.ended_at IS NULL)
  FROM organisation o, gate_of(o.code) g WHERE o.kind = 'authority' AND o.authority = ANY(authorities) GROUP BY o.authority
$$;
-- A new authority takes the place of the one whose bodies go to it, by a change of authorities, in the same wave; what the
-- desk of another said of its protections holds no longer where the desk before it never said so. Returns who came in.
CREATE OR REPLACE FUNCTION follow_in_waves(of_change bigint, into_authorities text[], moment timestamptz) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone text := (SELECT c.authority FROM authority_change c WHERE c.id = of_change);
BEGIN
  IF NOT EXISTS (SELECT FROM shields_checked k WHERE k.authority = gone) THEN
    DELETE FROM shields_checked k WHERE k.authority = ANY(into_authorities);
  END IF;
  RETURN QUERY INSERT INTO wave_body (wave_id, organisation_id, since, change_id)
    SELECT min(b.wave_id), n.code, moment, of_change
    FROM wave_body b JOIN organisation o ON o.code = b.organisation_id AND o.kind = 'authority' AND o.authority = gone,
      organisation n JOIN authorities_stand(into_authorities) s ON s.authority = n.authority AND s.is_new AND NOT s.in_a_wave
    WHERE b.ended_at IS NULL AND n.kind = 'authority' GROUP BY n.code RETURNING organisation_id::text;
END $$;
CREATE OR REPLACE FUNCTION leave_waves(of_change bigint, moment timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE wave_body SET ended_at = moment WHERE change_id = of_change AND ended_at IS NULL
$$;

-- For the page of the roll-out: whether it is on, how many people practise, and the bodies that are in no wave while it is.
CREATE OR REPLACE FUNCTION roll_out_stands(seeing uuid) RETURNS TABLE (is_on boolean, practising bigint, left_out jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_waves'], ARRAY['national_team']);
  RETURN QUERY SELECT EXISTS (SELECT FROM wave),
    (SELECT count(DISTINCT m.account_id) FROM membership m WHERE m.role = 'practitioner' AND m.ended_at IS NULL),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(o.code, o.name) ORDER BY o.name, o.code), '[]') FROM organisation o
      WHERE o.closed_on IS NULL AND NOT is_discreet(o.code)
        AND (o.kind = 'authority' OR (o.authority = '' AND EXISTS (SELECT FROM membership m
          WHERE m.organisation_id = o.code AND m.role = 'practitioner' AND m.ended_at IS NULL)))
        AND NOT EXISTS (SELECT FROM wave_body b WHERE b.organisation_id = o.code AND b.ended_at IS NULL));
END $$;
-- Of bodies to plan a wave for: the wave that each is in, and with which authority's it opens, where not by itself.
CREATE OR REPLACE FUNCTION bodies_to_plan(seeing uuid, codes text[]) RETURNS TABLE (code text, wave_name text, opens_with text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM acting(seeing, ARRAY['planned_wave'], ARRAY['national_team']);
  RETURN QUERY SELECT o.code::text, coalesce(w.name, '')::text, CASE WHEN o.kind <> 'authority' AND o.authority <> '' THEN
      (SELECT coalesce(min(a.code), 'la-' || o.authority)::text FROM organisation a WHERE a.kind = 'authority' AND a.authority = o.authority)
      ELSE '' END
    FROM organisation o LEFT JOIN wave_body b ON b.organisation_id = o.code AND b.ended_at IS NULL
      LEFT JOIN wave w ON w.id = b.wave_id
    WHERE o.code = ANY(codes) AND NOT is_discreet(o.code);
END $$;

CREATE OR REPLACE FUNCTION plan_wave(seeing uuid, called text, of_kind text, on_day date, of_bodies text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['planned_wave'], ARRAY['national_team']);
  INSERT INTO wave (name, kind, planned_on, made_at, state) VALUES (called, of_kind, on_day, who.at, 'planned')
    RETURNING id INTO made;
  INSERT INTO wave_body (wave_id, organisation_id, since) SELECT made, code, who.at FROM unnest(of_bodies) AS code;
  RETURN made;
END $$;

-- Takes a step of a wave; what it becomes, NULL where it may not be taken now, or by the same person.
CREATE OR REPLACE FUNCTION step_wave(seeing uuid, which bigint, taken text, why text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it wave; becomes text;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['stepped_wave'], ARRAY['national_team']);
  SELECT * INTO it FROM wave WHERE id = which FOR UPDATE;
  becomes := next_wave_state(it.state, taken);
  IF becomes IS NULL OR (taken = 'agree' AND it.asked_by_id = who.account) THEN
    RETURN NULL;
  END IF;
  UPDATE wave SET state = becomes, asked_by_id = CASE WHEN becomes = 'asked' THEN who.account END,
    opened_at = CASE WHEN becomes = 'open' THEN who.at END WHERE id = which;
  INSERT INTO wave_step (wave_id, step, because, by_id, at) VALUES (which, taken, why, who.account, who.at);
  IF becomes = 'dropped' THEN
    UPDATE wave_body SET ended_at = who.at WHERE wave_id = which;
  END IF;
  RETURN becomes;
END $$;

-- A shield desk says of its authority that the protections there were are here.
CREATE OR REPLACE FUNCTION note_shields(seeing uuid, said text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO shields_checked (authority, how, "on", by_id)
  SELECT w.authority, said, (w.at AT TIME ZONE 'Europe/London')::date, w.account
  FROM acting(seeing, ARRAY['checked_shields'], ARRAY['shield_team']) w WHERE w.authority <> ''
  ON CONFLICT (authority) DO UPDATE SET how = excluded.how, "on" = excluded."on", by_id = excluded.by_id;
  RETURN FOUND;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['gate_of(text)', 'roll_out_stands(uuid)', 'bodies_to_plan(uuid, text[])', 'authorities_stand(text[])', 'plan_wave(uuid, text, text, date, text[])',
    'step_wave(uuid, bigint, text, text)', 'note_shields(uuid, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION bodies_over(text), gate_then(text[], text[], timestamptz), waiting_in(text[]),
    follow_in_waves(bigint, text[], timestamptz), leave_waves(bigint, timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION gate_of(text), gate_then(text[], text[], timestamptz), waiting_in(text[]), authorities_stand(text[]),
    follow_in_waves(bigint, text[], timestamptz), leave_waves(bigint, timestamptz) TO contactpoint_worker;
END $$;
CREATE OR REPLACE TRIGGER wave_step_append_only BEFORE UPDATE OR DELETE ON wave_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER wave_step_no_truncate BEFORE TRUNCATE ON wave_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
