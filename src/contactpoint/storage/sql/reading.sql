-- How pages come by what is said about children: through these functions and in no other way (ADR 9).
--
-- A table that the web role may read tells it, through the plans and counters of the database itself, how many rows
-- a policy took away. These functions run as the owner, so a plan shows a call and not what it passed over; they stop
-- before they touch anything of a shielded child, and leave out what consent hides. What they return is still decided
-- about by contactpoint.domain.disclosure: two locks.

-- The two lists below repeat contactpoint.domain; a test compares them.
CREATE OR REPLACE FUNCTION is_sensitive(service text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT service IN ('mental_health', 'sexual_health', 'substance_misuse')
$$;
CREATE OR REPLACE FUNCTION holds_nearly_every_child(contract text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT contract IN ('births', 'child_benefit', 'nhs_demographics', 'school_census', 'gp_registrations', 'child_health',
    'by_hand', 'team_word')
$$;
-- Today as the pages count it, whatever time zone the session was set to.
CREATE OR REPLACE FUNCTION today_here() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (now() AT TIME ZONE 'Europe/London')::date
$$;
-- Whether an account is signed in now: an open sign-in whose session lives, and the event of it in the audit. Whoever
-- runs statements as the web role could write the first two rows for somebody else and take them away again; the event,
-- which that person sees under "My activity", stays for good (ADR 9).
CREATE OR REPLACE FUNCTION is_signed_in(whose uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
      SELECT FROM sign_in_session s JOIN django_session d ON d.session_key = s.session_key
      WHERE s.account_id = whose AND s.ended_at IS NULL AND d.expire_date > clock_timestamp()
        AND s.began_at > clock_timestamp() - interval '11 hours')
    AND EXISTS (
      SELECT FROM audit_body b WHERE b.account = whose AND b.action = 'signed_in' AND b.outcome = 'allowed'
        AND b.occurred_at > clock_timestamp() - interval '11 hours');
END $$;
REVOKE ALL ON FUNCTION is_signed_in(uuid) FROM PUBLIC;
-- A sensitive service is shown only while somebody who may has agreed that it is (R36-R39, R41).
DROP FUNCTION IF EXISTS consent_shows(text, text, date, timestamptz);
CREATE OR REPLACE FUNCTION consent_shows(it involvement) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT is_sensitive(it.service)
    OR (it.consent IN ('child', 'carer') AND it.consent_scope <> 'desk' AND it.consent_withdrawn_at IS NULL
      AND (it.consent_until IS NULL OR it.consent_until >= today_here()))
$$;
-- As much of one as was agreed to: where nobody's name was, the organisation and its own telephone number stand for them.
-- Whoever opens what is encrypted leaves it out then (storage/sealed_involvements.py).
CREATE OR REPLACE FUNCTION as_agreed(it involvement) RETURNS involvement LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT is_sensitive(it.service) OR it.consent_scope = 'listed' THEN it
    WHEN it.sealed_said IS NOT NULL THEN jsonb_populate_record(it, jsonb_build_object('sealed_said', 'agreed:' || it.sealed_said))
    ELSE jsonb_populate_record(it, '{"practitioner": "", "practitioner_role": "", "contact_phone": "", "contact_hours": "",
      "contact_cover": ""}') END
$$;

-- What sources say of a child now, without what would give away a service that may not be shown (ADR 8).
CREATE OR REPLACE FUNCTION statements_shown(whose text)
RETURNS TABLE (child_id varchar, record bigint, source_id varchar, source_name varchar, contract varchar,
  authority varchar, local_id varchar, as_at date, recorded_at timestamptz, facts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT r.child_id, r.id, CASE WHEN d.is THEN 'not-shown' ELSE r.source_id END,
      CASE WHEN d.is THEN 'A service that is not named here' ELSE s.name END, s.contract, CASE WHEN d.is THEN '' ELSE s.authority END, r.local_id,
      coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)), v.recorded_at,
      facts_told(v.facts - 'involvements')::text
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL AND NOT v.sealed
    JOIN source s ON s.code = r.source_id
    CROSS JOIN LATERAL (SELECT is_discreet(s.organisation_id) AS is) AS d
    WHERE r.child_id = whose AND NOT r.sealed AND r.withdrawn_at IS NULL
      AND (holds_nearly_every_child(s.contract) OR EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed
          AND consent_shows(i)))
    ORDER BY r.id;
  RETURN QUERY
    SELECT whose::varchar, t.record, t.source_id, t.source_name, t.contract, t.authority, t.local_id, t.as_at, t.recorded_at, t.facts
    FROM team_statements_shown(whose) t WHERE t.held_until IS NULL;
