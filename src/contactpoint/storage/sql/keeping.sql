-- What practitioners keep of their own work, through these functions and in no other way (ADR 6): no page reads the
-- tables. Each takes the account and the organisation that ask, changes only what that account itself typed, and stops
-- at a sealed row, so that a shielded child is as absent here as one that never was.

-- What was said before stays (ADR 4): whenever an involvement that somebody typed comes to say something else, whoever
-- changes it, the version that stood ends and the next begins, at the latest of the times that its row bears.
CREATE OR REPLACE FUNCTION keep_own_word() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE stood own_word_version; moment timestamptz;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.sealed_said IS DISTINCT FROM OLD.sealed_said THEN -- encrypted or decrypted: it says the same
    RETURN NULL;
  END IF;
  SELECT * INTO stood FROM own_word_version v WHERE v.involvement_id = NEW.id AND v.held_until IS NULL;
  IF NEW.sealed_said IS NOT NULL THEN -- no statement changes what is encrypted, of a row and its versions alike (ADR 28)
    NEW.practitioner_role := stood.practitioner_role;
    NEW.contact_phone := stood.contact_phone;
    NEW.contact_hours := stood.contact_hours;
    NEW.contact_cover := stood.contact_cover;
  END IF;
  IF (stood.practitioner_role, stood.contact_phone, stood.contact_hours, stood.contact_cover, stood.start_date, stood.end_date,
      stood.lead_practitioner, stood.lead_since, stood.assessment)
    IS NOT DISTINCT FROM (NEW.practitioner_role, NEW.contact_phone, NEW.contact_hours, NEW.contact_cover, NEW.start_date,
      NEW.end_date, NEW.lead_practitioner, NEW.lead_since, NEW.assessment) THEN
    RETURN NULL;
  END IF;
  moment := greatest(NEW.recorded_at, NEW.changed_at, NEW.end_recorded_at, stood.held_from);
  UPDATE own_word_version SET held_until = moment WHERE id = stood.id;
  INSERT INTO own_word_version (involvement_id, practitioner_role, contact_phone, contact_hours, contact_cover, start_date,
    end_date, lead_practitioner, lead_since, assessment, held_from, sealed_said)
  VALUES (NEW.id, NEW.practitioner_role, NEW.contact_phone, NEW.contact_hours, NEW.contact_cover, NEW.start_date,
    NEW.end_date, NEW.lead_practitioner, NEW.lead_since, NEW.assessment, moment, stood.sealed_said);
  RETURN NULL;
END $$;
GRANT SELECT, UPDATE (practitioner_role, contact_phone, contact_hours, contact_cover, sealed_said) ON own_word_version
  TO contactpoint_worker;
CREATE OR REPLACE TRIGGER keep_own_word AFTER INSERT OR UPDATE ON involvement FOR EACH ROW
  WHEN (NEW.typed_by_id IS NOT NULL) EXECUTE FUNCTION keep_own_word();

-- One's own current involvements, unsealed.
CREATE OR REPLACE FUNCTION own_involvements(whose uuid, at_organisation text, on_day date)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.child_id, r.source_id, i FROM involvement i JOIN source_record r ON r.id = i.record_id
  WHERE i.typed_by_id = whose AND i.organisation_id = at_organisation AND NOT i.sealed AND NOT r.sealed
    AND r.withdrawn_at IS NULL AND (i.end_date IS NULL OR i.end_date > on_day)
    AND r.child_id <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY i.id
$$;

-- One of them, kept still until the transaction ends.
CREATE OR REPLACE FUNCTION own_involvement(which bigint, whose uuid, at_organisation text, on_day date)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM involvement i WHERE i.id = which AND i.typed_by_id = whose FOR UPDATE;
  RETURN QUERY SELECT o.child_id, o.source_id, o.seen FROM own_involvements(whose, at_organisation, on_day) o
    WHERE (o.seen).id = which;
END $$;

