-- What people say of the directory itself (domain/feedback.py): each reads their own, the national team all, and nobody
-- writes but through these functions.
REVOKE ALL ON feedback FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;

CREATE OR REPLACE VIEW feedback_told AS
  SELECT f.id, f.kind, f.doing, f.worked, f.hindered, f.miss, f.harm, f.text, f.at, a.name AS by_name,
    o.name AS organisation_name, coalesce(w.name, '') AS wave_name, f.state, f.answer, f.by_id
  FROM feedback f JOIN account a ON a.id = f.by_id JOIN organisation o ON o.code = f.organisation_id
  LEFT JOIN wave w ON w.id = f.wave_id;
REVOKE ALL ON feedback_told FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- Keeps what whoever is written down says, beside the wave that their organisation is in.
CREATE OR REPLACE FUNCTION give_feedback(seeing uuid, of_kind text, about text, it_worked text, what_hindered text, missed text,
  harmed text, said text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['gave_feedback'], ARRAY['practitioner', 'authority_team', 'national_team',
    'shield_team', 'consent_team', 'partner_team']);
  INSERT INTO feedback (kind, doing, worked, hindered, miss, harm, text, wave_id, by_id, organisation_id, at, state, answer)
  VALUES (of_kind, about, it_worked, what_hindered, missed, harmed, said, (
      SELECT min(b.wave_id) FROM wave_body b
      WHERE b.ended_at IS NULL AND b.organisation_id IN (SELECT bodies_over(who.organisation))),
    who.account, who.organisation, who.at, 'new', '')
  RETURNING id INTO made;
  RETURN made;
END $$;

-- One's own, newest first.
CREATE OR REPLACE FUNCTION own_feedback(whose uuid) RETURNS SETOF feedback_told
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM feedback_told WHERE by_id = whose ORDER BY id DESC LIMIT 50
$$;

-- All, near misses that did harm first, what is new before what is seen, newest first.
CREATE OR REPLACE FUNCTION feedback_to_read(seeing uuid) RETURNS SETOF feedback_told
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_feedback'], ARRAY['national_team']);
  RETURN QUERY SELECT * FROM feedback_told f
    ORDER BY array_position(ARRAY['new', 'seen', 'done'], f.state::text), f.kind = 'how', f.harm <> 'did', f.id DESC LIMIT 200;
END $$;

-- One of them, held until whoever reads it has answered: two answer one after the other.
CREATE OR REPLACE FUNCTION feedback_of(seeing uuid, which bigint) RETURNS SETOF feedback_told
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_feedback'], ARRAY['national_team']);
  PERFORM FROM feedback f WHERE f.id = which FOR UPDATE;
  RETURN QUERY SELECT * FROM feedback_told f WHERE f.id = which;
END $$;

-- How much of all was said in each wave, by name.
CREATE OR REPLACE FUNCTION feedback_by_wave(seeing uuid)
RETURNS TABLE (wave_name text, how bigint, near bigint, unread bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_feedback', 'listed_today'], ARRAY['national_team']);
  RETURN QUERY SELECT f.wave_name::text, count(*) FILTER (WHERE f.kind = 'how'), count(*) FILTER (WHERE f.kind <> 'how'),
      count(*) FILTER (WHERE f.state = 'new')
    FROM feedback_told f GROUP BY f.wave_name ORDER BY f.wave_name;
END $$;

CREATE OR REPLACE FUNCTION answer_feedback(seeing uuid, which bigint, becomes text, said text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['answered_feedback'], ARRAY['national_team']);
  UPDATE feedback SET state = becomes, answer = said, answered_by_id = who.account, answered_at = who.at
    WHERE id = which AND becomes IN ('seen', 'done');
  RETURN FOUND;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['give_feedback(uuid, text, text, text, text, text, text, text)', 'own_feedback(uuid)',
    'feedback_to_read(uuid)', 'feedback_of(uuid, bigint)', 'feedback_by_wave(uuid)',
    'answer_feedback(uuid, bigint, text, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
