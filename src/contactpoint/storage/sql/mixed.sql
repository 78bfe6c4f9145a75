-- After two children were one record, by a wrong link or a joining that was taken back: who saw it meanwhile, and what (R55).
-- For the teams that may see the decision now, as cases_decided lists it.
CREATE OR REPLACE FUNCTION mixed_period(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid)
RETURNS TABLE (change_id bigint, kept text, other text, began timestamptz, ended timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT x.id, x.kept_id::text, x.other_id::text,
      CASE x.kind WHEN 'merge' THEN x.made_at ELSE (
        SELECT min(l.decided_at) FROM identity_move m JOIN link l ON l.record_id = m.record_id AND l.child_id = x.kept_id
        WHERE m.change_id = x.id) END,
      CASE x.kind WHEN 'split' THEN x.made_at ELSE u.made_at END
    FROM case_decided d JOIN identity_change x ON x.id = d.change_id LEFT JOIN identity_change u ON u.undoes_id = x.id
    WHERE d.id = which AND ((x.kind = 'split' AND u.id IS NULL) OR (x.kind = 'merge' AND u.id IS NOT NULL))
      AND CASE WHEN sees_what_is_sealed(seeing) THEN d.near ELSE d.open_to_all END
      AND (everywhere OR is_in_area(d.child_a, at_authority) OR is_in_area(d.child_b, at_authority))
      AND NOT is_kept_from(x.kept_id, whose) AND NOT is_kept_from(x.other_id, whose);
END $$;
REVOKE ALL ON FUNCTION mixed_period(bigint, text, boolean, uuid, uuid) FROM PUBLIC;

-- Who saw it, newest first. Where anybody did, the 72 hours begin in which the team decides whether that is a breach.
CREATE OR REPLACE FUNCTION mixed_looks(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid,
  at_time timestamptz)
RETURNS TABLE (event_body bytea, name text, job_title text, organisation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE it record;
BEGIN
  SELECT * INTO it FROM mixed_period(which, at_authority, everywhere, seeing, whose);
  IF it.change_id IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT b.body, a.name::text, a.job_title::text, o.name::text
    FROM audit_body b JOIN account a ON a.id = b.account LEFT JOIN organisation o ON o.code = b.organisation
    WHERE b.subjects @> ARRAY[it.kept]::varchar[] AND b.outcome = 'allowed'
      AND b.action IN ('searched', 'opened_record', 'read_history', 'listed_correctable', 'opened_own_child')
      AND b.occurred_at >= it.began AND b.occurred_at < it.ended
    ORDER BY b.occurred_at DESC, b.event_id LIMIT 500;
  IF FOUND THEN
    INSERT INTO mixed_question (change_id, opened_by_id, opened_at, decide_by)
      VALUES (it.change_id, whose, at_time, at_time + interval '72 hours') ON CONFLICT DO NOTHING;
  END IF;
END $$;
CREATE OR REPLACE FUNCTION mixed_versions(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar, local_id varchar,
  as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM mixed_period(which, at_authority, everywhere, seeing, whose) p CROSS JOIN LATERAL versions_linked(p.kept) v
$$;
CREATE OR REPLACE FUNCTION mixed_services(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid)
RETURNS TABLE (involvement bigint, service text, organisation text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM mixed_period(which, at_authority, everywhere, seeing, whose) p CROSS JOIN LATERAL services_linked(p.kept) v
$$;
CREATE OR REPLACE FUNCTION mixed_question_of(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid)
RETURNS TABLE (kept text, other text, decide_by timestamptz, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.kept, p.other, q.decide_by, q.outcome::text FROM mixed_period(which, at_authority, everywhere, seeing, whose) p
  LEFT JOIN mixed_question q ON q.change_id = p.change_id
$$;
CREATE OR REPLACE FUNCTION decide_mixed(which bigint, at_authority text, everywhere boolean, seeing uuid, whose uuid, said text,
  at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE mixed_question q SET outcome = said, decided_by_id = whose, decided_at = at_time
    FROM mixed_period(which, at_authority, everywhere, seeing, whose) p
    WHERE q.change_id = p.change_id AND q.outcome = '' AND said <> '';
  RETURN FOUND;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'mixed_looks(bigint, text, boolean, uuid, uuid, timestamptz)', 'mixed_versions(bigint, text, boolean, uuid, uuid)',
    'mixed_services(bigint, text, boolean, uuid, uuid)', 'mixed_question_of(bigint, text, boolean, uuid, uuid)',
    'decide_mixed(bigint, text, boolean, uuid, uuid, text, timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
