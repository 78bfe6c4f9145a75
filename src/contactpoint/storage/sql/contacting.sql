-- Getting in touch: requests to a service and messages to a desk, through these functions and in no other way (ADR 9).
-- Whoever asks learns of a message to a desk, and of anything about a shielded child, no more than that it was sent.

-- The number a child goes by now, whatever numbers have retired into it.
CREATE OR REPLACE FUNCTION living_number(once text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE up AS (
    SELECT number, retired_into_id FROM child WHERE number = once
    UNION SELECT c.number, c.retired_into_id FROM child c JOIN up ON c.number = up.retired_into_id)
  SELECT number FROM up WHERE retired_into_id IS NULL
$$;

CREATE OR REPLACE VIEW contact_request_now AS
  SELECT r.*, c.number AS child_now, c.shielded, o.name AS organisation_name, a.name AS asked_by_name,
    a.job_title AS asked_by_title, f.name AS asked_for_name, f.phone AS asked_for_phone, t.name AS taken_by_name
  FROM contact_request r JOIN child c ON c.number = living_number(r.child_id)
  LEFT JOIN organisation o ON o.code = r.organisation_id JOIN account a ON a.id = r.asked_by_id
  JOIN organisation f ON f.code = r.asked_for_id LEFT JOIN account t ON t.id = r.taken_by_id;
REVOKE ALL ON contact_request_now FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- Notes what has happened to a request. Whoever hands on says to whom, whoever answers how.
CREATE OR REPLACE FUNCTION note_contact_step(which bigint, happened text, whose uuid, to_whom uuid, ended_how text,
  at_time timestamptz)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO contact_step (request_id, what, by_id, to_id, outcome, at)
  VALUES (which, happened, whose, to_whom, ended_how, at_time)
$$;

-- Asks a service of an unshielded child; nothing of a shielded one. The same asked again while it is open is the same one.
CREATE OR REPLACE FUNCTION ask_contact(about_child text, to_organisation text, to_service text, to_desk text, what text,
  how_soon text, on_phone text, whose uuid, at_organisation text, at_time timestamptz, at_latest timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM FROM child WHERE number = about_child AND NOT shielded FOR SHARE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO contact_request (child_id, organisation_id, service, desk, about, urgency, phone, asked_by_id, asked_for_id,
    asked_at, answer_by, state, outcome)
  VALUES (about_child, to_organisation, to_service, to_desk, what, how_soon, on_phone, whose, at_organisation, at_time,
    at_latest, 'waiting', '')
  ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    SELECT id INTO made FROM contact_request WHERE child_id = about_child AND organisation_id = to_organisation
      AND service = to_service AND asked_by_id = whose AND asked_for_id = at_organisation AND state IN ('waiting', 'taken');
  ELSE
    PERFORM note_contact_step(made, 'asked', whose, NULL, '', at_time);
  END IF;
  RETURN made;
END $$;

-- Leaves a message with a desk: of a shielded child always the national one (R32), whichever was meant.
CREATE OR REPLACE FUNCTION ask_desk(about_child text, to_desk text, what text, how_soon text, on_phone text, whose uuid,
  at_organisation text, at_time timestamptz, at_latest timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  INSERT INTO contact_request (child_id, service, desk, about, urgency, phone, asked_by_id, asked_for_id, asked_at,
    answer_by, state, outcome)
  SELECT c.number, '', CASE WHEN c.shielded OR is_discreet(at_organisation) THEN 'national' ELSE to_desk END, what, how_soon, on_phone, whose,
    at_organisation, at_time, at_latest, 'waiting', ''
  FROM child c WHERE c.number = about_child
  ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    SELECT id INTO made FROM contact_request WHERE child_id = about_child AND organisation_id IS NULL
      AND asked_by_id = whose AND asked_for_id = at_organisation AND state IN ('waiting', 'taken');
  END IF;
  RETURN made;
END $$;

-- What one asked, newest first. Of a message to a desk, and of a child that is shielded by now, only that it was asked.
CREATE OR REPLACE FUNCTION contacts_asked(whose uuid, at_organisation text, how_many integer)
RETURNS TABLE (request bigint, child_number text, shielded boolean, organisation text, organisation_name text, service text,
  about text, urgency text, asked_at timestamptz, answer_by timestamptz, state text, outcome text, taken_by text,
  changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.child_now::text, n.shielded, told.organisation_id::text, told.organisation_name::text, told.service::text,
    n.about::text, n.urgency::text, n.asked_at, n.answer_by, told.state::text, told.outcome::text,
    told.taken_by_name::text, told.changed_at
  FROM contact_request_now n
  LEFT JOIN contact_request_now told ON told.id = n.id AND NOT n.shielded AND n.organisation_id IS NOT NULL
  WHERE n.asked_by_id = whose AND n.asked_for_id = at_organisation AND n.via_id IS NULL
    AND (is_signed_in(whose) OR NOT n.shielded) AND n.child_now <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY n.id DESC LIMIT greatest(0, least(how_many, 200))
$$;

-- What an organisation is asked for the services somebody provides there, or themself; nothing of a shielded child.
CREATE OR REPLACE FUNCTION contacts_to_answer(at_organisation text, provided text[], whose uuid, at_time timestamptz)
RETURNS TABLE (request bigint, child_number text, service text, about text, urgency text, asked_by text,
  asked_by_title text, asked_for text, phone text, asked_at timestamptz, answer_by timestamptz, state text, taken_by text,
  mine boolean, through_desk boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.child_now::text, n.service::text, n.about::text, n.urgency::text, n.asked_by_name::text,
    n.asked_by_title::text,
    CASE WHEN is_discreet(n.asked_for_id) THEN 'A service that is not named here' ELSE n.asked_for_name END::text, n.phone::text,
    n.asked_at, n.answer_by, n.state::text,
    n.taken_by_name::text, coalesce(n.taken_by_id = whose, false), n.via_id IS NOT NULL
  FROM contact_request_now n
  WHERE n.organisation_id = at_organisation AND n.service = ANY (provided) AND NOT n.shielded
    AND (n.to_account_id IS NULL OR n.to_account_id = whose OR n.answer_by <= at_time)
    AND n.state IN ('waiting', 'taken') AND n.asked_by_id <> whose AND n.child_now <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY n.answer_by, n.id
$$;

-- What came back through a desk, of what one asked: never how many said so, nor who, and only what was given before a time.
CREATE OR REPLACE FUNCTION replies_through_desk(whose uuid, at_organisation text, given_before timestamptz)
RETURNS TABLE (request bigint, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT n.via_id, n.outcome::text FROM contact_request_now n
  WHERE n.asked_by_id = whose AND n.asked_for_id = at_organisation AND n.via_id IS NOT NULL AND NOT n.shielded
    AND n.state = 'answered' AND n.outcome IN ('will_ring', 'ring_desk', 'in_hand') AND n.changed_at < given_before
    AND n.child_now <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY 1, 2
$$;

-- What an organisation answered for the services somebody provides there, newest first; nothing of a shielded child.
CREATE OR REPLACE FUNCTION contacts_answered(at_organisation text, provided text[], whose uuid, since timestamptz)
RETURNS TABLE (request bigint, child_number text, service text, asked_by text, outcome text, answered_by text,
  answered_at timestamptz, through_desk boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.child_now::text, n.service::text, n.asked_by_name::text, n.outcome::text, coalesce(n.taken_by_name, '')::text,
    n.changed_at, n.via_id IS NOT NULL
  FROM contact_request_now n
  WHERE n.organisation_id = at_organisation AND n.service = ANY (provided) AND NOT n.shielded AND n.state = 'answered'
    AND n.changed_at > since AND n.asked_by_id <> whose
    AND (n.to_account_id IS NULL OR n.to_account_id = whose OR n.taken_by_id = whose)
    AND n.child_now <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY n.changed_at DESC, n.id DESC LIMIT 20
$$;

-- What has happened to what one asked, and to what one is asked, step by step. Of a message to a desk, and of a child that
-- is shielded, nothing; nobody of a desk is named.
CREATE OR REPLACE FUNCTION contact_thread(whose uuid, at_organisation text, provided text[], at_time timestamptz,
  since timestamptz)
RETURNS TABLE (request bigint, what text, at timestamptz, who text, to_whom text, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.request_id, s.what::text, s.at, CASE WHEN s.what NOT IN ('desk', 'passed_on') THEN b.name END::text, t.name::text,
    s.outcome::text
  FROM contact_step s JOIN account b ON b.id = s.by_id LEFT JOIN account t ON t.id = s.to_id
  WHERE s.request_id IN (
    SELECT a.request FROM contacts_asked(whose, at_organisation, 200) a WHERE a.organisation IS NOT NULL
    UNION SELECT w.request FROM contacts_to_answer(at_organisation, provided, whose, at_time) w
    UNION SELECT d.request FROM contacts_answered(at_organisation, provided, whose, since) d)
  ORDER BY s.id
$$;

-- Keeps one of them still until the transaction ends, and tells how it stands; null if it does not wait there.
DROP FUNCTION IF EXISTS lock_contact(bigint, text, text[], uuid, timestamptz);
CREATE OR REPLACE FUNCTION lock_contact(which bigint, at_organisation text, provided text[], whose uuid, at_time timestamptz)
RETURNS TABLE (child_number text, service text, state text, through_desk boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM contact_request r WHERE r.id = which FOR UPDATE;
  RETURN QUERY SELECT c.child_number, c.service, c.state, c.through_desk FROM contacts_to_answer(at_organisation, provided, whose, at_time) c
    WHERE c.request = which;
END $$;

-- Moves one on, from the state it was seen in.
CREATE OR REPLACE FUNCTION move_contact(which bigint, at_organisation text, provided text[], whose uuid, from_state text,
  to_state text, ended_how text, to_whom uuid, at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE contact_request r SET state = to_state, outcome = ended_how, changed_at = at_time,
    to_account_id = coalesce(to_whom, r.to_account_id), told_at = CASE WHEN to_whom IS NULL THEN r.told_at END,
    taken_by_id = CASE WHEN to_state = 'waiting' THEN NULL ELSE coalesce(r.taken_by_id, whose) END
  WHERE r.id = which AND r.state = from_state
    AND EXISTS (SELECT FROM contacts_to_answer(at_organisation, provided, whose, at_time) c WHERE c.request = which);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM note_contact_step(which, CASE to_state WHEN 'waiting' THEN 'handed_on' ELSE to_state END, whose, to_whom,
    ended_how, at_time);
  RETURN true;
END $$;

-- Takes back what one asked, while it is open. Whether it had been answered at a desk is not told.
CREATE OR REPLACE FUNCTION withdraw_contact(which bigint, whose uuid, at_organisation text, at_time timestamptz)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE about_child text;
BEGIN
  SELECT child_id INTO about_child FROM contact_request
    WHERE id = which AND asked_by_id = whose AND asked_for_id = at_organisation AND via_id IS NULL FOR UPDATE;
  WITH back AS (UPDATE contact_request SET state = 'withdrawn', changed_at = at_time
    WHERE (id = which OR via_id = which) AND about_child IS NOT NULL AND state IN ('waiting', 'taken') RETURNING id)
  INSERT INTO contact_step (request_id, what, by_id, outcome, at) SELECT id, 'withdrawn', whose, '', at_time FROM back;
  RETURN about_child;
END $$;

-- For the worker: whom to tell by e-mail that their service is asked, and nothing of a shielded child. Of a request that was
-- handed on, only to whom.
CREATE OR REPLACE FUNCTION contacts_to_tell(how_many integer)
RETURNS TABLE (request bigint, child_number text, urgency text, addresses text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.child_now::text, n.urgency::text, ARRAY(
      SELECT DISTINCT a.email::text FROM membership m JOIN account a ON a.id = m.account_id
      WHERE m.organisation_id = n.organisation_id AND m.services @> to_jsonb(n.service::text) AND m.ended_at IS NULL
        AND m.role IN ('practitioner', 'authority_team') AND a.is_active AND a.suspended_at IS NULL
        AND a.id <> n.asked_by_id AND NOT is_kept_from(n.child_now, a.id) AND (n.to_account_id IS NULL OR a.id = n.to_account_id)
      ORDER BY 1)
  FROM contact_request_now n
  WHERE n.told_at IS NULL AND n.state = 'waiting' AND n.organisation_id IS NOT NULL AND NOT n.shielded
  ORDER BY n.answer_by, n.id LIMIT how_many
$$;
CREATE OR REPLACE FUNCTION note_told(which bigint, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE contact_request SET told_at = at_time WHERE id = which
$$;

-- Whose desk it is that looks: "national", or an authority. Only in a transaction that has written down who looks, while
-- that person is signed in; they, and nobody else, see what consent or a shield hides (R32; SI 2007/2182 reg 6(4)).
CREATE OR REPLACE FUNCTION desk_of(seeing uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_desk text;
BEGIN
  SELECT CASE WHEN w.role = 'national_team' OR w.organisation = 'contactpoint' THEN 'national' ELSE nullif(w.authority, '') END
    INTO found_desk FROM acting(seeing, ARRAY['listed_desk', 'listed_today', 'opened_desk_message'],
      ARRAY['national_team', 'authority_team', 'consent_team']) w;
  IF found_desk IS NULL THEN
    RAISE EXCEPTION 'whoever has been written down has no desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN found_desk;
END $$;

-- What waits: messages, and requests that nobody of the service has taken on yet.
CREATE OR REPLACE VIEW desk_waiting AS
  SELECT n.*, CASE WHEN n.shielded OR is_discreet(n.asked_for_id) THEN 'national' ELSE n.desk END AS at_desk FROM contact_request_now n
  WHERE n.state = 'waiting' AND n.via_id IS NULL;
REVOKE ALL ON desk_waiting FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- For the worker: which desks to tell by e-mail that something waits. It comes of what somebody asked, and of time, alone: not of a
-- shield, which moves what was asked before to another desk at once and silently.
CREATE OR REPLACE FUNCTION desks_to_tell(how_many integer, at_time timestamptz)
RETURNS TABLE (request bigint, child_number text, addresses text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, w.child_now::text, ARRAY(
      SELECT DISTINCT a.email::text FROM membership m JOIN account a ON a.id = m.account_id
      JOIN organisation o ON o.code = m.organisation_id
      WHERE m.role IN ('national_team', 'authority_team', 'consent_team') AND (m.ended_at IS NULL OR m.ended_at > at_time)
        AND w.at_desk = CASE WHEN m.role = 'national_team' OR o.code = 'contactpoint' THEN 'national' ELSE o.authority END
        AND a.is_active AND a.suspended_at IS NULL AND a.id <> w.asked_by_id AND NOT is_kept_from(w.child_now, a.id)
      ORDER BY 1)
  FROM desk_waiting w
  WHERE w.desk_told_at IS NULL AND (w.organisation_id IS NULL OR w.answer_by <= at_time)
  ORDER BY w.answer_by, w.id LIMIT how_many
$$;
CREATE OR REPLACE FUNCTION note_desk_told(which bigint, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE contact_request SET desk_told_at = at_time WHERE id = which
$$;

-- What waits at the desk that looks: of requests to a service, those that are not taken on in time.
CREATE OR REPLACE FUNCTION desk_messages(seeing uuid, at_time timestamptz)
RETURNS TABLE (request bigint, child_number text, shielded boolean, about text, urgency text, asked_by text,
  asked_by_title text, asked_for text, asked_for_phone text, phone text, asked_at timestamptz, answer_by timestamptz,
  meant_for text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE looking text := desk_of(seeing);
BEGIN
  RETURN QUERY SELECT w.id, w.child_now::text, w.shielded, w.about::text, w.urgency::text, w.asked_by_name::text,
      w.asked_by_title::text, w.asked_for_name::text, w.asked_for_phone::text, w.phone::text, w.asked_at, w.answer_by,
      coalesce(w.organisation_name::text, '')
    FROM desk_waiting w WHERE w.at_desk = looking
      AND (w.organisation_id IS NULL OR w.shielded OR w.answer_by <= at_time)
      AND w.child_now <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
    ORDER BY w.answer_by, w.id;
END $$;

-- Who is in contact with the child of one that waits at the desk that looks, hidden or not.
CREATE OR REPLACE FUNCTION desk_contacts(which bigint, seeing uuid)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE looking text := desk_of(seeing);
BEGIN
  -- Where the discreet ones are, only the national desk is told.
  RETURN QUERY SELECT r.child_id, r.source_id, CASE WHEN looking = 'national' THEN i ELSE involvement_told(i) END FROM desk_waiting w
    JOIN source_record r ON r.child_id = w.child_now JOIN involvement i ON i.record_id = r.id
    WHERE w.id = which AND w.at_desk = looking AND r.withdrawn_at IS NULL
      AND w.child_now <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
      AND (i.end_date IS NULL OR i.end_date >= today_here()) AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL)
    ORDER BY i.id;
END $$;

-- Passes one on to a service in contact with its child, which decides whether to answer. Never of a shielded child; of one in
-- the archive whoever asks says which rows are the organisation's: it is encrypted.
DROP FUNCTION IF EXISTS pass_on_contact(bigint, uuid, text, text, timestamptz);
CREATE OR REPLACE FUNCTION pass_on_contact(which bigint, seeing uuid, to_organisation text, to_service text,
  at_time timestamptz, theirs bigint[] DEFAULT '{}')
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE looking text := desk_of(seeing); made bigint;
BEGIN
  INSERT INTO contact_request (child_id, organisation_id, service, desk, about, urgency, phone, asked_by_id, asked_for_id,
    asked_at, answer_by, state, outcome, via_id)
  SELECT w.child_now, to_organisation, to_service, w.desk, w.about, w.urgency, w.phone, w.asked_by_id, w.asked_for_id,
    w.asked_at, w.answer_by, 'waiting', '', w.id
  FROM desk_waiting w WHERE w.id = which AND NOT w.shielded AND w.at_desk = looking AND EXISTS (
    SELECT FROM desk_contacts(which, seeing) c WHERE ((c.seen).organisation_id = to_organisation OR (c.seen).id = ANY (theirs))
      AND (c.seen).service = to_service)
  ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    RETURN false;
  END IF;
  PERFORM note_contact_step(made, 'passed_on', (SELECT account FROM written_down(seeing)), NULL, '', at_time);
  RETURN true;
END $$;

-- Notes what the desk did.
DROP FUNCTION IF EXISTS close_at_desk(bigint, uuid, text, uuid, timestamptz);
CREATE OR REPLACE FUNCTION close_at_desk(which bigint, seeing uuid, ended_how text, at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE looking text := desk_of(seeing); who record;
BEGIN
  SELECT * INTO who FROM written_down(seeing);
  UPDATE contact_request r SET state = 'answered', outcome = ended_how, taken_by_id = who.account, changed_at = at_time
    FROM desk_waiting w WHERE w.id = which AND r.id = w.id AND w.at_desk = looking AND NOT is_kept_from(w.child_now, who.account);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM note_contact_step(which, 'desk', who.account, NULL, '', at_time);
  RETURN true;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'ask_contact(text, text, text, text, text, text, text, uuid, text, timestamptz, timestamptz)',
    'ask_desk(text, text, text, text, text, uuid, text, timestamptz, timestamptz)',
    'contacts_asked(uuid, text, integer)', 'replies_through_desk(uuid, text, timestamptz)',
    'contact_thread(uuid, text, text[], timestamptz, timestamptz)',
    'contacts_answered(text, text[], uuid, timestamptz)', 'contacts_to_answer(text, text[], uuid, timestamptz)',
    'lock_contact(bigint, text, text[], uuid, timestamptz)',
    'move_contact(bigint, text, text[], uuid, text, text, text, uuid, timestamptz)',
    'withdraw_contact(bigint, uuid, text, timestamptz)', 'desk_messages(uuid, timestamptz)', 'desk_contacts(bigint, uuid)',
    'pass_on_contact(bigint, uuid, text, text, timestamptz, bigint[])', 'close_at_desk(bigint, uuid, text, timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION note_contact_step(bigint, text, uuid, uuid, text, timestamptz) FROM PUBLIC;
  REVOKE ALL ON FUNCTION living_number(text), desk_of(uuid), contacts_to_tell(integer), note_told(bigint, timestamptz),
    desks_to_tell(integer, timestamptz), note_desk_told(bigint, timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION contacts_to_tell(integer), note_told(bigint, timestamptz), desks_to_tell(integer, timestamptz),
    note_desk_told(bigint, timestamptz) TO contactpoint_worker;
END $$;
