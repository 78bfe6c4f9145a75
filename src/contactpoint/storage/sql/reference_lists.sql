-- The lists of organisations, sources and wards (domain/reference_lists.py; ADR 38, 54): a page tries a file, or says what one
-- organisation or source is to be, asks and agrees through functions that compare it themselves and answer whoever is written down; the worker carries out what two people
-- agreed. What differs is worked out here alone, so nobody says for themselves what there was.
REVOKE ALL ON reference_change FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, UPDATE (state, done_at, outcome) ON reference_change TO contactpoint_worker;

CREATE OR REPLACE FUNCTION reference_state(o organisation) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('name', o.name, 'authority', o.authority, 'phone', o.phone, 'hours', o.hours, 'cover', o.cover,
    'address', o.address, 'postcode', o.postcode, 'closed', CASE WHEN o.closed_on IS NULL THEN '' ELSE 'yes' END)
$$;
CREATE OR REPLACE FUNCTION ward_state(w ward_postcode) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('ward', w.ward, 'name', w.name, 'authority', w.authority, 'closed', '')
$$;
CREATE OR REPLACE FUNCTION source_state(s source) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('name', s.name, 'contract', s.contract, 'organisation', s.organisation_id, 'authority', s.authority,
    'every', s.promised_days::text, 'closed', '')
$$;
REVOKE ALL ON FUNCTION reference_state(organisation), ward_state(ward_postcode), source_state(source) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference_state(organisation), ward_state(ward_postcode), source_state(source) TO contactpoint_worker;

-- Whether nothing ever came by a source, so that it can be taken out of the list again.
CREATE OR REPLACE FUNCTION source_unused(which text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM delivery x WHERE x.source_id = which) AND NOT EXISTS (SELECT FROM source_record x WHERE x.source_id = which)
    AND NOT EXISTS (SELECT FROM feed_file x WHERE x.source_id = which) AND NOT EXISTS (SELECT FROM feed_decision x WHERE x.source_id = which)
    AND NOT EXISTS (SELECT FROM source_mapping x WHERE x.source_id = which) AND NOT EXISTS (SELECT FROM incident_shut x WHERE x.source_id = which)
    AND NOT EXISTS (SELECT FROM quality_count x WHERE x.source_id = which)