-- What an account said of one child and has not ended, service by service. Of a shielded child only for which service:
-- not even what they themselves said of it, because that could have been changed by others since. And that only to whoever
-- is signed in, so that nobody else learns who works with a shielded child.
-- `own` is what stands for the account in what is encrypted of a sealed row; nobody makes it up without the key (ADR 28).
DROP FUNCTION IF EXISTS own_words_about(text, uuid, text, date);
CREATE OR REPLACE FUNCTION own_words_about(about text, whose uuid, at_organisation text, on_day date, own uuid[] DEFAULT '{}')
RETURNS TABLE (involvement_id bigint, service varchar, protected boolean, confirmed boolean, practitioner_role varchar,
  contact_phone varchar, start_date date, assessment boolean, consent varchar, consent_until date,
  consent_withdrawn_at timestamptz, consent_scope varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.service, i.sealed OR r.sealed, told.confirmed_at IS NOT NULL, told.practitioner_role, told.contact_phone,
    told.start_date, told.assessment, told.consent, told.consent_until, told.consent_withdrawn_at,
    told.consent_scope
  FROM involvement i JOIN source_record r ON r.id = i.record_id
  LEFT JOIN involvement told ON told.id = i.id AND NOT told.sealed AND NOT r.sealed
  WHERE r.child_id = about AND ((i.typed_by_id = whose AND i.organisation_id = at_organisation) OR i.typed_by_id = ANY (own))
    AND r.withdrawn_at IS NULL
    AND (i.end_date IS NULL OR i.end_date > on_day) AND (is_signed_in(whose) OR NOT (i.sealed OR r.sealed))
    AND NOT is_kept_from(about, whose)
  ORDER BY i.id
$$;

-- The shielded children that somebody who is signed in said they work with, by number alone: what is shown of them is what
-- anybody may see. Nothing else of a sealed involvement leaves.
DROP FUNCTION IF EXISTS own_protected_children(uuid, text, date);
CREATE OR REPLACE FUNCTION own_protected_children(whose uuid, at_organisation text, on_day date, own uuid[] DEFAULT '{}')
RETURNS TABLE (child text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.child_id::text FROM involvement i JOIN source_record r ON r.id = i.record_id
  WHERE is_signed_in(whose) AND i.sealed
    AND ((i.typed_by_id = whose AND i.organisation_id = at_organisation) OR i.typed_by_id = ANY (own))
    AND r.withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM child c WHERE c.number = r.child_id AND c.archived)
    AND (i.end_date IS NULL OR i.end_date > on_day)
    AND r.child_id <> ALL ((SELECT children_kept_from(whose))::varchar[])
$$;

-- Ends one's own today, and from now on nobody rings: of what somebody typed, the day it ended is no day of contact any
-- more. Open offers to take it over end with it.
CREATE OR REPLACE FUNCTION end_own_involvement(which bigint, whose uuid, on_day date, at_time timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE involvement SET end_date = greatest(start_date, on_day), end_recorded_at = at_time,
    lead_practitioner = false, lead_since = NULL
  WHERE id = which AND typed_by_id = whose AND NOT sealed;
  IF FOUND THEN
    UPDATE handover SET answer = 'withdrawn', answered_at = at_time WHERE involvement_id = which AND answer = '';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION still_own_involvement(which bigint, whose uuid, on_day date)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE involvement SET last_confirmed = on_day WHERE id = which AND typed_by_id = whose AND NOT sealed
$$;

DROP FUNCTION IF EXISTS correct_own_involvement(bigint, uuid, text, text, date, boolean);
CREATE OR REPLACE FUNCTION correct_own_involvement(which bigint, whose uuid, who_role text, phone text, since date,
  holds_assessment boolean, at_time timestamptz)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE involvement SET practitioner_role = who_role, contact_phone = phone, start_date = since,
    assessment = holds_assessment, changed_at = at_time
  WHERE id = which AND typed_by_id = whose AND NOT sealed
$$;

-- Keeps still who leads the child of one's own, until the transaction ends: all in one order, as taking the lead does.
CREATE OR REPLACE FUNCTION hold_lead(which bigint, whose uuid)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.typed_by_id IS NOT NULL AND r.child_id = (
      SELECT o.child_id FROM involvement mine JOIN source_record o ON o.id = mine.record_id
      WHERE mine.id = which AND mine.typed_by_id = whose AND NOT mine.sealed)
    ORDER BY i.id FOR UPDATE OF i;
END $$;

-- Makes one's own the child's lead, and no other that somebody typed (R43). What a feed says stays as the feed says it:
-- the newest lead counts. All are locked in one order, so that two who take the lead at once do so one after the other.
DROP FUNCTION IF EXISTS take_own_lead(bigint, uuid, date);
CREATE OR REPLACE FUNCTION take_own_lead(which bigint, whose uuid, on_day date, at_time timestamptz)
RETURNS TABLE (closed bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE about varchar;
BEGIN
  SELECT r.child_id INTO about FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.id = which AND i.typed_by_id = whose AND i.confirmed_at IS NOT NULL AND NOT i.sealed;
  IF about IS NULL THEN
    RETURN;
  END IF;
  PERFORM FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE r.child_id = about AND i.typed_by_id IS NOT NULL ORDER BY i.id FOR UPDATE OF i;
  RETURN QUERY
    UPDATE involvement i SET lead_practitioner = false, lead_since = NULL, changed_at = at_time FROM source_record r
    WHERE r.id = i.record_id AND r.child_id = about AND i.typed_by_id IS NOT NULL AND i.lead_practitioner
      AND i.id <> which
    RETURNING i.id;
  UPDATE involvement i SET lead_practitioner = true, lead_since = on_day, changed_at = at_time WHERE i.id = which;
END $$;

-- Notes that somebody looks at their children now; when they looked before, or nothing the first time. A page that is
-- loaded again within half an hour is the same look, so that news does not vanish unread.
CREATE OR REPLACE FUNCTION note_own_look(whose uuid, at_organisation text, at_time timestamptz)
RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO own_look AS l (account_id, organisation_id, looked_at) VALUES (whose, at_organisation, at_time)
  ON CONFLICT (account_id, organisation_id) DO UPDATE SET
    looked_before = CASE WHEN excluded.looked_at - l.looked_at > interval '30 minutes' THEN l.looked_at
      ELSE l.looked_before END,
    looked_at = excluded.looked_at
  RETURNING looked_before
$$;

-- Whom one has asked to take over, and has no answer from.
CREATE OR REPLACE FUNCTION handovers_offered(whose uuid)
RETURNS TABLE (involvement_id bigint, offered_to varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.involvement_id, a.name FROM handover h JOIN involvement i ON i.id = h.involvement_id
  JOIN account a ON a.id = h.offered_to_id WHERE i.typed_by_id = whose AND NOT i.sealed AND h.answer = ''
$$;

-- Offers one's own, confirmed involvement to a colleague, in place of whomever it was offered to before.
CREATE OR REPLACE FUNCTION offer_handover(which bigint, whose uuid, to_whom uuid, at_time timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM FROM involvement WHERE id = which AND typed_by_id = whose AND confirmed_at IS NOT NULL AND NOT sealed FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE handover SET answer = 'withdrawn', answered_at = at_time WHERE involvement_id = which AND answer = '';
  INSERT INTO handover (involvement_id, offered_to_id, offered_at, answer) VALUES (which, to_whom, at_time, '')
    RETURNING id INTO made;
  RETURN made;
END $$;

-- What one is asked to take over.
CREATE OR REPLACE FUNCTION handovers_open(whose uuid, at_organisation text, on_day date)
RETURNS TABLE (handover_id bigint, child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.id, r.child_id, r.source_id, i FROM handover h JOIN involvement i ON i.id = h.involvement_id
  JOIN source_record r ON r.id = i.record_id
  WHERE h.offered_to_id = whose AND h.answer = '' AND i.organisation_id = at_organisation AND i.typed_by_id IS NOT NULL
    AND NOT i.sealed AND NOT r.sealed AND r.withdrawn_at IS NULL AND (i.end_date IS NULL OR i.end_date > on_day)
    AND r.child_id <> ALL ((SELECT children_kept_from(whose))::varchar[])
  ORDER BY h.id
$$;

-- Keeps an offer still until the transaction ends, and before it whatever was typed about its child, in the order in which
-- taking the lead does: whoever accepts may take the lead over.
CREATE OR REPLACE FUNCTION lock_handover(which bigint, whose uuid)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.typed_by_id IS NOT NULL AND r.child_id = (
      SELECT o.child_id FROM handover h JOIN involvement given ON given.id = h.involvement_id
      JOIN source_record o ON o.id = given.record_id WHERE h.id = which AND h.offered_to_id = whose)
    ORDER BY i.id FOR UPDATE OF i;
  PERFORM FROM handover h WHERE h.id = which AND h.offered_to_id = whose FOR UPDATE;
END $$;

-- Answers an offer; whoever accepts it ends the involvement of whoever offered it. Returns who that was.
CREATE OR REPLACE FUNCTION answer_handover(which bigint, whose uuid, said text, on_day date, at_time timestamptz)
RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE given bigint; giver uuid;
BEGIN
  UPDATE handover h SET answer = said, answered_at = at_time FROM involvement i
    WHERE h.id = which AND h.offered_to_id = whose AND h.answer = '' AND i.id = h.involvement_id AND NOT i.sealed
    RETURNING i.id, i.typed_by_id INTO given, giver;
  IF giver IS NOT NULL AND said = 'accepted' THEN
    PERFORM end_own_involvement(given, giver, on_day, at_time);
  END IF;
  RETURN giver;
END $$;

-- Corrections that were asked for about unsealed records that may speak now (statements_shown, involvements_shown), with what a
-- page needs to know of each: of what consent hides by now there is no row to count.
CREATE OR REPLACE VIEW correction_unsealed AS
  SELECT c.*, r.child_id, r.local_id,
    CASE WHEN is_discreet(s.organisation_id) THEN 'A service that is not named here' ELSE s.name END::varchar(120) AS source_name, s.organisation_id AS source_organisation,
    CASE WHEN c.answer = 'agreed' THEN (SELECT max(d.received_at) FROM delivery d WHERE d.source_id = s.code
      AND d.state = 'published' AND d.received_at > c.answered_at) END AS delivered_at, r.source_id,
    s.contract
  FROM correction c JOIN source_record r ON r.id = c.record_id JOIN source s ON s.code = r.source_id
  WHERE NOT r.sealed AND r.withdrawn_at IS NULL AND (holds_nearly_every_child(s.contract) OR EXISTS (
    SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed AND consent_shows(i)
      AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL)));
REVOKE ALL ON correction_unsealed FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;

CREATE OR REPLACE FUNCTION corrections_asked(whose uuid, at_organisation text) RETURNS SETOF correction_unsealed
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM correction_unsealed WHERE asked_by_id = whose AND asked_for_id = at_organisation
    AND child_id <> ALL ((SELECT children_kept_from(whose))::varchar[]) ORDER BY id DESC
$$;
DROP FUNCTION IF EXISTS corrections_unanswered(text, uuid);
CREATE OR REPLACE FUNCTION corrections_waiting(at_organisation text, whose uuid) RETURNS SETOF correction_unsealed
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM correction_unsealed WHERE source_organisation = at_organisation AND (answer = '' OR delivered_at IS NOT NULL)
    AND child_id <> ALL ((SELECT children_kept_from(whose))::varchar[]) ORDER BY id
$$;
CREATE OR REPLACE FUNCTION corrections_about(whose text) RETURNS SETOF correction_unsealed
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM correction_unsealed WHERE child_id = whose ORDER BY id
$$;

-- Asks for a correction of an unsealed record; the same asked again while it is open is the same one: what the source said is
-- encrypted, and known by the first of its tags, or by one that was made with an older key.
DROP FUNCTION IF EXISTS ask_correction(bigint, text, text, text, text, uuid, text, timestamptz);
CREATE OR REPLACE FUNCTION ask_correction(about bigint, what text, it_said text, tags text[], is_right text, known_by text, whose uuid,
  at_organisation text, at_time timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  PERFORM FROM source_record WHERE id = about AND NOT sealed AND withdrawn_at IS NULL;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT c.id INTO made FROM correction c WHERE c.record_id = about AND c.field = what AND c.asked_by_id = whose
    AND c.said_tag = ANY (tags) AND c.said_tag <> '' AND c.answer = '';
  IF made IS NULL THEN
    INSERT INTO correction (record_id, field, said, said_tag, "right", basis, asked_by_id, asked_for_id, asked_at, answer)
      VALUES (about, what, it_said, tags[1], is_right, known_by, whose, at_organisation, at_time, '')
      ON CONFLICT (record_id, field, asked_by_id, said_tag) WHERE answer = '' AND said_tag <> '' DO NOTHING RETURNING id INTO made;
  END IF;
  IF made IS NULL THEN -- by somebody else meanwhile
    SELECT id INTO made FROM correction
      WHERE record_id = about AND field = what AND asked_by_id = whose AND said_tag = tags[1] AND answer = '';
  END IF;
  RETURN made;
END $$;

-- Answers one for a source of one's own organisation, again where it agreed and has delivered since; false if it does not wait
-- there.
CREATE OR REPLACE FUNCTION answer_correction(which bigint, at_organisation text, said_to_it text, whose uuid,
  at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE correction c SET answer = said_to_it, answered_by_id = whose, answered_at = at_time
    FROM source_record r, source s
    WHERE c.id = which AND r.id = c.record_id AND s.code = r.source_id
      AND (c.answer = '' OR (c.answer = 'agreed' AND EXISTS (SELECT FROM delivery d WHERE d.source_id = s.code
        AND d.state = 'published' AND d.received_at > c.answered_at)))
      AND s.organisation_id = at_organisation AND NOT r.sealed AND NOT is_kept_from(r.child_id, whose);
  RETURN FOUND;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'own_involvements(uuid, text, date)', 'own_involvement(bigint, uuid, text, date)',
    'own_words_about(text, uuid, text, date, uuid[])', 'own_protected_children(uuid, text, date, uuid[])', 'end_own_involvement(bigint, uuid, date, timestamptz)',
    'still_own_involvement(bigint, uuid, date)', 'correct_own_involvement(bigint, uuid, text, text, date, boolean, timestamptz)',
    'hold_lead(bigint, uuid)', 'take_own_lead(bigint, uuid, date, timestamptz)', 'note_own_look(uuid, text, timestamptz)', 'handovers_offered(uuid)',
    'offer_handover(bigint, uuid, uuid, timestamptz)', 'handovers_open(uuid, text, date)',
    'lock_handover(bigint, uuid)', 'answer_handover(bigint, uuid, text, date, timestamptz)',
    'corrections_asked(uuid, text)', 'corrections_waiting(text, uuid)', 'corrections_about(text)',
    'ask_correction(bigint, text, text, text[], text, text, uuid, text, timestamptz)',
    'answer_correction(bigint, text, text, uuid, timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
