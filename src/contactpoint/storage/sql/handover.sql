-- Checkpoints handed to organisations' auditors (R54): pages come by them through these functions alone, each given the
-- event just written of who looks. They ask; the worker makes what is asked for, because only it reads the tree.
REVOKE ALL ON audit_handover FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON audit_handover TO contactpoint_worker;
GRANT UPDATE (previous_id, size, signed, proof, made_at) ON audit_handover TO contactpoint_worker;
GRANT USAGE ON SEQUENCE audit_handover_id_seq TO contactpoint_worker;
GRANT SELECT ON audit_handover TO contactpoint_auditor;

-- What was handed over stays as it was; that it was taken away is written beside it, once.
CREATE OR REPLACE FUNCTION keep_handover() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.taken_at IS NULL AND NEW.taken_at IS NOT NULL AND OLD.made_at IS NOT NULL
      AND to_jsonb(NEW) - 'taken_at' = to_jsonb(OLD) - 'taken_at' THEN
    RETURN NEW;
  END IF;
  IF TG_OP <> 'UPDATE' OR OLD.made_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was handed over stays as it was' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_handover BEFORE UPDATE OR DELETE ON audit_handover FOR EACH ROW EXECUTE FUNCTION keep_handover();
CREATE OR REPLACE TRIGGER keep_handover_all BEFORE TRUNCATE ON audit_handover FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DROP FUNCTION IF EXISTS auditor_seeing(uuid), handovers_of(uuid);
CREATE OR REPLACE FUNCTION handovers_of(seeing uuid)
RETURNS TABLE (handover bigint, asked_at timestamptz, asked_by varchar, made_at timestamptz, size bigint,
  previous_size bigint, hashes integer, taken_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_handovers'], ARRAY['auditor']);
  RETURN QUERY SELECT h.id, h.asked_at, a.name, h.made_at, h.size, p.size, octet_length(h.proof) / 32,
    h.taken_at
  FROM acting(seeing, ARRAY['listed_handovers'], ARRAY['auditor']) w JOIN audit_handover h ON h.organisation_id = w.organisation
  LEFT JOIN audit_handover p ON p.id = h.previous_id LEFT JOIN account a ON a.id = h.asked_by_id
  ORDER BY h.id DESC LIMIT 100;
END $$;

-- Asks for one; false where one is asked for already.
CREATE OR REPLACE FUNCTION ask_handover(seeing uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['asked_handover'], ARRAY['auditor']);
  INSERT INTO audit_handover (organisation_id, asked_by_id, asked_at, signed) VALUES (who.organisation, who.account, who.at, '')
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- What was handed over, with all changes of key: about nobody, but it is the organisation's.
CREATE OR REPLACE FUNCTION handover_taken(which bigint, seeing uuid)
RETURNS TABLE (note text, previous_note text, proof bytea, key_changes text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['took_handover'], ARRAY['auditor']);
  UPDATE audit_handover h SET taken_at = w.at FROM acting(seeing, ARRAY['took_handover'], ARRAY['auditor']) w
    WHERE h.organisation_id = w.organisation AND h.id = which AND h.made_at IS NOT NULL AND h.taken_at IS NULL;
  RETURN QUERY SELECT h.signed, p.signed, h.proof, ARRAY(SELECT k.signed FROM audit_key k ORDER BY k.id)
  FROM acting(seeing, ARRAY['took_handover'], ARRAY['auditor']) w JOIN audit_handover h ON h.organisation_id = w.organisation
  LEFT JOIN audit_handover p ON p.id = h.previous_id
  WHERE h.id = which AND h.made_at IS NOT NULL;
END $$;

-- What waits for an auditor's organisation: those made since it last took one away, and when that was.
CREATE OR REPLACE FUNCTION handovers_waiting(seeing uuid)
RETURNS TABLE (ready bigint, ready_since timestamptz, is_being_made boolean, taken_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE whose text := (SELECT organisation FROM acting(seeing, ARRAY['listed_today'], ARRAY['auditor']));
BEGIN
  RETURN QUERY SELECT count(*) FILTER (WHERE h.made_at IS NOT NULL AND h.id > l.id),
    min(h.made_at) FILTER (WHERE h.made_at IS NOT NULL AND h.id > l.id), coalesce(bool_or(h.made_at IS NULL), false), max(h.taken_at)
  FROM audit_handover h CROSS JOIN (SELECT coalesce(max(t.id), 0) AS id FROM audit_handover t
    WHERE t.organisation_id = whose AND t.taken_at IS NOT NULL) l
  WHERE h.organisation_id = whose;
END $$;

-- To an auditor of the national body: each other organisation that has an auditor, and when it last took one away. Unless
-- those elsewhere take theirs, nobody outside could tell that the log was written anew.
CREATE OR REPLACE FUNCTION handovers_elsewhere(seeing uuid) RETURNS TABLE (name varchar, taken_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['listed_handovers', 'listed_today'], ARRAY['auditor']);
  RETURN QUERY SELECT o.name, (SELECT max(h.taken_at) FROM audit_handover h WHERE h.organisation_id = o.code) AS taken
  FROM organisation o WHERE who.kind = 'national' AND o.code <> who.organisation AND EXISTS (
    SELECT FROM membership m JOIN account a ON a.id = m.account_id AND a.is_active
    WHERE m.organisation_id = o.code AND m.role = 'auditor' AND m.ended_at IS NULL)
  ORDER BY taken NULLS FIRST, o.name;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['handovers_of(uuid)', 'ask_handover(uuid)', 'handover_taken(bigint, uuid)',
    'handovers_waiting(uuid)', 'handovers_elsewhere(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
