-- After two children were one record, by a wrong link or a joining that was taken back: who saw it meanwhile, and what (R55).
-- For the teams that may see the decision now, as cases_decided lists it, in the very transaction that has written down who
-- looks: these answer with what the audit holds of others. Of what touches a shielded child, `near`, the national shield desk
-- alone, and of nothing else.
DROP FUNCTION IF EXISTS mixed_looks(bigint, text, boolean, uuid, uuid, timestamptz), mixed_versions(bigint, text, boolean, uuid, uuid),
  mixed_services(bigint, text, boolean, uuid, uuid), mixed_question_of(bigint, text, boolean, uuid, uuid),
  decide_mixed(bigint, text, boolean, uuid, uuid, text, timestamptz), mixed_period(bigint, text, boolean, uuid, uuid);
CREATE OR REPLACE FUNCTION mixed_team(seeing uuid, near boolean, doing text[])
RETURNS TABLE (account uuid, at timestamptz, everywhere boolean, authority text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, w.at, near OR w.role = 'national_team', w.authority
    FROM acting(seeing, doing, CASE WHEN near THEN ARRAY['shield_team'] ELSE ARRAY['national_team', 'authority_team'] END) w
    WHERE NOT near OR w.organisation = 'contactpoint';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down is at no national shield desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION mixed_team(uuid, boolean, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION mixed_period(seeing uuid, which bigint, near boolean, doing text[] DEFAULT '{listed_looks}')
RETURNS TABLE (change_id bigint, kept text, other text, began timestamptz, ended timestamptz, account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE team record;
BEGIN
  SELECT * INTO team FROM mixed_team(seeing, near, doing);
  RETURN QUERY
    SELECT x.id, x.kept_id::text, x.other_id::text,
      CASE x.kind WHEN 'merge' THEN x.made_at ELSE (
        SELECT min(l.decided_at) FROM identity_move m JOIN link l ON l.record_id = m.record_id AND l.child_id = x.kept_id
        WHERE m.change_id = x.id) END,
      CASE x.kind WHEN 'split' THEN x.made_at ELSE u.made_at END, team.account, team.at
    FROM case_decided d JOIN identity_change x ON x.id = d.change_id LEFT JOIN identity_change u ON u.undoes_id = x.id
    WHERE d.id = which AND ((x.kind = 'split' AND u.id IS NULL) OR (x.kind = 'merge' AND u.id IS NOT NULL))
      AND CASE WHEN mixed_period.near THEN d.near ELSE d.open_to_all END
      AND (team.everywhere OR is_in_area(d.child_a, team.authority) OR is_in_area(d.child_b, team.authority))
      AND NOT is_kept_from(x.kept_id, team.account) AND NOT is_kept_from(x.other_id, team.account);
END $$;
REVOKE ALL ON FUNCTION mixed_period(uuid, bigint, boolean, text[]) FROM PUBLIC;

-- Who saw it, newest first. Where anybody did, the 72 hours begin in which the team decides whether that is a breach.
CREATE OR REPLACE FUNCTION mixed_looks(seeing uuid, which bigint, near boolean)
RETURNS TABLE (event_body bytea, name text, job_title text, organisation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE it record;
BEGIN
  SELECT * INTO it FROM mixed_period(seeing, which, near);
  IF it.change_id IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT b.body, a.name::text, a.job_title::text, o.name::text
    FROM audit_body b JOIN account a ON a.id = b.account LEFT JOIN organisation o ON o.code = b.organisation
    WHERE b.subjects @> ARRAY[it.kept]::varchar[] AND b.outcome = 'allowed'
      AND b.action IN ('searched', 'opened_record', 'printed_record', 'read_history', 'listed_correctable', 'opened_own_child')
      AND b.occurred_at >= it.began AND b.occurred_at < it.ended
    ORDER BY b.occurred_at DESC, b.event_id LIMIT 500;
  IF FOUND THEN
    INSERT INTO mixed_question (change_id, opened_by_id, opened_at, decide_by)
      VALUES (it.change_id, it.account, it.at, it.at + interval '72 hours') ON CONFLICT DO NOTHING;
  END IF;
END $$;
CREATE OR REPLACE FUNCTION mixed_versions(seeing uuid, which bigint, near boolean)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar, local_id varchar,
  as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM mixed_period(seeing, which, near) p CROSS JOIN LATERAL versions_linked(p.kept) v
$$;
DROP FUNCTION IF EXISTS mixed_services(uuid, bigint, boolean);
CREATE OR REPLACE FUNCTION mixed_services(seeing uuid, which bigint, near boolean)
RETURNS TABLE (involvement bigint, service text, organisation text, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM mixed_period(seeing, which, near) p CROSS JOIN LATERAL services_linked(p.kept) v
$$;
CREATE OR REPLACE FUNCTION mixed_question_of(seeing uuid, which bigint, near boolean)
RETURNS TABLE (kept text, other text, decide_by timestamptz, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.kept, p.other, q.decide_by, q.outcome::text FROM mixed_period(seeing, which, near) p
  LEFT JOIN mixed_question q ON q.change_id = p.change_id
$$;
CREATE OR REPLACE FUNCTION decide_mixed(seeing uuid, which bigint, near boolean, said text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM mixed_team(seeing, near, ARRAY['decided_breach']);
  UPDATE mixed_question q SET outcome = said, decided_by_id = p.account, decided_at = p.at
    FROM mixed_period(seeing, which, near, ARRAY['decided_breach']) p
    WHERE q.change_id = p.change_id AND q.outcome = '' AND said <> '';
  RETURN FOUND;
END $$;
-- When each of those that a team has still to decide is due; not of whom.
DROP FUNCTION IF EXISTS mixed_due(uuid);
CREATE OR REPLACE FUNCTION mixed_due(seeing uuid, near boolean) RETURNS SETOF timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM mixed_team(seeing, near, ARRAY['listed_today']);
  RETURN QUERY
    SELECT q.decide_by FROM mixed_question q
    WHERE q.outcome = '' AND EXISTS (SELECT FROM case_decision d
      CROSS JOIN LATERAL mixed_period(seeing, d.id, near, ARRAY['listed_today']) p WHERE d.change_id = q.change_id);
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'mixed_looks(uuid, bigint, boolean)', 'mixed_versions(uuid, bigint, boolean)', 'mixed_services(uuid, bigint, boolean)',
    'mixed_question_of(uuid, bigint, boolean)', 'decide_mixed(uuid, bigint, boolean, text)', 'mixed_due(uuid, boolean)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
