-- Mediated access (R6): who asked through whom, and the one record that was opened for them. Pages come by it through these
-- functions alone; each answers only who wrote the request down, while they are signed in.

-- Whether somebody who asks through another could not sign in themselves, and whose organisation is accredited.
-- And whether those who work there wait for their wave: whoever may not look is not looked for.
DROP FUNCTION IF EXISTS requester_known(text, text, date);
CREATE OR REPLACE FUNCTION requester_known(address text, of_organisation text, on_day date)
RETURNS TABLE (accredited boolean, has_account boolean, waits boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM organisation o WHERE o.code = of_organisation AND o.accredited_until >= on_day),
    EXISTS (SELECT FROM account a WHERE lower(a.email) = lower(address) AND EXISTS (
      SELECT FROM membership m WHERE m.account_id = a.id AND m.ended_at IS NULL)),
    (SELECT g.waits FROM gate_of(of_organisation) g)
$$;

CREATE OR REPLACE FUNCTION begin_mediation(seeing uuid, who_asks text, their_title text, address text, of_organisation text,
  how text, why text, why_text text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['began_mediation'], ARRAY['practitioner', 'authority_team', 'national_team']);
  INSERT INTO mediation (mediator_id, made_for_id, name, title, email, organisation_id, checked, purpose, purpose_text, asked_at)
    VALUES (who.account, who.organisation, who_asks, their_title, address, of_organisation, how, why, why_text, who.at)
    RETURNING id INTO made;
  RETURN made;
END $$;

-- One of one's own that has not run out, kept still until the transaction ends.
CREATE OR REPLACE FUNCTION mediation_of(which bigint, whose uuid, at_organisation text, not_before timestamptz)
RETURNS TABLE (name text, title text, organisation text, organisation_name text, organisation_kind text, purpose text,
  purpose_text text, asked_at timestamptz, opened text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT m.name::text, m.title::text, o.code::text, o.name::text, o.kind::text, m.purpose::text, m.purpose_text::text,
      m.asked_at, living_number(m.child_id)
    FROM mediation m JOIN organisation o ON o.code = m.organisation_id
    WHERE m.id = which AND m.mediator_id = whose AND m.made_for_id = at_organisation AND m.asked_at > not_before
      AND is_signed_in(whose)
    FOR UPDATE OF m;
END $$;

-- Notes the one record that was opened, once; false where another was.
CREATE OR REPLACE FUNCTION open_for_requester(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['opened_record'], ARRAY['practitioner', 'authority_team', 'national_team']);
  UPDATE mediation m SET child_id = coalesce(m.child_id, who.subjects[1]), opened_at = coalesce(m.opened_at, who.at)
    WHERE m.id = which AND m.mediator_id = who.account AND m.made_for_id = who.organisation AND m.asked_at > who.at - interval '1 hour'
      AND (m.child_id IS NULL OR living_number(m.child_id) = who.subjects[1]);
  RETURN FOUND;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'requester_known(text, text, date)', 'begin_mediation(uuid, text, text, text, text, text, text, text)',
    'mediation_of(bigint, uuid, text, timestamptz)', 'open_for_requester(uuid, bigint)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
