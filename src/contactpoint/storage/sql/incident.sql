-- Security incidents (R55). Pages read what is shut on every request, and write down who asks and who agrees; that two
-- people shut the country out, and let it in again, is a constraint of the table. A page acts for a person: what nobody
-- asked for comes from the command line alone, and a feed is opened there alone.
REVOKE ALL ON incident_shut FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON incident_shut TO contactpoint_web;
GRANT INSERT (scope, organisation_id, source_id, because, asked_by_id, asked_at, shut_at) ON incident_shut TO contactpoint_web;
GRANT UPDATE (agreed_by_id, shut_at, open_asked_by_id, opened_by_id, opened_at) ON incident_shut TO contactpoint_web;
GRANT USAGE ON SEQUENCE incident_shut_id_seq TO contactpoint_web;
GRANT SELECT, INSERT, UPDATE ON incident_shut TO contactpoint_worker;

CREATE OR REPLACE FUNCTION incident_has_people() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'contactpoint_web' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.asked_by_id IS NULL THEN
    RAISE EXCEPTION 'a page acts for somebody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'what is over stays as it was' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.opened_at IS NOT NULL AND (NEW.opened_by_id IS NULL OR NEW.scope = 'feed'
      OR (NEW.scope = 'national' AND NEW.open_asked_by_id IS NULL)) THEN
    RAISE EXCEPTION 'a page opens for people, and no feed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER incident_has_people BEFORE INSERT OR UPDATE ON incident_shut
  FOR EACH ROW EXECUTE FUNCTION incident_has_people();

-- The events that showed somebody something about a child.
CREATE OR REPLACE FUNCTION disclosing_actions() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['searched', 'opened_record', 'printed_record', 'read_history', 'read_exercises', 'read_own_word', 'listed_waiting',
    'listed_own_children', 'opened_own_child', 'listed_correctable', 'listed_corrections', 'opened_by_hand', 'listed_askable', 'listed_inbox', 'listed_notices', 'listed_desk',
    'opened_desk_message', 'listed_shields', 'opened_shield', 'looked_near_shield', 'listed_looks', 'read_hidden',
    'listed_attempts', 'overrode_shield', 'listed_overrides', 'opened_override', 'crossed_identity', 'listed_consents', 'opened_consent',
    'listed_not_shared', 'listed_family_requests', 'opened_family_request', 'made_family_report',
    'made_education_list', 'listed_education', 'listed_moves', 'listed_unplaced', 'took_rejects', 'took_corrections', 'listed_cases', 'opened_case', 'listed_use',
    'opened_use', 'listed_questions', 'replayed', 'exported', 'opened_archived', 'released_archived']
$$;
GRANT EXECUTE ON FUNCTION disclosing_actions() TO contactpoint_worker;

-- Who saw what, for somebody of the national desk who has written down, in this transaction, that they report a breach. At
-- most a thousand events: more come from the command line.
CREATE OR REPLACE FUNCTION breach_seen(seeing uuid, about text, whose uuid, from_time timestamptz, to_time timestamptz)
RETURNS TABLE (body bytea, name varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record; kept varchar[];
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['reported_breach'], ARRAY['national_team']);
  IF who.organisation <> 'contactpoint' THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF about IS NULL AND whose IS NULL AND from_time IS NULL THEN
    RAISE EXCEPTION 'of a child, a person or a time' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Of a child kept from who asks, only what they did themselves, as their own activity tells it (ADR 19).
  kept := children_kept_from(who.account);
  RETURN QUERY
    SELECT b.body, coalesce(a.name, '')::varchar FROM audit_body b LEFT JOIN account a ON a.id = b.account
    WHERE b.outcome = 'allowed' AND b.action = ANY (disclosing_actions()) AND b.account IS NOT NULL
      AND (b.account = who.account OR NOT b.subjects && kept)
      AND (about IS NULL OR b.subjects @> ARRAY[about]::varchar[]) AND (whose IS NULL OR b.account = whose)
      AND (from_time IS NULL OR b.occurred_at >= from_time) AND (to_time IS NULL OR b.occurred_at < to_time)
    ORDER BY b.occurred_at, b.event_id LIMIT 1000;
END $$;
REVOKE ALL ON FUNCTION breach_seen(uuid, text, uuid, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION breach_seen(uuid, text, uuid, timestamptz, timestamptz) TO contactpoint_web;
