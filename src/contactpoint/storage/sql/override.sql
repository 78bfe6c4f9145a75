-- Overriding a shield (R33). What a shield hides reaches a page through one function, which first writes the audit event
-- and opens the investigation itself: nothing is read that does not stand in both.

CREATE OR REPLACE FUNCTION override_right_in_force(whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM override_right r
    WHERE r.account_id = whose AND r.agreed_at IS NOT NULL AND r.ended_at IS NULL AND r.until >= today_here())
$$;
REVOKE ALL ON FUNCTION override_right_in_force(uuid) FROM PUBLIC;

-- Whether one may override, asked by oneself.
CREATE OR REPLACE FUNCTION may_override(whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT is_signed_in(whose) AND override_right_in_force(whose)
$$;

-- Everything that sources say of one child, and who is in contact, sealed or not; what consent keeps back stays back. For
-- the functions below alone: whoever calls it has written down who looks, and why they may.
CREATE OR REPLACE FUNCTION sealed_record(about text)
RETURNS TABLE (child_id varchar, record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT r.child_id, r.id, r.source_id, s.name, s.contract, s.authority, r.local_id,
      coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)), v.recorded_at, (v.facts - 'involvements')::text,
      NULL::involvement
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    JOIN source s ON s.code = r.source_id
    WHERE r.child_id = about AND r.withdrawn_at IS NULL
      AND (holds_nearly_every_child(s.contract) OR EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id
          AND consent_shows(i)))
    ORDER BY r.id;
  RETURN QUERY
    SELECT r.child_id, r.id, r.source_id, s.name, s.contract, s.authority, r.local_id, NULL::date, NULL::timestamptz,
      NULL::text, as_agreed(i)
    FROM source_record r JOIN involvement i ON i.record_id = r.id JOIN source s ON s.code = r.source_id
    WHERE r.child_id = about AND r.withdrawn_at IS NULL
      AND consent_shows(i)
    ORDER BY i.id;
END $$;
REVOKE ALL ON FUNCTION sealed_record(text) FROM PUBLIC;

-- What a shield hides, for somebody of its desk who has just been written down as reading it, of this child, for a reason
-- (R32). Every call needs an event of its own.
CREATE OR REPLACE FUNCTION read_hidden(seeing uuid, which bigint)
RETURNS TABLE (child_id varchar, record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['read_hidden']); about text;
BEGIN
  SELECT s.child_id INTO about FROM shield s JOIN written_down(seeing) w ON w.subjects = ARRAY[s.child_id::text]
    WHERE s.id = which AND s.lifted_at IS NULL AND s.kept_from_id IS NULL AND (desk = '' OR s.authority = desk)
      AND NOT is_kept_from(s.child_id, w.account);
  IF about IS NULL THEN
    RAISE EXCEPTION 'nobody of its desk has been written down as reading what this shield hides' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT * FROM sealed_record(about);
END $$;

-- Everything that sources say of one shielded child, and who is in contact, for somebody who overrides its shield. What
-- consent keeps back stays back: a shield is overridden, not a consent. Refused unless the event that is written says just
-- this of just this person, who is signed in, was given the right by two others, and has proved a second factor within the
-- last two minutes.
CREATE OR REPLACE FUNCTION read_overridden(event uuid, committed bytea, salting bytea, said bytea, about text, who uuid,
  at_organisation text, at_time timestamptz, why text)
RETURNS TABLE (child_id varchar, record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, seen involvement)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE told jsonb := convert_from(said, 'UTF8')::jsonb; desk text;
BEGIN
  IF (told->>'event_id', told->>'action', told->>'outcome', told->'actor'->>'account', told->'actor'->>'organisation',
      told->'subjects') IS DISTINCT FROM
      (event::text, 'overrode_shield', 'allowed', who::text, at_organisation, jsonb_build_array(about))
    OR sha256(convert_to(E'contactpoint audit event v1\n', 'UTF8') || salting || said) <> committed THEN
    RAISE EXCEPTION 'the event does not say who overrides what' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO audit_event (id, commitment) VALUES (event, committed);
  INSERT INTO audit_body (event_id, occurred_at, action, outcome, account, organisation, subjects, body, salt)
    VALUES (event, at_time, 'overrode_shield', 'allowed', who, at_organisation, ARRAY[about], said, salting);
  PERFORM FROM written_down(event) w JOIN membership m ON m.account_id = w.account AND m.organisation_id = w.organisation
      AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
    WHERE override_right_in_force(w.account) AND EXISTS (
      SELECT FROM mfa_authenticator f WHERE f.user_id = w.account AND f.type IN ('totp', 'webauthn')
        AND f.last_used_at > clock_timestamp() - interval '2 minutes');
  IF NOT FOUND OR is_kept_from(about, who) THEN
    RAISE EXCEPTION 'nobody who may override has proved who they are' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT s.authority INTO desk FROM shield s
    WHERE s.child_id = about AND s.lifted_at IS NULL AND s.kept_from_id IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no shield to override' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO override_use (event, child_id, authority, account_id, organisation_id, reason, used_at)
    VALUES (event, about, desk, who, at_organisation, why, at_time);
  RETURN QUERY SELECT * FROM sealed_record(about);