$$;
REVOKE ALL ON FUNCTION source_unused(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION source_unused(text) TO contactpoint_worker;
GRANT DELETE ON source TO contactpoint_worker;

-- The table of domain/reference_lists.py; a test compares them.
CREATE OR REPLACE FUNCTION next_list_state(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('draft', 'ask', 'asked'), ('draft', 'drop', 'dropped'), ('asked', 'drop', 'dropped'),
    ('asked', 'agree', 'agreed'), ('asked', 'refuse', 'refused')) AS m (was, step, becomes)
  WHERE m.was = $1 AND m.step = $2
$$;

-- Of what a list holds and a file says, whatever differs: new, changed, or closed because the file does not name it. A file of
-- wards is that of the authorities it names, and of the postcodes that it takes from another.
CREATE OR REPLACE FUNCTION reference_differences(of_kind text, listed jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH said AS (SELECT s.value->>'code' AS code, s.value - 'code' AS after FROM jsonb_array_elements(listed) s),
    held AS (SELECT o.code::text AS code, reference_state(o) AS before FROM organisation o WHERE o.kind = of_kind
      UNION ALL SELECT w.postcode, ward_state(w) FROM ward_postcode w WHERE of_kind = 'ward'
        AND (w.authority IN (SELECT s.after->>'authority' FROM said s) OR w.postcode IN (SELECT s.code FROM said s))),
    differing AS (
      SELECT coalesce(h.code, s.code) AS code, h.before, coalesce(s.after, h.before || '{"closed": "yes"}') AS after
      FROM held h FULL JOIN said s ON s.code = h.code)
  SELECT coalesce(jsonb_agg(jsonb_build_array(d.code, d.before, d.after) ORDER BY d.code), '[]')
  FROM differing d WHERE d.before IS DISTINCT FROM d.after
$$;

-- How many children a change concerns, to the nearest hundred and not told below: whose school or practice it is, or whose
-- authority. Nobody who is protected or archived, and nothing that is sealed, is in the number. Of postcodes nobody is counted: a file
-- could name one alone, and whose ward changes is told nothing by it but a figure.
CREATE OR REPLACE FUNCTION reference_children(of_kind text, changes jsonb) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE codes text[]; found bigint;
BEGIN
  IF of_kind NOT IN ('authority', 'school', 'gp') THEN -- what else works with a child may be hidden (R36)
    RETURN NULL;
  END IF;
  SELECT array_agg(c.value->>0) INTO codes FROM jsonb_array_elements(changes) c WHERE c.value->1 <> 'null';
  IF of_kind = 'authority' THEN
    SELECT count(DISTINCT s.child_id) INTO found FROM search_identity s JOIN organisation o ON o.authority = s.la
    WHERE o.code = ANY(codes) AND o.authority <> '' AND NOT s.shielded;
  ELSE
    SELECT count(DISTINCT s.child_id) INTO found FROM involvement i JOIN source_record r ON r.id = i.record_id
      JOIN search_identity s ON s.child_id = r.child_id AND NOT s.shielded
    WHERE i.organisation_id = ANY(codes) AND i.service = of_kind AND i.end_date IS NULL AND NOT r.sealed AND r.withdrawn_at IS NULL;
  END IF;
  RETURN CASE WHEN found >= 100 THEN (found + 50) / 100 * 100 END;
END $$;

DROP FUNCTION IF EXISTS keep_reference_draft(uuid, timestamptz, text, jsonb, bigint);
CREATE OR REPLACE FUNCTION keep_reference_draft(who uuid, at_time timestamptz, of_kind text, changes jsonb, putting_back bigint, of_one text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  IF of_kind = 'authority' AND EXISTS (SELECT FROM jsonb_array_elements(changes) c
      WHERE c.value->1 <> 'null' AND c.value->2->>'closed' = 'yes' AND c.value->1->>'closed' = '') THEN
    RAISE EXCEPTION 'an authority ends only by a merger' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO reference_change (kind, of_one, state, rows, added, changed, gone, children, by_id, at, because, outcome, puts_back_id)
  SELECT of_kind, of_one, 'draft', changes, count(*) FILTER (WHERE c.value->1 = 'null'),
    count(*) FILTER (WHERE c.value->1 <> 'null' AND NOT (c.value->2->>'closed' = 'yes' AND c.value->1->>'closed' = '')),
    count(*) FILTER (WHERE c.value->1 <> 'null' AND c.value->2->>'closed' = 'yes' AND c.value->1->>'closed' = ''),
    reference_children(of_kind, changes), who, at_time, '', '', putting_back
  FROM jsonb_array_elements(changes) c RETURNING id INTO made;
  RETURN made;
END $$;

-- Whether the list of wards can hold it: as its table says, in an authority that there is.
CREATE OR REPLACE FUNCTION is_ward_row(said jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(said->>'code' ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9]([A-Z]{2})?)?$' AND said->>'ward' ~ '^E05[0-9]{6}$'
    AND length(said->>'name') BETWEEN 1 AND 120 AND EXISTS (
      SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = said->>'authority'), false)
$$;

-- Tries a file: keeps what it would change as a draft of whoever sent it. NULL where it would change nothing.
CREATE OR REPLACE FUNCTION try_reference(seeing uuid, of_kind text, listed jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; changes jsonb;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['tried_reference'], ARRAY['national_team']);
  IF of_kind <> ALL (ARRAY['authority', 'school', 'gp', 'ward']) OR (CASE WHEN of_kind = 'ward'
      THEN EXISTS (SELECT FROM jsonb_array_elements(listed) s WHERE NOT is_ward_row(s.value))
      ELSE EXISTS (SELECT FROM jsonb_array_elements(listed) s
        JOIN organisation o ON o.code = s.value->>'code' WHERE o.kind <> of_kind) END) THEN
    RAISE EXCEPTION 'no list names that' USING ERRCODE = 'insufficient_privilege';
  END IF;
  changes := reference_differences(of_kind, listed);
  RETURN CASE WHEN changes <> '[]' THEN keep_reference_draft(who.account, who.at, of_kind, changes, NULL, '') END;
END $$;

-- Whether one organisation or source can be that: whole, in an authority that there is, of a body that is open. What every
-- directory has, and a place that is named on no record, is none of these; the contract of a source stays.
CREATE OR REPLACE FUNCTION is_body_row(of_kind text, said jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT of_kind IN ('authority', 'school', 'gp', 'nhs_trust', 'police', 'youth_justice', 'charity', 'national')
    AND ARRAY(SELECT k FROM jsonb_object_keys(said - 'code') k ORDER BY k)
      = ARRAY['address', 'authority', 'closed', 'cover', 'hours', 'name', 'phone', 'postcode']
    AND said->>'code' ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,31}$' AND said->>'code' NOT IN ('contactpoint', 'not-shown')
    AND said->>'name' <> '' AND said->>'closed' IN ('', 'yes')
    AND NOT EXISTS (SELECT FROM organisation o WHERE o.code = said->>'code' AND o.kind <> of_kind)
    AND CASE WHEN of_kind = 'authority' THEN said->>'authority' ~ '^[0-9]{3}$' AND NOT EXISTS (SELECT FROM organisation o
        WHERE o.kind = 'authority' AND o.authority = said->>'authority' AND o.code <> said->>'code' AND o.closed_on IS NULL)
      ELSE said->>'authority' = '' OR EXISTS (SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = said->>'authority') END
$$;
CREATE OR REPLACE FUNCTION is_source_row(said jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT k FROM jsonb_object_keys(said - 'code') k ORDER BY k)
      = ARRAY['authority', 'closed', 'contract', 'every', 'name', 'organisation']
    AND said->>'code' ~ '^[a-z0-9][a-z0-9-]{0,47}$' AND said->>'name' <> '' AND said->>'closed' = ''
    AND said->>'every' ~ '^[1-9][0-9]{0,2}$' AND said->>'contract' NOT IN ('practitioner', 'by_hand')
    AND NOT EXISTS (SELECT FROM source s WHERE s.code = said->>'code' AND s.contract <> said->>'contract')
    AND EXISTS (SELECT FROM organisation o WHERE o.code = said->>'organisation' AND o.closed_on IS NULL
      AND o.code NOT IN ('contactpoint', 'not-shown') AND NOT is_discreet(o.code))
    AND (said->>'authority' = '' OR EXISTS (SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = said->>'authority'))
$$;

-- Keeps what is said of one organisation or source as a draft of whoever says it. NULL where it is so already.
CREATE OR REPLACE FUNCTION propose_reference(seeing uuid, of_kind text, said jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; before jsonb; after jsonb := said - 'code';
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['tried_reference'], ARRAY['national_team']);
  IF (CASE WHEN of_kind = 'source' THEN is_source_row(said) ELSE is_body_row(of_kind, said) END) IS NOT TRUE THEN
    RAISE EXCEPTION 'no list can hold that' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF of_kind = 'source' THEN
    SELECT source_state(s) INTO before FROM source s WHERE s.code = said->>'code';
  ELSE
    SELECT reference_state(o) INTO before FROM organisation o WHERE o.code = said->>'code';
  END IF;
  RETURN CASE WHEN after IS DISTINCT FROM before THEN keep_reference_draft(who.account, who.at, of_kind,
    jsonb_build_array(jsonb_build_array(said->'code', before, after)), NULL, said->>'code') END;
END $$;

-- Whether everything is still as a change left it: a body nobody knew of is closed, the others are as they were before. A
-- postcode that is in no ward any more is not there, nor is a source that was taken out, which one that was used cannot be.
DROP FUNCTION IF EXISTS reference_stands(jsonb, integer);
CREATE OR REPLACE FUNCTION reference_stands(of_kind text, changes jsonb, side integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  IF of_kind = 'ward' THEN
    RETURN NOT EXISTS (SELECT FROM jsonb_array_elements(changes) c LEFT JOIN ward_postcode w ON w.postcode = c.value->>0
      WHERE CASE WHEN w.postcode IS NULL THEN 'null' ELSE ward_state(w) END
        IS DISTINCT FROM CASE WHEN c.value->side->>'closed' = 'yes' THEN 'null' ELSE c.value->side END);
  END IF;
  IF of_kind = 'source' THEN
    RETURN NOT EXISTS (SELECT FROM jsonb_array_elements(changes) c LEFT JOIN source s ON s.code = c.value->>0
      WHERE CASE WHEN s.code IS NULL THEN 'null' ELSE source_state(s) END
          IS DISTINCT FROM CASE WHEN c.value->side->>'closed' = 'yes' THEN 'null' ELSE c.value->side END
        OR ((c.value->2->>'closed' = 'yes' OR side = 2 AND c.value->1 = 'null') AND NOT source_unused(c.value->>0)));
  END IF;
  RETURN NOT EXISTS (SELECT FROM jsonb_array_elements(changes) c LEFT JOIN organisation o ON o.code = c.value->>0
    WHERE CASE WHEN o.code IS NULL THEN 'null' ELSE reference_state(o) END IS DISTINCT FROM c.value->side);
END $$;

-- Draws up what puts a change back: what was new is closed, all else is as before. NULL where something changed since, or
-- where an authority would be closed.
CREATE OR REPLACE FUNCTION put_back_reference(seeing uuid, which bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it reference_change; changes jsonb;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['tried_reference'], ARRAY['national_team']);
  SELECT * INTO it FROM reference_change c WHERE c.id = which AND c.state = 'done';
  IF it IS NULL OR NOT reference_stands(it.kind, it.rows, 2) OR (it.kind = 'authority' AND it.added > 0) THEN
    RETURN NULL;
  END IF;
  SELECT jsonb_agg(jsonb_build_array(c.value->0, c.value->2,
    CASE WHEN c.value->1 = 'null' THEN c.value->2 || '{"closed": "yes"}' ELSE c.value->1 END) ORDER BY c.value->>0)
  INTO changes FROM jsonb_array_elements(it.rows) c;
  RETURN keep_reference_draft(who.account, who.at, it.kind, changes, which, it.of_one);
END $$;

-- Takes a step of a change; what it becomes, NULL where it may not be taken now or not by them, or something changed meanwhile.
CREATE OR REPLACE FUNCTION step_reference(seeing uuid, which bigint, taken text, why text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it reference_change; becomes text;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['stepped_reference'], ARRAY['national_team']);
  LOCK TABLE reference_change IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO it FROM reference_change c WHERE c.id = which;
  becomes := next_list_state(it.state, taken);
  IF becomes IS NULL OR (it.by_id = who.account) <> (taken IN ('ask', 'drop'))
      OR (taken IN ('ask', 'agree') AND NOT reference_stands(it.kind, it.rows, 1))
      OR (taken = 'ask' AND EXISTS (SELECT FROM reference_change c WHERE c.kind = it.kind AND c.of_one = it.of_one AND c.state IN ('asked', 'agreed'))) THEN
    RETURN NULL;
  END IF;
  UPDATE reference_change SET state = becomes, because = CASE WHEN taken = 'ask' THEN why ELSE because END,
    answered_by_id = CASE WHEN taken IN ('agree', 'refuse') THEN who.account END,
    answered_at = CASE WHEN taken <> 'ask' THEN who.at END WHERE id = which;
  RETURN becomes;
END $$;

-- Every change that was asked for, and the viewer's own drafts, newest first; what differs in detail of one alone.
DROP FUNCTION IF EXISTS reference_changes(uuid, bigint);
CREATE OR REPLACE FUNCTION reference_changes(seeing uuid, which bigint)
RETURNS TABLE (id bigint, kind text, of_one text, state text, by text, mine boolean, at timestamptz, because text, added integer, changed integer,
  gone integer, children integer, answered_by text, done_at timestamptz, outcome text, puts_back bigint, stands boolean, differing jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['listed_reference', 'listed_today'], ARRAY['national_team']);
  RETURN QUERY SELECT c.id, c.kind::text, c.of_one::text, c.state::text, a.name::text, c.by_id = who.account, c.at, c.because::text, c.added, c.changed,
    c.gone, c.children, coalesce(b.name, '')::text, c.done_at, c.outcome::text, c.puts_back_id,
    which IS NOT NULL AND c.state = 'done' AND reference_stands(c.kind, c.rows, 2) AND NOT (c.kind = 'authority' AND c.added > 0), CASE WHEN which IS NULL THEN '[]'::jsonb ELSE c.rows END
  FROM reference_change c JOIN account a ON a.id = c.by_id LEFT JOIN account b ON b.id = c.answered_by_id
  WHERE (which IS NULL OR c.id = which) AND (c.by_id = who.account OR c.state NOT IN ('draft', 'dropped')) AND
    (which IS NOT NULL OR c.state <> 'dropped')
  ORDER BY c.id DESC LIMIT 200;
END $$;

-- What was said of a change stays; the worker alone says what became of it.
CREATE OR REPLACE FUNCTION keep_reference_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state NOT IN ('draft', 'asked', 'agreed')
      OR (OLD.kind, OLD.of_one, OLD.rows, OLD.by_id, OLD.at, OLD.puts_back_id)
        IS DISTINCT FROM (NEW.kind, NEW.of_one, NEW.rows, NEW.by_id, NEW.at, NEW.puts_back_id)
      OR (NEW.state IN ('done', 'failed') AND OLD.state <> 'agreed') THEN
    RAISE EXCEPTION 'what was said of a list stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_reference_change BEFORE UPDATE OR DELETE ON reference_change
  FOR EACH ROW EXECUTE FUNCTION keep_reference_change();
CREATE OR REPLACE TRIGGER keep_reference_changes BEFORE TRUNCATE ON reference_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['try_reference(uuid, text, jsonb)', 'propose_reference(uuid, text, jsonb)', 'put_back_reference(uuid, bigint)',
    'step_reference(uuid, bigint, text, text)', 'reference_changes(uuid, bigint)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION reference_differences(text, jsonb), reference_children(text, jsonb),
    keep_reference_draft(uuid, timestamptz, text, jsonb, bigint, text), is_ward_row(jsonb), is_body_row(text, jsonb), is_source_row(jsonb),
    reference_stands(text, jsonb, integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION reference_stands(text, jsonb, integer) TO contactpoint_worker;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON area_rework, ward_postcode TO contactpoint_worker;
GRANT SELECT ON ward_postcode TO contactpoint_web;
