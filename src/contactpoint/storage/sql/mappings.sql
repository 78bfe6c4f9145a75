-- How a source's files are read (domain/source_mappings.py; ADR 40): a page brings a mapping, asks and agrees through functions
-- that answer whoever is written down and runs that feed; the worker tries it over a file and writes down what came of it.
-- Nobody brings a mapping into force but by the step of a second person, and what was said of a version stays for ever.
REVOKE ALL ON source_mapping FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT (source_id, state, by_id) ON source_mapping TO contactpoint_web;
GRANT SELECT, UPDATE (state, tries, report, failed) ON source_mapping TO contactpoint_worker;

-- The table of domain/source_mappings.py; a test compares them.
CREATE OR REPLACE FUNCTION next_mapping_state(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('trying', 'drop', 'dropped'), ('tried', 'ask', 'asked'), ('tried', 'drop', 'dropped'), ('asked', 'drop', 'dropped'),
    ('asked', 'agree', 'in_force'), ('asked', 'refuse', 'refused')) AS m (was, step, becomes)
  WHERE m.was = $1 AND m.step = $2
$$;

CREATE OR REPLACE FUNCTION mapping_in_force(of_source text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT m.id FROM source_mapping m WHERE m.source_id = of_source AND m.state = 'in_force'
$$;

-- Whoever is written down as doing it, who runs this very feed: the national team all, an authority's team those of its area
-- and those that it answers for itself. What people say by hand is no feed.
CREATE OR REPLACE FUNCTION running_feed(seeing uuid, doing text, of_source text) RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY[doing], ARRAY['national_team', 'authority_team']);
  RETURN QUERY SELECT who.account, who.at FROM source s
    WHERE s.code = of_source AND s.contract NOT IN ('practitioner', 'by_hand') AND (who.role = 'national_team'
      OR s.organisation_id = who.organisation OR (s.authority <> '' AND s.authority = who.authority));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'it is not a feed that they run' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- The next version of a source's mapping, one writer at a time.
CREATE OR REPLACE FUNCTION keep_mapping(who uuid, at_time timestamptz, of_source text, starts text, said text, undoes bigint,
  named text, lies_in text) RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE made integer;
BEGIN
  LOCK TABLE source_mapping IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO source_mapping (source_id, version, state, text, against_id, puts_back_id, file_name, folder, tries, failed, by_id,
    at, because)
  SELECT of_source, coalesce(max(m.version), 0) + 1, starts, said, mapping_in_force(of_source), undoes, named, lies_in, 0, '', who,
    at_time, ''
  FROM source_mapping m WHERE m.source_id = of_source RETURNING version INTO made;
  RETURN made;
END $$;