END $$;

-- Whom a desk may give a right to: people of its authority, and everybody at the national desk.
CREATE OR REPLACE FUNCTION is_of_desk(whose uuid, desk text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM membership m JOIN organisation o ON o.code = m.organisation_id
    WHERE m.account_id = whose AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
      AND (desk = '' OR o.authority = desk))
$$;
REVOKE ALL ON FUNCTION is_of_desk(uuid, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION override_rights(seeing uuid)
RETURNS TABLE (which bigint, account uuid, name text, organisation text, first text, first_account uuid, second text, until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_overrides', 'agreed_override', 'ended_override']);
BEGIN
  RETURN QUERY
    SELECT r.id, a.id, a.name::text, (
        SELECT string_agg(DISTINCT o.name, ', ') FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.account_id = a.id AND m.ended_at IS NULL), g.name::text, g.id, s.name::text, r.until
    FROM override_right r JOIN account a ON a.id = r.account_id JOIN account g ON g.id = r.given_by_id
    LEFT JOIN account s ON s.id = r.agreed_by_id
    WHERE r.ended_at IS NULL AND r.until >= today_here() AND is_of_desk(r.account_id, desk)
    ORDER BY r.id;
END $$;

-- Gives a right, which counts once a second person has agreed; NULL where nobody of that address could have one, or has.
CREATE OR REPLACE FUNCTION give_override(seeing uuid, address text, last_day date) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['gave_override']); giver record; taker uuid;
BEGIN
  SELECT * INTO giver FROM written_down(seeing);
  SELECT a.id INTO taker FROM account a
    WHERE a.email = lower(address) AND a.is_active AND a.suspended_at IS NULL AND a.id <> giver.account
      AND is_of_desk(a.id, desk) FOR UPDATE;
  UPDATE override_right SET ended_at = giver.at WHERE account_id = taker AND ended_at IS NULL AND until < today_here();
  IF taker IS NULL OR last_day < today_here() OR last_day > today_here() + 366 OR EXISTS (
      SELECT FROM override_right r WHERE r.account_id = taker AND r.ended_at IS NULL) THEN
    RETURN NULL;
  END IF;
  INSERT INTO override_right (account_id, until, given_by_id, given_at) VALUES (taker, last_day, giver.account, giver.at);
  RETURN taker;
END $$;

CREATE OR REPLACE FUNCTION agree_override(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['agreed_override']); second record;
BEGIN
  SELECT * INTO second FROM written_down(seeing);
  UPDATE override_right r SET agreed_by_id = second.account, agreed_at = second.at
    WHERE r.id = which AND r.agreed_at IS NULL AND r.ended_at IS NULL AND is_of_desk(r.account_id, desk);
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION end_override(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['ended_override']);
BEGIN
  UPDATE override_right r SET ended_at = (SELECT w.at FROM written_down(seeing) w)
    WHERE r.id = which AND r.ended_at IS NULL AND is_of_desk(r.account_id, desk);
  RETURN FOUND;
END $$;

-- Overrides nobody has looked into yet, the oldest first; not whose shield it was.
CREATE OR REPLACE FUNCTION overrides_open(seeing uuid) RETURNS TABLE (which bigint, used_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_overrides', 'listed_today']);
BEGIN
  RETURN QUERY
    SELECT u.id, u.used_at FROM override_use u
    WHERE u.outcome = '' AND (desk = '' OR u.authority = desk)
      AND u.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) ORDER BY u.id LIMIT 200;
END $$;

CREATE OR REPLACE FUNCTION override_at_desk(seeing uuid, which bigint)
RETURNS TABLE (child text, account uuid, name text, job_title text, organisation text, phone text, reason text,
  used_at timestamptz, outcome text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['opened_override']);
BEGIN
  RETURN QUERY
    SELECT u.child_id::text, a.id, a.name::text, a.job_title::text, o.name::text, o.phone::text, u.reason::text, u.used_at,
      u.outcome::text
    FROM override_use u JOIN account a ON a.id = u.account_id JOIN organisation o ON o.code = u.organisation_id
    WHERE u.id = which AND (desk = '' OR u.authority = desk)
      AND u.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) FOR UPDATE OF u;
