-- Families who ask what is held (R60): through these functions and in no other way (ADR 9). Nothing answers to anybody who
-- has not been written down as looking in the same transaction.

-- Which desk looks: "national" for the national shield desk, or the organisation whose team it is.
DROP FUNCTION IF EXISTS family_desk_of(uuid);
CREATE OR REPLACE FUNCTION family_desk_of(seeing uuid, doing text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, doing, ARRAY['authority_team', 'national_team', 'shield_team']);
  IF who.role <> 'shield_team' THEN
    RETURN who.organisation;
  ELSIF who.organisation = 'contactpoint' THEN
    RETURN 'national';
  END IF;
  RAISE EXCEPTION 'whoever has been written down answers no families' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Each with the number its child goes by now, and the desk that answers it now.
CREATE OR REPLACE VIEW family_request_now AS
  SELECT r.*, c.number AS child_now, c.shielded,
    CASE WHEN r.passed_on OR c.shielded THEN 'national' ELSE r.made_for_id END AS at_desk
  FROM family_request r JOIN child c ON c.number = living_number(r.child_id);
REVOKE ALL ON family_request_now FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

CREATE OR REPLACE FUNCTION record_family_request(seeing uuid, about text, who text, shown_who text, shown_why text,
  came_on date, answer_by date)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; made bigint;
BEGIN
  PERFORM family_desk_of(seeing, ARRAY['recorded_family_request']);
  SELECT * INTO w FROM written_down(seeing);
  IF w.subjects <> ARRAY[about] OR is_kept_from(about, w.account) THEN
    RAISE EXCEPTION 'another child has been written down' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO family_request (child_id, asker, identity, entitlement, received_on, due_on, made_for_id, made_by_id, made_at)
    VALUES (about, who, shown_who, shown_why, came_on, answer_by, w.organisation, w.account, w.at) RETURNING id INTO made;
  RETURN made;
END $$;

-- What a desk answers, what it did lately, and what it recorded for the national desk: of that only when it came.
CREATE OR REPLACE FUNCTION family_requests(seeing uuid, since timestamptz)
RETURNS TABLE (request bigint, asker text, received_on date, due_on date, state text, elsewhere boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := family_desk_of(seeing, ARRAY['listed_family_requests', 'listed_today']);
BEGIN
  RETURN QUERY
    SELECT n.id, n.asker::text, n.received_on, CASE WHEN n.at_desk = desk THEN n.due_on END,
      CASE WHEN n.at_desk = desk THEN n.state::text END, n.at_desk <> desk
    FROM family_request_now n
    WHERE n.child_now <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) AND ((n.at_desk = desk AND (n.state IN ('open', 'extended') OR n.moved_at >= since))
      OR (n.at_desk <> desk AND n.made_for_id = desk AND n.made_at >= since))
    ORDER BY n.due_on, n.id;
END $$;

-- One of a desk, kept still until the transaction ends.
CREATE OR REPLACE FUNCTION family_request_at(seeing uuid, which bigint)
RETURNS TABLE (child text, shielded boolean, passed_on boolean, asker text, identity text, entitlement text,
  received_on date, due_on date, state text, because text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := family_desk_of(seeing, ARRAY['opened_family_request', 'moved_family_request', 'made_family_report']);
BEGIN
  PERFORM FROM family_request r WHERE r.id = which FOR UPDATE;
  RETURN QUERY
    SELECT n.child_now::text, n.shielded, n.passed_on, n.asker::text, n.identity::text, n.entitlement::text, n.received_on,
      n.due_on, n.state::text, n.because::text
    FROM family_request_now n WHERE n.id = which AND n.at_desk = desk
      AND n.child_now <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]);
END $$;

CREATE OR REPLACE FUNCTION move_family_request(seeing uuid, which bigint, from_state text, to_state text, why text,
  answer_by date, pass_on boolean)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := family_desk_of(seeing, ARRAY['moved_family_request']); w record;
BEGIN
  SELECT * INTO w FROM written_down(seeing);
  UPDATE family_request r SET state = to_state, because = CASE WHEN why = '' THEN r.because ELSE why END, due_on = answer_by,
    passed_on = r.passed_on OR pass_on, moved_by_id = w.account, moved_at = w.at
  FROM family_request_now n WHERE n.id = which AND r.id = n.id AND n.at_desk = desk AND r.state = from_state
    AND NOT is_kept_from(n.child_now, w.account);
  RETURN FOUND;
END $$;