-- Brings a mapping, to be tried over a file. NULL where it says what is in force already, to the letter.
CREATE OR REPLACE FUNCTION try_mapping(seeing uuid, of_source text, said text, named text, lies_in text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM running_feed(seeing, 'tried_mapping', of_source);
  IF octet_length(said) > 65536 THEN
    RAISE EXCEPTION 'no mapping is so long' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF said = coalesce((SELECT m.text FROM source_mapping m WHERE m.id = mapping_in_force(of_source)), '') THEN
    RETURN NULL;
  END IF;
  RETURN keep_mapping(who.account, who.at, of_source, 'trying', said, NULL, named, lies_in);
END $$;

-- Draws up what puts the version in force back: what was in force before it, to the letter. It was tried and agreed then.
CREATE OR REPLACE FUNCTION put_back_mapping(seeing uuid, of_source text, which integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it source_mapping;
BEGIN
  SELECT * INTO who FROM running_feed(seeing, 'tried_mapping', of_source);
  SELECT * INTO it FROM source_mapping m WHERE m.source_id = of_source AND m.version = which AND m.state = 'in_force';
  IF it IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN keep_mapping(who.account, who.at, of_source, 'tried',
    coalesce((SELECT m.text FROM source_mapping m WHERE m.id = it.against_id), ''), it.id, '', '');
END $$;

-- Whether a version may be asked for: what it was compared with is still in force, and a file could be read by it.
CREATE OR REPLACE FUNCTION mapping_stands(it source_mapping) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT it.against_id IS NOT DISTINCT FROM mapping_in_force(it.source_id)
    AND (it.puts_back_id IS NOT NULL OR coalesce(it.report #>> '{after,refused}', 'untried') = '')
$$;

-- Takes a step of a version; what it becomes, NULL where it may not be taken now or not by them.
CREATE OR REPLACE FUNCTION step_mapping(seeing uuid, of_source text, which integer, taken text, why text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it source_mapping; becomes text;
BEGIN
  SELECT * INTO who FROM running_feed(seeing, 'stepped_mapping', of_source);
  LOCK TABLE source_mapping IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO it FROM source_mapping m WHERE m.source_id = of_source AND m.version = which;
  becomes := next_mapping_state(it.state, taken);
  IF becomes IS NULL OR (it.by_id = who.account) <> (taken IN ('ask', 'drop'))
      OR (taken IN ('ask', 'agree') AND NOT mapping_stands(it))
      OR (taken = 'ask' AND EXISTS (SELECT FROM source_mapping m WHERE m.source_id = of_source AND m.state = 'asked')) THEN
    RETURN NULL;
  END IF;
  IF taken = 'agree' THEN
    UPDATE source_mapping SET state = 'replaced', until = who.at WHERE id = mapping_in_force(of_source);
  END IF;
  UPDATE source_mapping SET state = becomes, because = CASE WHEN taken = 'ask' THEN why ELSE because END,
    answered_by_id = CASE WHEN taken IN ('agree', 'refuse') THEN who.account END,
    answered_at = CASE WHEN taken <> 'ask' THEN who.at END WHERE id = it.id;
  RETURN becomes;
END $$;

-- Every version of a source that was asked for, and the viewer's own that are not, newest first; the text and the report of one
-- alone.
CREATE OR REPLACE FUNCTION mapping_versions(seeing uuid, of_source text, which integer)
RETURNS TABLE (version integer, state text, said text, by text, mine boolean, at timestamptz, because text, answered_by text,
  answered_at timestamptz, until timestamptz, puts_back integer, stands boolean, failed text, report jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM running_feed(seeing, 'listed_mappings', of_source);
  RETURN QUERY SELECT m.version, m.state::text, CASE WHEN which IS NOT NULL THEN m.text ELSE '' END, a.name::text,
    m.by_id = who.account, m.at, m.because::text, coalesce(b.name, '')::text, m.answered_at, m.until,
    (SELECT u.version FROM source_mapping u WHERE u.id = m.puts_back_id), mapping_stands(m), m.failed::text,
    CASE WHEN which IS NOT NULL THEN m.report END
  FROM source_mapping m JOIN account a ON a.id = m.by_id LEFT JOIN account b ON b.id = m.answered_by_id
  WHERE m.source_id = of_source AND (which IS NULL OR m.version = which)
    AND (m.by_id = who.account OR m.state NOT IN ('trying', 'tried', 'dropped')) AND (which IS NOT NULL OR m.state <> 'dropped')
  ORDER BY m.version DESC LIMIT 200;
END $$;

-- What was said of a version stays; the worker alone says what a file came to.
CREATE OR REPLACE FUNCTION keep_source_mapping() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('dropped', 'refused', 'replaced')
      OR (OLD.source_id, OLD.version, OLD.text, OLD.against_id, OLD.puts_back_id, OLD.file_name, OLD.folder, OLD.by_id, OLD.at)
        IS DISTINCT FROM
        (NEW.source_id, NEW.version, NEW.text, NEW.against_id, NEW.puts_back_id, NEW.file_name, NEW.folder, NEW.by_id, NEW.at)
      OR (OLD.state <> 'trying' AND (OLD.report, OLD.failed) IS DISTINCT FROM (NEW.report, NEW.failed))
      OR (OLD.state <> 'tried' AND OLD.because <> NEW.because)
      OR (OLD.state, NEW.state) NOT IN (('trying', 'trying'), ('trying', 'tried'), ('trying', 'dropped'), ('tried', 'asked'),
        ('tried', 'dropped'), ('asked', 'dropped'), ('asked', 'refused'), ('asked', 'in_force'), ('in_force', 'replaced')) THEN
    RAISE EXCEPTION 'what was said of a mapping stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_source_mapping BEFORE UPDATE OR DELETE ON source_mapping
  FOR EACH ROW EXECUTE FUNCTION keep_source_mapping();
CREATE OR REPLACE TRIGGER keep_source_mappings BEFORE TRUNCATE ON source_mapping FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['try_mapping(uuid, text, text, text, text)', 'put_back_mapping(uuid, text, integer)',
    'step_mapping(uuid, text, integer, text, text)', 'mapping_versions(uuid, text, integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION mapping_in_force(text), running_feed(uuid, text, text), mapping_stands(source_mapping),
    keep_mapping(uuid, timestamptz, text, text, text, bigint, text, text) FROM PUBLIC;
END $$;