END $$;

-- Who is in contact with a child, with the source that says so. What one person says alone is shown to nobody.
CREATE OR REPLACE FUNCTION involvements_shown(whose text)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT r.child_id, CASE WHEN is_discreet(s.organisation_id) THEN 'not-shown' ELSE r.source_id END, involvement_told(as_agreed(i))
    FROM source_record r JOIN involvement i ON i.record_id = r.id JOIN source s ON s.code = r.source_id
    WHERE r.child_id = whose AND NOT r.sealed AND NOT i.sealed AND r.withdrawn_at IS NULL
      AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL)
      AND consent_shows(i)
    ORDER BY i.id;
END $$;

-- What waits for a second person of an organisation: of sensitive services, only those that the person provides.
DROP FUNCTION IF EXISTS involvements_waiting(text, text[]);
CREATE OR REPLACE FUNCTION involvements_waiting(at_organisation text, provided text[], whose uuid)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.child_id, r.source_id, i
  FROM involvement i JOIN source_record r ON r.id = i.record_id
  WHERE i.organisation_id = at_organisation AND i.typed_by_id IS NOT NULL AND i.confirmed_at IS NULL
    AND i.end_date IS NULL AND NOT i.sealed AND NOT r.sealed AND r.withdrawn_at IS NULL
    AND (NOT is_sensitive(i.service) OR i.service = ANY (provided))
    AND r.child_id <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY i.id
$$;

