-- Versions of the matching model (domain/matching_models.py; ADR 41). Everybody who decides or searches reads which one is in
-- force; proposals and history are told to the national team by an event, and moved on by functions that answer whoever is
-- written down. What a version is called, and its digest, are worked out here from its text, so nobody says them for it.
REVOKE ALL ON model_version FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, UPDATE (state, report, tries, reported_at, looked_at, outcome) ON model_version TO contactpoint_worker;

-- The table of domain/matching_models.py; a test compares them.
CREATE OR REPLACE FUNCTION next_model_state(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('asked', 'drop', 'dropped'), ('asked', 'refuse', 'refused'), ('reported', 'drop', 'dropped'),
    ('reported', 'agree', 'in_force'), ('reported', 'refuse', 'refused')) AS m (was, step, becomes)
  WHERE m.was = $1 AND m.step = $2
$$;

-- What is in force; its text only to whoever does not hold it yet. No row where it is the one that comes with the project.
CREATE OR REPLACE FUNCTION model_in_force(held text) RETURNS TABLE (sha256 text, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.sha256::text, CASE WHEN v.sha256 <> held THEN v.body END FROM model_version v WHERE v.state = 'in_force'
$$;

-- Proposes a model. NULL where it is in force already, or another one of that name was ever proposed.
CREATE OR REPLACE FUNCTION propose_model_as(who uuid, at_time timestamptz, said text, why text, putting_back boolean) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE now_in_force model_version; named text := said::jsonb->>'version'; digest text := encode(sha256(convert_to(said, 'UTF8')), 'hex');
  made bigint;
BEGIN
  PERFORM check_sets_settings(who);
  IF length(said) > 4 * 1024 * 1024 OR btrim(why) = '' THEN
    RAISE EXCEPTION 'no model is proposed so' USING ERRCODE = 'insufficient_privilege';
  END IF;
  LOCK TABLE model_version IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO now_in_force FROM model_version v WHERE v.state = 'in_force';
  IF now_in_force.sha256 = digest OR EXISTS (SELECT FROM model_version v WHERE v.version = named AND v.sha256 <> digest) THEN
    RETURN NULL;
  END IF;
  INSERT INTO model_version (version, sha256, body, because, state, proposed_by_id, proposed_at, against_id, puts_back, tries, outcome)
    VALUES (named, digest, said, why, 'asked', who, at_time, now_in_force.id, putting_back, 0, '') RETURNING id INTO made;
  RETURN made;
END $$;

-- Takes a step; what it becomes, NULL where it may not be taken now or not by them, or the report compares with another model
-- than is in force. Whoever agrees replaces what was in force.
CREATE OR REPLACE FUNCTION step_model_as(who uuid, at_time timestamptz, which bigint, taken text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE it model_version; becomes text;
BEGIN
  PERFORM check_sets_settings(who);
  LOCK TABLE model_version IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO it FROM model_version v WHERE v.id = which;
  becomes := next_model_state(it.state, taken);
  IF becomes IS NULL OR (it.proposed_by_id = who) <> (taken = 'drop') OR (taken = 'agree' AND (it.report IS NULL
      OR it.against_id IS DISTINCT FROM (SELECT v.id FROM model_version v WHERE v.state = 'in_force'))) THEN
    RETURN NULL;
  END IF;
  IF taken = 'agree' THEN
    UPDATE model_version SET state = 'replaced', in_force_until = at_time WHERE state = 'in_force';
  END IF;
  UPDATE model_version SET state = becomes, answered_by_id = who, answered_at = at_time,
    in_force_from = CASE WHEN taken = 'agree' THEN at_time END WHERE id = which;
  RETURN becomes;
END $$;

-- Every version that was proposed, newest first, without its text; `who` is whoever asks.
CREATE OR REPLACE FUNCTION model_versions_of(who uuid)
RETURNS TABLE (id bigint, version text, sha256 text, because text, state text, proposed_by text, mine boolean, proposed_at timestamptz,
  puts_back boolean, report jsonb, answered_by text, answered_at timestamptz, in_force_from timestamptz, in_force_until timestamptz,
  outcome text, stands boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.id, v.version::text, v.sha256::text, v.because::text, v.state::text, a.name::text, coalesce(v.proposed_by_id = who, false), v.proposed_at,
    v.puts_back, v.report, coalesce(b.name, '')::text, v.answered_at, v.in_force_from, v.in_force_until, v.outcome::text,
    v.against_id IS NOT DISTINCT FROM (SELECT f.id FROM model_version f WHERE f.state = 'in_force')
  FROM model_version v JOIN account a ON a.id = v.proposed_by_id LEFT JOIN account b ON b.id = v.answered_by_id
  ORDER BY v.id DESC LIMIT 500
$$;

-- The text of what was in force before; NULL where nothing is to be put back, empty where it came with the project.
CREATE OR REPLACE FUNCTION model_before_of() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(b.body, '') FROM model_version v LEFT JOIN model_version b ON b.id = v.against_id WHERE v.state = 'in_force'
$$;

-- The same for somebody of the national team who is written down, in this transaction, as doing it.
CREATE OR REPLACE FUNCTION propose_model(seeing uuid, said text, why text, putting_back boolean) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['proposed_model'], ARRAY['national_team']);
  RETURN propose_model_as(who.account, who.at, said, why, putting_back);
END $$;
CREATE OR REPLACE FUNCTION step_model(seeing uuid, which bigint, taken text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['stepped_model'], ARRAY['national_team']);
  RETURN step_model_as(who.account, who.at, which, taken);
END $$;
CREATE OR REPLACE FUNCTION model_versions(seeing uuid)
RETURNS TABLE (id bigint, version text, sha256 text, because text, state text, proposed_by text, mine boolean, proposed_at timestamptz,
  puts_back boolean, report jsonb, answered_by text, answered_at timestamptz, in_force_from timestamptz, in_force_until timestamptz,
  outcome text, stands boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT m.* FROM acting(seeing, ARRAY['listed_models', 'listed_today'], ARRAY['national_team']) w
    CROSS JOIN LATERAL model_versions_of(w.account) m;
END $$;
CREATE OR REPLACE FUNCTION model_before(seeing uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM acting(seeing, ARRAY['listed_models'], ARRAY['national_team']);
  RETURN model_before_of();
END $$;

-- What was said of a version stays for ever, its text too. The worker adds a report or that there is none, and when it has looked
-- at what is published; people answer through the functions above.
CREATE OR REPLACE FUNCTION keep_model_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' OR NEW.sha256 <> encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex') OR NEW.version <> NEW.body::jsonb->>'version' THEN
      RAISE EXCEPTION 'a version begins as a proposal, and is called as its text says' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE'
      OR (OLD.version, OLD.sha256, OLD.body, OLD.because, OLD.proposed_by_id, OLD.proposed_at, OLD.against_id, OLD.puts_back) IS DISTINCT FROM
         (NEW.version, NEW.sha256, NEW.body, NEW.because, NEW.proposed_by_id, NEW.proposed_at, NEW.against_id, NEW.puts_back)
      OR (OLD.report IS NOT NULL AND (OLD.report, OLD.reported_at) IS DISTINCT FROM (NEW.report, NEW.reported_at))
      OR (OLD.answered_by_id IS NOT NULL AND (OLD.answered_by_id, OLD.answered_at, OLD.in_force_from) IS DISTINCT FROM
         (NEW.answered_by_id, NEW.answered_at, NEW.in_force_from))
      OR (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('asked', 'reported'), ('asked', 'failed'), ('asked', 'dropped'),
         ('asked', 'refused'), ('reported', 'dropped'), ('reported', 'refused'), ('reported', 'in_force'), ('in_force', 'replaced'))) THEN
    RAISE EXCEPTION 'what was said of a model stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_model_version BEFORE INSERT OR UPDATE OR DELETE ON model_version
  FOR EACH ROW EXECUTE FUNCTION keep_model_version();
CREATE OR REPLACE TRIGGER keep_model_versions BEFORE TRUNCATE ON model_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE ALL ON FUNCTION model_in_force(text), propose_model_as(uuid, timestamptz, text, text, boolean), model_versions_of(uuid), model_before_of(),
  step_model_as(uuid, timestamptz, bigint, text), propose_model(uuid, text, text, boolean), step_model(uuid, bigint, text), model_versions(uuid),
  model_before(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_in_force(text) TO contactpoint_web, contactpoint_worker;
GRANT EXECUTE ON FUNCTION propose_model(uuid, text, text, boolean), step_model(uuid, bigint, text), model_versions(uuid), model_before(uuid) TO contactpoint_web;
GRANT EXECUTE ON FUNCTION propose_model_as(uuid, timestamptz, text, text, boolean), step_model_as(uuid, timestamptz, bigint, text), model_versions_of(uuid),
  model_before_of() TO contactpoint_worker;
