-- Accounts of people who work with children: joining, moving, leaving, and what makes their standing (R1-R4, R56). Of another
-- person's account a page changes nothing but through these functions. Each takes an audit event that stands in the same
-- transaction and says what is done, and asks anew who does it: nobody for themselves, and nobody above themselves.
REVOKE ALL ON invitation, role_grant, people_file, lapse_notice FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON invitation, role_grant, lapse_notice TO contactpoint_web;
GRANT SELECT ON invitation TO contactpoint_worker;
GRANT SELECT, INSERT ON lapse_notice TO contactpoint_worker;
GRANT USAGE ON SEQUENCE lapse_notice_id_seq TO contactpoint_worker;
-- What a file of people came to is its sender's own; it gives nobody anything.
GRANT SELECT, INSERT ON people_file TO contactpoint_web;
GRANT UPDATE (done_through, taken, known, rejects, ended_at) ON people_file TO contactpoint_web;
GRANT USAGE ON SEQUENCE people_file_id_seq TO contactpoint_web;
GRANT SELECT (given_at), DELETE ON people_file TO contactpoint_worker;

-- Roles that two people give.
CREATE OR REPLACE FUNCTION takes_two(called_role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT called_role NOT IN ('practitioner', 'authority_team')
$$;

-- Whoever is written down as doing one of these things to accounts, and how far they reach: an authority's team over the
-- bodies of its authority, a partner's over its own body (`at:` its code), the national team over all.
CREATE OR REPLACE FUNCTION people_manager(seeing uuid, doing text[])
RETURNS TABLE (actor uuid, reach text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, CASE w.role WHEN 'national_team' THEN '' WHEN 'partner_team' THEN 'at:' || w.organisation
      ELSE w.authority END, w.at
    FROM acting(seeing, doing, ARRAY['national_team', 'authority_team', 'partner_team']) w
    WHERE (w.role = 'national_team' AND w.organisation = 'contactpoint')
      OR (w.role = 'authority_team' AND w.kind = 'authority' AND w.authority <> '')
      OR (w.role = 'partner_team' AND w.kind = 'charity');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down manages no accounts' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION people_manager(uuid, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION body_in_reach(reach text, body text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM organisation o WHERE o.code = body AND (reach IN ('', o.authority) OR reach = 'at:' || o.code))
$$;
REVOKE ALL ON FUNCTION body_in_reach(text, text) FROM PUBLIC;

-- Whether somebody's account is theirs to manage: another's, of a body that they reach, and not above them.
CREATE OR REPLACE FUNCTION person_in_reach(whose uuid, actor uuid, reach text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT whose <> actor
    AND EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.ended_at IS NULL
      AND body_in_reach(reach, m.organisation_id))
    AND (reach = '' OR NOT EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.ended_at IS NULL
      AND takes_two(m.role)))
$$;
REVOKE ALL ON FUNCTION person_in_reach(uuid, uuid, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION managed_person(seeing uuid, doing text[], whose uuid) RETURNS TABLE (actor uuid, reach text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT p.actor, p.reach, p.at FROM people_manager(seeing, doing) p WHERE person_in_reach(whose, p.actor, p.reach);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'that account is not theirs to manage' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION managed_person(uuid, text[], uuid) FROM PUBLIC;

-- Accredits a body until a day, never one's own (R3).
CREATE OR REPLACE FUNCTION accredit_body(seeing uuid, body text, until date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['granted', 'revoked']);
  IF EXISTS (SELECT FROM membership m WHERE m.account_id = who.actor AND m.organisation_id = body AND m.ended_at IS NULL) THEN
    RAISE EXCEPTION 'nobody accredits their own body' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE organisation SET accredited_until = until WHERE code = body AND body_in_reach(who.reach, body)
    AND until <= today_here() + 3 * 366;
  RETURN FOUND;
END $$;

-- Makes an account that nobody can sign in to yet, with one role that one person may give; they are told by e-mail.
CREATE OR REPLACE FUNCTION invite_person(seeing uuid, made uuid, address text, called text, title text, telephone text,
  boss uuid, unusable text, body text, checked date, trained date, signed date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['created_account']);
  IF NOT body_in_reach(who.reach, body) OR unusable NOT LIKE '!%' OR checked > today_here() OR signed > today_here()
      OR trained > today_here() + 3 * 366 THEN
    RAISE EXCEPTION 'that body is not theirs to invite to' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO account (id, email, name, job_title, phone, password, is_active, manager_id, checked_on, trained_until,
      agreement_signed_on)
    VALUES (made, lower(address), called, title, telephone, unusable, true, coalesce(boss, who.actor), checked, trained, signed)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO invitation (account_id, organisation_id, invited_by_id, invited_at) VALUES (made, body, who.actor, who.at);
  RETURN true;
END $$;

-- Lets the worker tell them again: whoever has signed in needs no telling.
CREATE OR REPLACE FUNCTION invite_again(seeing uuid, whose uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM managed_person(seeing, ARRAY['invited_again'], whose);
  UPDATE invitation i SET told_at = NULL, invited_by_id = who.actor, invited_at = who.at FROM account a
    WHERE i.account_id = whose AND a.id = whose AND a.is_active AND a.last_login IS NULL;
  RETURN FOUND;
END $$;

-- Gives a role that one person may give, to somebody else, for a body they reach; false where they have it. Somebody who
-- left comes back so; a suspension stays.
CREATE OR REPLACE FUNCTION give_role(seeing uuid, whose uuid, body text, called_role text, provides jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['granted']);
  IF whose = who.actor OR takes_two(called_role) OR NOT body_in_reach(who.reach, body) OR (called_role = 'authority_team'
      AND NOT EXISTS (SELECT FROM organisation o WHERE o.code = body AND o.kind = 'authority')) THEN
    RAISE EXCEPTION 'that role is not theirs to give' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM membership m WHERE m.account_id = whose AND m.organisation_id = body AND m.role = called_role AND m.ended_at IS NULL;
  IF FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO membership (account_id, organisation_id, role, services) VALUES (whose, body, called_role, provides)
    ON CONFLICT (account_id, organisation_id, role) DO UPDATE SET ended_at = NULL, services = excluded.services;
  UPDATE account SET is_active = true, renew_by = CASE WHEN is_active THEN renew_by ELSE today_here() + 365 END WHERE id = whose;
  RETURN true;
END $$;

-- Asks for a role that two people give. An authority's team asks for roles of its own authority's desk and reviewers, the
-- national team for any; NULL where it is held or asked for already.
CREATE OR REPLACE FUNCTION ask_role(seeing uuid, whose uuid, body text, called_role text, provides jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['asked_role']);
  IF whose = who.actor OR NOT takes_two(called_role) OR NOT body_in_reach(who.reach, body)
    OR (who.reach <> '' AND called_role NOT IN ('shield_team', 'consent_team', 'audit_reviewer')) OR starts_with(who.reach, 'at:') THEN
    RAISE EXCEPTION 'that role is not theirs to ask for' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM membership m WHERE m.account_id = whose AND m.organisation_id = body AND m.role = called_role AND m.ended_at IS NULL;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO role_grant (account_id, organisation_id, role, services, asked_by_id, asked_at)
    VALUES (whose, body, called_role, provides, who.actor, who.at) ON CONFLICT DO NOTHING RETURNING id INTO made;
  RETURN made;
END $$;

-- The second person: of the national team, neither who asked nor who gets it. With it the role is given, and somebody who had
-- left before it was asked for comes back.
CREATE OR REPLACE FUNCTION agree_role(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; asked role_grant;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['granted']);
  IF who.reach <> '' THEN
    RAISE EXCEPTION 'only the national team agrees' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE role_grant SET agreed_by_id = who.actor, agreed_at = who.at WHERE id = which AND agreed_at IS NULL AND ended_at IS NULL
    RETURNING * INTO asked;
  IF asked.id IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO membership (account_id, organisation_id, role, services)
    VALUES (asked.account_id, asked.organisation_id, asked.role, asked.services)
    ON CONFLICT (account_id, organisation_id, role) DO UPDATE SET ended_at = NULL, services = excluded.services;
  UPDATE account SET is_active = true, renew_by = today_here() + 365 WHERE id = asked.account_id AND NOT is_active;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION refuse_role(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM people_manager(seeing, ARRAY['revoked']);
  UPDATE role_grant SET ended_at = who.at WHERE id = which AND agreed_at IS NULL AND ended_at IS NULL
    AND body_in_reach(who.reach, organisation_id);
  RETURN FOUND;
END $$;

-- Records what a person brought proof of; NULL leaves what stands.
CREATE OR REPLACE FUNCTION record_standing(seeing uuid, whose uuid, checked date, trained date, signed date, boss uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM managed_person(seeing, ARRAY['recorded_standing'], whose);
  IF boss IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(x'434F4E544D414E41'::bigint);  -- one at a time, so that no circle closes
    PERFORM FROM account a WHERE a.id = boss AND a.is_active AND NOT EXISTS (
      WITH RECURSIVE above(id) AS (SELECT boss UNION SELECT b.manager_id FROM account b JOIN above ON b.id = above.id
        WHERE b.manager_id IS NOT NULL)
      SELECT FROM above WHERE id = whose);
    IF NOT FOUND THEN
      RETURN false;
    END IF;
  END IF;
  IF checked > today_here() OR signed > today_here() OR trained > today_here() + 3 * 366 THEN
    RETURN false;
  END IF;
  UPDATE account SET checked_on = coalesce(checked, checked_on), trained_until = coalesce(trained, trained_until),
    agreement_signed_on = coalesce(signed, agreement_signed_on), manager_id = coalesce(boss, manager_id) WHERE id = whose;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION suspend_person(seeing uuid, whose uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM managed_person(seeing, ARRAY['suspended'], whose);
  UPDATE account SET suspended_at = who.at, suspended_for = 'manager' WHERE id = whose AND suspended_at IS NULL;
  RETURN FOUND;
END $$;

-- Opens again what a manager closed, or 90 idle days. What a review closed, only a review opens (R52).
CREATE OR REPLACE FUNCTION reinstate_person(seeing uuid, whose uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM managed_person(seeing, ARRAY['reinstated'], whose);
  UPDATE account SET suspended_at = NULL, suspended_for = '',
    last_seen_at = CASE WHEN last_seen_at IS NULL THEN NULL ELSE who.at END
    WHERE id = whose AND (suspended_at IS NULL OR suspended_for = 'manager');
  RETURN FOUND;
END $$;

-- Who may say that an account is still needed, or end what it does for a body: whoever manages accounts there, and the
-- manager named on the account, acting for that very body. Never oneself, and never above oneself.
CREATE OR REPLACE FUNCTION renewing(seeing uuid, doing text[], whose uuid, body text) RETURNS TABLE (actor uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, w.at FROM written_down(seeing) w JOIN account a ON a.id = whose AND a.manager_id = w.account
    WHERE w.action = ANY (doing) AND w.organisation = body AND w.account <> whose
      AND EXISTS (SELECT FROM membership m WHERE m.account_id = w.account AND m.organisation_id = body AND m.ended_at IS NULL)
      AND EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.organisation_id = body AND m.ended_at IS NULL)
      AND NOT EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.ended_at IS NULL AND takes_two(m.role));
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT p.actor, p.at FROM managed_person(seeing, doing, whose) p WHERE body_in_reach(p.reach, body);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'that account is not theirs to end' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION renewing(uuid, text[], uuid, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION renew_account(seeing uuid, whose uuid, body text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM renewing(seeing, ARRAY['renewed_account'], whose, body);
  UPDATE account SET renew_by = today_here() + 365 WHERE id = whose AND is_active;
  RETURN FOUND;
END $$;

-- Hands what somebody said of their work for a body over to a colleague, as taking over does: a new involvement begins,
-- vouched for by whoever had it, with its lead, assessment and consent; theirs ends today. What nobody takes over, or was never
-- confirmed, ends. Sealed or not: it returns nothing, so that nothing can be counted. `leaving` and `taking` are what stands
-- for the two in what is encrypted (ADR 28); the role and telephone of whoever leaves can not be taken from there.
DROP FUNCTION IF EXISTS hand_all_over(uuid, uuid, text, timestamptz);
CREATE OR REPLACE FUNCTION hand_all_over(leaver uuid, to_whom uuid, body text, at_time timestamptz, leaving uuid[] DEFAULT '{}',
  taking uuid[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE taker account; provided jsonb; one record; made bigint; today date := (at_time AT TIME ZONE 'Europe/London')::date;
BEGIN
  SELECT * INTO taker FROM account WHERE id = to_whom;
  SELECT coalesce(jsonb_agg(DISTINCT s.value), '[]') INTO provided FROM membership m, jsonb_array_elements(m.services) s
    WHERE m.account_id = to_whom AND m.organisation_id = body AND m.ended_at IS NULL;
  PERFORM FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.typed_by_id IS NOT NULL AND r.child_id IN (SELECT o.child_id FROM involvement mine
      JOIN source_record o ON o.id = mine.record_id
      WHERE ((mine.typed_by_id = leaver AND mine.organisation_id = body) OR mine.typed_by_id = ANY (leaving))
        AND (mine.end_date IS NULL OR mine.end_date > today))
    ORDER BY i.id FOR UPDATE OF i;
  FOR one IN
    SELECT i.*, r.child_id FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE ((i.typed_by_id = leaver AND i.organisation_id = body) OR i.typed_by_id = ANY (leaving)) AND r.withdrawn_at IS NULL
      AND (i.end_date IS NULL OR i.end_date > today) ORDER BY i.id
  LOOP
    IF taker.id IS NOT NULL AND one.confirmed_at IS NOT NULL AND provided ? one.service
        AND NOT is_kept_from(one.child_id, to_whom) THEN
      made := say_own_word(one.child_id, one.service, body, taker.name, coalesce(nullif(taker.job_title, ''), one.practitioner_role),
        coalesce(nullif(taker.phone, ''), one.contact_phone), today, false, one.assessment, to_whom, at_time, '', 'listed',
        NULL, NULL, '', '', '', '', one.id, taking, leaving);
      made := coalesce(made, (SELECT i.id FROM involvement i JOIN source_record r ON r.id = i.record_id
        WHERE r.child_id = one.child_id AND ((i.typed_by_id = to_whom AND i.organisation_id = body) OR i.typed_by_id = ANY (taking))
          AND i.service = one.service AND (i.end_date IS NULL OR i.end_date > today) ORDER BY i.id LIMIT 1));
      PERFORM confirm_own_word(made, leaver, at_time);
      IF one.lead_practitioner THEN
        UPDATE involvement SET lead_practitioner = true, lead_since = today, changed_at = at_time WHERE id = made;
      END IF;
    END IF;
    UPDATE involvement SET end_date = greatest(start_date, today), end_recorded_at = at_time, lead_practitioner = false,
      lead_since = NULL WHERE id = one.id;
    UPDATE handover SET answer = 'withdrawn', answered_at = at_time WHERE involvement_id = one.id AND answer = '';
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hand_all_over(uuid, uuid, text, timestamptz, uuid[], uuid[]) FROM PUBLIC;

-- Ends all that somebody does for a body: access from the next request on, everywhere they are signed in, and their work goes
-- to a colleague there. Whoever ends it is not who gets it. An account that is left with nothing is closed, unless it moves.
DROP FUNCTION IF EXISTS end_memberships(uuid, uuid, text, uuid, boolean);
CREATE OR REPLACE FUNCTION end_memberships(seeing uuid, whose uuid, body text, to_whom uuid, moves boolean, leaving uuid[] DEFAULT '{}',
  taking uuid[] DEFAULT '{}') RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM renewing(seeing, ARRAY['revoked'], whose, body);
  IF to_whom IN (whose, who.actor) OR (to_whom IS NOT NULL AND NOT EXISTS (SELECT FROM membership m JOIN account a ON a.id = m.account_id
      WHERE m.account_id = to_whom AND m.organisation_id = body AND m.ended_at IS NULL AND a.is_active AND a.suspended_at IS NULL)) THEN
    RAISE EXCEPTION 'nobody there may take it over' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM hand_all_over(whose, to_whom, body, who.at, leaving, taking);
  UPDATE membership SET ended_at = who.at WHERE account_id = whose AND organisation_id = body AND ended_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE override_right SET ended_at = who.at WHERE account_id = whose AND ended_at IS NULL;
  UPDATE crosser SET ended_at = who.at WHERE account_id = whose AND ended_at IS NULL;
  UPDATE account SET is_active = false WHERE id = whose AND NOT moves
    AND NOT EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.ended_at IS NULL);
  -- Nobody agrees afterwards to what was asked for them while they were here.
  IF FOUND THEN
    UPDATE role_grant SET ended_at = who.at WHERE account_id = whose AND agreed_at IS NULL AND ended_at IS NULL;
  END IF;
  DELETE FROM django_session WHERE session_key IN (SELECT s.session_key FROM sign_in_session s
    WHERE s.account_id = whose AND s.ended_at IS NULL);
  UPDATE sign_in_session SET ended_at = who.at WHERE account_id = whose AND ended_at IS NULL;
  RETURN true;
END $$;

-- Whether the event of this transaction says that somebody who manages accounts gives a person a password for one use.
CREATE OR REPLACE FUNCTION may_give_password(seeing uuid, whose uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM managed_person(seeing, ARRAY['gave_password'], whose);
  RETURN true;
END $$;

-- The worker gives whoever was invited, and has never signed in, a first password, as it tells them.
CREATE OR REPLACE FUNCTION begin_invitation(whose uuid, hashed text, at_time timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE account a SET password = hashed, password_given_at = at_time FROM invitation i
    WHERE a.id = whose AND i.account_id = whose AND i.told_at IS NULL AND a.is_active AND a.last_login IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE invitation SET told_at = at_time WHERE account_id = whose;
  RETURN true;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'accredit_body(uuid, text, date)', 'invite_person(uuid, uuid, text, text, text, text, uuid, text, text, date, date, date)',
    'invite_again(uuid, uuid)', 'give_role(uuid, uuid, text, text, jsonb)', 'ask_role(uuid, uuid, text, text, jsonb)',
    'agree_role(uuid, bigint)', 'refuse_role(uuid, bigint)', 'record_standing(uuid, uuid, date, date, date, uuid)',
    'suspend_person(uuid, uuid)', 'reinstate_person(uuid, uuid)', 'renew_account(uuid, uuid, text)',
    'end_memberships(uuid, uuid, text, uuid, boolean, uuid[], uuid[])', 'may_give_password(uuid, uuid)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  REVOKE ALL ON FUNCTION begin_invitation(uuid, text, timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION begin_invitation(uuid, text, timestamptz) TO contactpoint_worker;
END $$;