-- Who looked at an unshielded child, without names: by what work, for whom, when and why. Left out, whoever asks: shield
-- desks and their reasons, comparing by others than an authority's team (it may be near a shield), and people and bodies
-- that provide a sensitive service or are such a place as is not named, whom a look would give away (R34, R39); a consent
-- desk too, for where it looks there may be a service that somebody else of the family is not to know of. Whoever looked for
-- somebody without an account is told with that one's organisation (R6), by the same rule. `sensitive` are organisations
-- that provide such a service to a child of whom that is encrypted (family_sensitive).
DROP FUNCTION IF EXISTS looks_told(text, text[]);
CREATE OR REPLACE FUNCTION looks_told(about text, kinds text[], sensitive text[] DEFAULT '{}')
RETURNS TABLE (action text, at timestamptz, organisation text, services text[], role text, purpose text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE down AS (
    SELECT number FROM child WHERE number = about AND NOT shielded
    UNION SELECT c.number FROM child c JOIN down ON c.retired_into_id = down.number),
  told AS (
    SELECT b.action::text AS action, b.occurred_at, b.account, b.organisation AS code, o.name::text AS name, o.kind,
      convert_from(b.body, 'UTF8')::jsonb AS body
    FROM audit_body b JOIN organisation o ON o.code = b.organisation
    WHERE b.subjects && (SELECT array_agg(number) FROM down)::varchar[] AND b.outcome = 'allowed'
      AND b.action = ANY (kinds) AND b.account IS NOT NULL)
  SELECT t.action || CASE WHEN t.body #>> '{details,ahead}' = 'true' THEN '_ahead' ELSE '' END, t.occurred_at, t.name || coalesce(', asked by ' || a.name, ''), coalesce(p.services, '{}'), t.body #>> '{actor,role}', t.body #>> '{purpose,code}'
  FROM told t LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT s.service ORDER BY s.service) AS services
    FROM membership m CROSS JOIN LATERAL jsonb_array_elements_text(m.services) AS s (service)
    WHERE m.account_id = t.account AND m.organisation_id = t.code) p ON true
  LEFT JOIN organisation a ON a.code = t.body #>> '{actor,mediated_for,organisation}' AND NOT is_discreet(a.code)
    AND NOT EXISTS (SELECT FROM involvement i WHERE i.organisation_id = a.code AND i.consent > '' AND is_sensitive(i.service))
    AND a.code <> ALL (sensitive)
  WHERE t.body #>> '{actor,role}' NOT IN ('shield_team', 'consent_team')
    AND coalesce(t.body #>> '{purpose,code}', '') <> 'shield_decision'
    AND (t.action <> 'opened_case' OR t.body #>> '{actor,role}' = 'authority_team')
    AND NOT EXISTS (SELECT FROM unnest(p.services) s WHERE is_sensitive(s))
    AND NOT is_discreet(t.code)
    AND NOT (t.kind = 'charity' AND (t.code = ANY (sensitive)
      OR EXISTS (SELECT FROM involvement i WHERE i.organisation_id = t.code AND is_sensitive(i.service))))
  ORDER BY t.occurred_at DESC
$$;
-- Every sensitive service whose organisation is encrypted, in one value, for whoever makes a report and has the key.
CREATE OR REPLACE FUNCTION family_sensitive(seeing uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM family_desk_of(seeing, ARRAY['made_family_report']);
  RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'sealed_said', i.sealed_said)), '[]') FROM involvement i
    WHERE i.organisation_id IS NULL AND i.consent > '' AND is_sensitive(i.service));
END $$;
DROP FUNCTION IF EXISTS family_looks(uuid, bigint, text[]);
CREATE OR REPLACE FUNCTION family_looks(seeing uuid, which bigint, kinds text[], sensitive text[] DEFAULT '{}')
RETURNS TABLE (action text, at timestamptz, organisation text, services text[], role text, purpose text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := family_desk_of(seeing, ARRAY['made_family_report']);
BEGIN
  RETURN QUERY SELECT l.* FROM family_request_now n CROSS JOIN LATERAL looks_told(n.child_now,
      ARRAY(SELECT unnest(kinds) INTERSECT SELECT unnest(disclosing_actions())), sensitive) l
    WHERE n.id = which AND n.at_desk = desk AND NOT n.shielded
      AND n.child_now <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]);
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'record_family_request(uuid, text, text, text, text, date, date)', 'family_requests(uuid, timestamptz)',
    'family_request_at(uuid, bigint)', 'move_family_request(uuid, bigint, text, text, text, date, boolean)',
    'family_looks(uuid, bigint, text[], text[])', 'family_sensitive(uuid)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION family_desk_of(uuid, text[]), looks_told(text, text[], text[]) FROM PUBLIC;
END $$;
