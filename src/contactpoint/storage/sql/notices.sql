-- Told when it matters (ADR 27). Notices are kept nowhere: what they are made of is read anew, through functions that stop
-- at whatever is sealed, sensitive or kept from whoever is told.

-- Records that somebody opened, before they were joined with another or a part was taken out: since when they had last
-- seen them, and what of that those may know who work with the child. Of a shielded child nothing.
CREATE OR REPLACE FUNCTION opened_and_changed(whose uuid, since timestamptz)
RETURNS TABLE (number varchar, opened_at timestamptz, joined varchar, made_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH changed AS (
    SELECT DISTINCT n.number FROM identity_change x CROSS JOIN LATERAL (VALUES (x.kept_id), (x.other_id)) AS n (number)
    WHERE x.made_at > since),
  looked AS (
    SELECT living_number(c.number)::varchar AS living, array_agg(DISTINCT c.number) AS numbers, max(b.occurred_at) AS at
    FROM changed c JOIN audit_body b ON b.subjects @> ARRAY[c.number]::varchar[]
    WHERE b.account = whose AND b.action = 'opened_record' AND b.outcome = 'allowed'
      AND b.occurred_at > since - interval '180 days'
    GROUP BY 1),
  open AS (
    SELECT l.* FROM looked l JOIN child c ON c.number = l.living AND NOT c.shielded AND NOT c.archived
    WHERE l.living <> ALL ((SELECT children_kept_from(whose))::varchar[]))
  SELECT o.living, o.at, j.number, j.made_at
    FROM open o CROSS JOIN LATERAL numbers_joined(o.living, greatest(since, o.at)) j
    WHERE j.number = ANY (o.numbers) OR o.living = ANY (o.numbers)
  UNION ALL
  SELECT o.living, o.at, NULL, p.made_at
    FROM open o CROSS JOIN LATERAL records_parted(o.living, greatest(since, o.at)) p
  ORDER BY 4, 1
$$;

-- The same for pages, about whoever is signed in: which records somebody opened is told to nobody else.
CREATE OR REPLACE FUNCTION own_opened_and_changed(whose uuid, since timestamptz)
RETURNS TABLE (number varchar, opened_at timestamptz, joined varchar, made_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.number, o.opened_at, o.joined, o.made_at FROM opened_and_changed(whose, since) o WHERE is_signed_in(whose)
$$;

-- Notes that somebody looks at their notices now; when they looked before. Loaded again within half an hour it is the same
-- look, so that what is new does not vanish unread.
CREATE OR REPLACE FUNCTION note_notice_look(whose uuid, at_organisation text, at_time timestamptz)
RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO notice_look AS l (account_id, organisation_id, looked_at) VALUES (whose, at_organisation, at_time)
  ON CONFLICT (account_id, organisation_id) DO UPDATE SET
    looked_before = CASE WHEN excluded.looked_at - l.looked_at > interval '30 minutes' THEN l.looked_at
      ELSE l.looked_before END,
    looked_at = excluded.looked_at
  RETURNING looked_before
$$;

-- For the worker's daily e-mail: the same that pages are given, and no more (ADR 9).
CREATE OR REPLACE FUNCTION digest_own(whose uuid, at_organisation text, on_day date)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM own_involvements(whose, at_organisation, on_day)
$$;
CREATE OR REPLACE FUNCTION digest_shown(whose text) RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM involvements_shown(whose)
$$;
DROP FUNCTION IF EXISTS digest_shown_before(text);
CREATE FUNCTION digest_shown_before(whose text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, service text,
  organisation_code varchar, organisation_name varchar, team text, practitioner text, practitioner_role text,
  phone text, hours text, cover text, start_date date, end_date date, leads boolean, led_since date, assessment boolean,
  typed boolean, as_at date, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM involvements_shown_before(whose)
$$;

-- Who may be told today, a piece at a time: whoever can sign in, with the organisations for which they act.
CREATE OR REPLACE FUNCTION digest_people(after_account uuid, how_many integer)
RETURNS TABLE (account uuid, email varchar, organisations varchar[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.email, array_agg(DISTINCT m.organisation_id ORDER BY m.organisation_id)
  FROM account a JOIN membership m ON m.account_id = a.id AND m.ended_at IS NULL
    AND m.role IN ('practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team')
  WHERE a.is_active AND a.suspended_at IS NULL AND (after_account IS NULL OR a.id > after_account)
  GROUP BY a.id ORDER BY a.id LIMIT how_many
$$;

REVOKE ALL ON notice_choice, notice_look, digest, digest_run FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT, UPDATE (telling) ON notice_choice TO contactpoint_web;
GRANT USAGE ON SEQUENCE notice_choice_id_seq TO contactpoint_web;
GRANT SELECT ON notice_choice, notice_look, own_look TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE (sent_at), DELETE ON digest TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE (ended_at), DELETE ON digest_run TO contactpoint_worker;

DO $$
DECLARE called text;
BEGIN
  REVOKE ALL ON FUNCTION opened_and_changed(uuid, timestamptz) FROM PUBLIC;
  FOREACH called IN ARRAY ARRAY['own_opened_and_changed(uuid, timestamptz)', 'note_notice_look(uuid, text, timestamptz)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
  FOREACH called IN ARRAY ARRAY['opened_and_changed(uuid, timestamptz)', 'digest_own(uuid, text, date)', 'digest_shown(text)',
    'digest_shown_before(text)', 'digest_people(uuid, integer)', 'numbers_joined(text, timestamptz)', 'records_parted(text, timestamptz)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_worker', called);
  END LOOP;
END $$;
