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

-- The day for which the wave of an organisation is planned, while it is not open.
CREATE OR REPLACE FUNCTION waits_until(at_organisation text) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(w.planned_on) FROM wave_body b JOIN wave w ON w.id = b.wave_id AND w.opened_at IS NULL
  WHERE b.ended_at IS NULL AND b.organisation_id IN (SELECT bodies_over(at_organisation))
$$;
-- The same of a moment that is past: it was planned, not dropped, and not opened, or shut again, by then.
CREATE OR REPLACE FUNCTION waited_until(at_organisation text, moment timestamptz) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(w.planned_on) FROM wave_body b JOIN wave w ON w.id = b.wave_id AND w.made_at <= moment
  WHERE (b.ended_at IS NULL OR b.ended_at > moment) AND b.organisation_id IN (SELECT bodies_over(at_organisation))
    AND coalesce((SELECT s.step FROM wave_step s WHERE s.wave_id = w.id AND s.at <= moment AND s.step IN ('agree', 'close')
      ORDER BY s.id DESC LIMIT 1), 'close') = 'close'
$$;

CREATE OR REPLACE FUNCTION plan_wave(seeing uuid, called text, of_kind text, on_day date, of_bodies text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['planned_wave'], ARRAY['national_team']);
  INSERT INTO wave (name, kind, planned_on, made_at, state) VALUES (called, of_kind, on_day, who.at, 'planned')
    RETURNING id INTO made;
  INSERT INTO wave_body (wave_id, organisation_id) SELECT made, code FROM unnest(of_bodies) AS code;
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
  FOREACH called IN ARRAY ARRAY['waits_until(text)', 'plan_wave(uuid, text, text, date, text[])',
    'step_wave(uuid, bigint, text, text)', 'note_shields(uuid, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION bodies_over(text), waited_until(text, timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION waits_until(text), waited_until(text, timestamptz) TO contactpoint_worker;
END $$;
CREATE OR REPLACE TRIGGER wave_step_append_only BEFORE UPDATE OR DELETE ON wave_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER wave_step_no_truncate BEFORE TRUNCATE ON wave_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