END $$;

-- Says what came of looking into one; the table refuses whoever made it. What was not justified ends the right and suspends
-- the account at once (R52).
CREATE OR REPLACE FUNCTION close_override(seeing uuid, which bigint, found_out text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['closed_override']); closer record; made_by uuid;
BEGIN
  SELECT * INTO closer FROM written_down(seeing);
  UPDATE override_use u SET outcome = found_out, closed_by_id = closer.account, closed_at = closer.at
    WHERE u.id = which AND u.outcome = '' AND (desk = '' OR u.authority = desk)
      AND u.child_id = ANY (closer.subjects) AND NOT is_kept_from(u.child_id, closer.account) RETURNING u.account_id INTO made_by;
  IF made_by IS NOT NULL AND found_out = 'not_justified' THEN
    UPDATE override_right SET ended_at = closer.at WHERE account_id = made_by AND ended_at IS NULL;
    UPDATE account SET suspended_at = coalesce(suspended_at, closer.at), suspended_for = 'review' WHERE id = made_by;
  END IF;
  RETURN made_by IS NOT NULL;
END $$;

-- For the worker: whom to tell by e-mail that something waits, once for each override that nobody has looked into: whoever works at
-- the shield desk that has it, and at the national one; not who made it, nor from whom the child is kept (ADR 46).
CREATE OR REPLACE FUNCTION overrides_to_tell(how_many integer)
RETURNS TABLE (which bigint, child_number text, addresses text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.child_id::text, ARRAY(
      SELECT DISTINCT a.email::text FROM membership m JOIN account a ON a.id = m.account_id
      JOIN organisation o ON o.code = m.organisation_id
      WHERE m.role = 'shield_team' AND m.ended_at IS NULL AND a.is_active AND a.suspended_at IS NULL AND a.id <> u.account_id
        AND (o.code = 'contactpoint' OR (o.kind = 'authority' AND o.authority <> '' AND o.authority = u.authority))
        AND NOT is_kept_from(u.child_id, a.id)
      ORDER BY 1)
  FROM override_use u WHERE u.told_at IS NULL AND u.outcome = '' ORDER BY u.id LIMIT how_many
$$;
CREATE OR REPLACE FUNCTION note_override_told(which bigint, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE override_use SET told_at = at_time WHERE id = which AND told_at IS NULL AND outcome = ''
$$;
REVOKE ALL ON FUNCTION overrides_to_tell(integer), note_override_told(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION overrides_to_tell(integer), note_override_told(bigint, timestamptz) TO contactpoint_worker;

-- The look of an override is never changed, nor taken away but by a purge; only what came of it is added, once.
CREATE OR REPLACE FUNCTION guard_override_use() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND is_purging() THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.outcome <> '' OR (OLD.event, OLD.child_id, OLD.account_id, OLD.reason, OLD.used_at)
      IS DISTINCT FROM (NEW.event, NEW.child_id, NEW.account_id, NEW.reason, NEW.used_at) THEN
    RAISE EXCEPTION 'an override that was made stands' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard_override_use BEFORE UPDATE OR DELETE ON override_use FOR EACH ROW
  EXECUTE FUNCTION guard_override_use();

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'may_override(uuid)', 'read_overridden(uuid, bytea, bytea, bytea, text, uuid, text, timestamptz, text)',
    'override_rights(uuid)', 'give_override(uuid, text, date)', 'agree_override(uuid, bigint)', 'end_override(uuid, bigint)',
    'read_hidden(uuid, bigint)', 'overrides_open(uuid)', 'override_at_desk(uuid, bigint)', 'close_override(uuid, bigint, text)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