-- One of them, kept still until the transaction ends. Of one about a shielded child it says who recorded it, and not
-- about whom: it can be confirmed like any other, and nobody learns more than that.
DROP FUNCTION IF EXISTS involvement_to_confirm(bigint, text, text[]), involvement_to_confirm(bigint, text, text[], uuid);
CREATE OR REPLACE FUNCTION involvement_to_confirm(which bigint, at_organisation text, provided text[], whose uuid, tags text[] DEFAULT '{}')
RETURNS TABLE (child_id varchar, typed_by_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT CASE WHEN i.sealed OR r.sealed THEN NULL ELSE r.child_id END, i.typed_by_id
    FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.id = which AND (i.organisation_id = at_organisation OR i.organisation_tag = ANY (tags))
      AND i.typed_by_id IS NOT NULL AND i.confirmed_at IS NULL AND i.end_date IS NULL AND r.withdrawn_at IS NULL
      AND (NOT is_sensitive(i.service) OR i.service = ANY (provided)) AND NOT is_kept_from(r.child_id, whose)
    FOR UPDATE OF i;
END $$;

-- How one stands now that somebody of an organisation may have seen, kept still until the transaction ends.
DROP FUNCTION IF EXISTS involvement_typed_at(bigint, text, text[]);
CREATE OR REPLACE FUNCTION involvement_typed_at(which bigint, at_organisation text, provided text[], whose uuid)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT r.child_id, r.source_id, i
    FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.id = which AND i.organisation_id = at_organisation AND i.typed_by_id IS NOT NULL
      AND NOT i.sealed AND NOT r.sealed AND r.withdrawn_at IS NULL
      AND (NOT is_sensitive(i.service) OR i.service = ANY (provided)) AND NOT is_kept_from(r.child_id, whose)
    FOR UPDATE OF i;
END $$;

-- Confirms it, sealed or not; false if it does not wait for that person. Who it was is encrypted with the rest.
DROP FUNCTION IF EXISTS confirm_own_word(bigint, uuid, timestamptz);
CREATE OR REPLACE FUNCTION confirm_own_word(which bigint, confirming uuid, at_time timestamptz, own uuid[] DEFAULT '{}')
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE involvement
  SET confirmed_by_id = confirming, confirmed_at = at_time, last_confirmed = (at_time AT TIME ZONE 'Europe/London')::date, sealed_with = NULL
  WHERE id = which AND typed_by_id <> confirming AND typed_by_id <> ALL (own) AND confirmed_at IS NULL AND end_date IS NULL;
  RETURN FOUND;
END $$;

-- Writes a practitioner's own word: under the practitioners' own source, unconfirmed, and never into what a feed says.
-- Whoever said so already, and has not ended it, says nothing new: then it writes nothing and returns NULL. An index
-- could not hold that, because two children who are found to be one bring each their own; so two windows wait in line.
-- Of a sensitive service it writes down who agreed to what as well, or who decided without (R37, R38). What is carried over
-- from a colleague brings along who had agreed, and that they do no longer (R41).
DROP FUNCTION IF EXISTS say_own_word(text, text, text, text, text, text, date, boolean, boolean, text, date, uuid, timestamptz),
  say_own_word(text, text, text, text, text, text, date, boolean, boolean, uuid, timestamptz, text, text, date, boolean, text, text, text, text, bigint);
CREATE OR REPLACE FUNCTION say_own_word(about text, kind text, at_organisation text, who text, who_role text, phone text,
  since date, leads boolean, holds_assessment boolean, said_by uuid, at_time timestamptz, agreed text, how_much text,
  agreed_until date, understood boolean, who_to_child text, decider text, decider_title text, reason text,
  carried bigint, own uuid[] DEFAULT '{}', giving uuid[] DEFAULT '{}')
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made_record bigint := nextval('source_record_id_seq');
  made bigint := nextval('involvement_id_seq');
  withdrawn timestamptz;
BEGIN
  IF said_by IS NULL THEN
    RAISE EXCEPTION 'somebody says it' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'own word', about, kind, at_organisation, said_by), 0));
  -- Kept still, so that what stands is still there to be told: whoever ends it in another window comes before or after.
  PERFORM FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE r.child_id = about AND ((i.typed_by_id = said_by AND i.organisation_id = at_organisation) OR i.typed_by_id = ANY (own))
      AND i.service = kind AND r.withdrawn_at IS NULL AND (i.end_date IS NULL OR i.end_date > (at_time AT TIME ZONE 'Europe/London')::date)
    FOR SHARE OF i;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  IF carried IS NOT NULL THEN
    SELECT i.consent, i.consent_scope, i.consent_until, i.consent_withdrawn_at INTO agreed, how_much, agreed_until, withdrawn
      FROM involvement i WHERE i.id = carried AND (i.organisation_id = at_organisation OR i.typed_by_id = ANY (giving)) AND i.service = kind;
  END IF;
  INSERT INTO source_record (id, source_id, local_id, child_id, sealed)
  VALUES (made_record, 'practitioners', replace(gen_random_uuid()::text, '-', ''), about, false);
  INSERT INTO involvement (id, record_id, involvement_id, service, organisation_id, team, practitioner, practitioner_role,
    contact_phone, contact_hours, contact_cover, start_date, last_confirmed, lead_practitioner, assessment, consent,
    consent_until, consent_scope, typed_by_id, recorded_at, sealed)
  VALUES (made, made_record, '', kind, at_organisation, '', who, who_role, phone, '', '', since, NULL, leads,
    holds_assessment, agreed, agreed_until, how_much, said_by, at_time, false);
  IF carried IS NOT NULL THEN
    INSERT INTO consent_step (involvement_id, what, basis, scope, until, understands, relation, decided_by, decided_by_title,
      without, by_id, made_for_id, at)
    SELECT made, s.what, s.basis, s.scope, s.until, s.understands, s.relation, s.decided_by, s.decided_by_title, s.without,
      s.by_id, s.made_for_id, s.at
    FROM consent_step s WHERE s.involvement_id = carried AND s.what = 'given' ORDER BY s.id DESC LIMIT 1;
    UPDATE involvement i SET consent_withdrawn_at = withdrawn WHERE i.id = made AND withdrawn IS NOT NULL;
  ELSIF is_sensitive(kind) THEN
    INSERT INTO consent_step (involvement_id, what, basis, scope, until, understands, relation, decided_by, decided_by_title,
      without, by_id, made_for_id, at)
    VALUES (made, 'given', agreed, how_much, agreed_until, understood, who_to_child, decider, decider_title, reason, said_by,
      at_organisation, at_time);
  END IF;
  RETURN made;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'statements_shown(text)', 'involvements_shown(text)', 'involvements_waiting(text, text[], uuid)',
    'involvement_to_confirm(bigint, text, text[], uuid, text[])', 'involvement_typed_at(bigint, text, text[], uuid)',
    'confirm_own_word(bigint, uuid, timestamptz, uuid[])',
    'say_own_word(text, text, text, text, text, text, date, boolean, boolean, uuid, timestamptz, text, text, date, boolean, text, text, text, text, bigint, uuid[], uuid[])'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
