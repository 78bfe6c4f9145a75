-- The archive and its end (R11, R47-R50; ADR 22). What is archived is sealed like what is shielded (row_security.sql), so
-- that no page's function, nor any statement of the web role, reads it; data managers come by it through the one function
-- at the end. A purge deletes what append-only tables hold as well: only the function below, and only of whose time is up.

-- Whether this very transaction purges.
CREATE OR REPLACE FUNCTION is_purging() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM purging WHERE txid = pg_current_xact_id_if_assigned())
$$;

-- Destroys everything that the tables hold of these children and of every number that retired into theirs, and of
-- records that never came to be about a child; says how many rows of which table went. The audit is not touched: its
-- bodies are the worker's to delete, beside an event that says so (audit.sql).
CREATE OR REPLACE FUNCTION purge_rows(whose text[], strays bigint[]) RETURNS TABLE (from_table text, gone bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  numbers text[]; records bigint[]; touched bigint[]; said bigint[]; shields bigint[]; changes bigint[]; decisions bigint[];
  statement text; held bigint;
BEGIN
  PERFORM FROM child WHERE number = ANY (whose) ORDER BY number FOR UPDATE;
  IF EXISTS (SELECT FROM unnest(whose) AS w (number) WHERE NOT EXISTS (
      SELECT FROM archived a JOIN child c ON c.number = a.child_id AND c.archived
      WHERE a.child_id = w.number AND a.purge_on <= today_here()))
    OR EXISTS (SELECT FROM unnest(strays) AS s (id) JOIN source_record r ON r.id = s.id WHERE r.child_id IS NOT NULL) THEN
    RAISE EXCEPTION 'it is not time to purge all of these' USING ERRCODE = 'insufficient_privilege';
  END IF;
  WITH RECURSIVE theirs (number) AS (
    SELECT unnest(whose)::varchar UNION SELECT c.number FROM child c JOIN theirs t ON c.retired_into_id = t.number)
  SELECT coalesce(array_agg(number), '{}') INTO numbers FROM theirs;
  SELECT coalesce(array_agg(id), '{}') INTO records FROM source_record WHERE child_id = ANY (numbers) OR id = ANY (strays);
  SELECT coalesce(array_agg(id), '{}') INTO said FROM involvement WHERE record_id = ANY (records);
  SELECT coalesce(array_agg(id), '{}') INTO shields FROM shield WHERE child_id = ANY (numbers);
  -- Joinings and partings that name one of the numbers, with what undid them; and records of others that these moved.
  SELECT coalesce(array_agg(id), '{}') INTO changes FROM identity_change WHERE kept_id = ANY (numbers) OR other_id = ANY (numbers);
  SELECT coalesce(array_agg(DISTINCT record_id), '{}') INTO touched FROM (
    SELECT record_id FROM identity_move WHERE change_id = ANY (changes)
    UNION ALL SELECT record_id FROM link WHERE child_id = ANY (numbers)) AS t WHERE record_id <> ALL (records);
  WITH RECURSIVE gone (id) AS (
    SELECT id FROM case_decision
      WHERE record_a_id = ANY (records) OR record_b_id = ANY (records) OR change_id = ANY (changes)
    UNION SELECT d.id FROM case_decision d JOIN gone g ON d.undoes_id = g.id)
  SELECT coalesce(array_agg(id), '{}') INTO decisions FROM gone;

  INSERT INTO purging (txid) VALUES (pg_current_xact_id());
  -- Of a record that is another child's by now stays what is about that child.
  UPDATE link SET change_id = NULL WHERE record_id = ANY (touched) AND change_id = ANY (changes);
  UPDATE link SET partner = NULL WHERE record_id = ANY (touched) AND partner = ANY (records);
  UPDATE case_decision SET parts = '[]' WHERE id <> ALL (decisions) AND jsonb_typeof(parts) = 'array'
    AND (record_a_id = ANY (touched) OR record_b_id = ANY (touched))
    AND EXISTS (SELECT FROM jsonb_array_elements_text(parts) AS p (id) WHERE p.id::bigint = ANY (records));
  FOREACH statement IN ARRAY ARRAY[
    'handover WHERE involvement_id = ANY ($3)', 'consent_step WHERE involvement_id = ANY ($3)',
    'authority_move WHERE child_id = ANY ($1)', 'unplaced_child WHERE child_id = ANY ($1)', 'left_england WHERE child_id = ANY ($1)', 'team_word WHERE child_id = ANY ($1)', 'authority_change_row WHERE tab = ''archived'' AND row_key = ANY ($1)',
    'family_request WHERE child_id = ANY ($1)', 'education_item WHERE child_id = ANY ($1)',
    'not_shared WHERE child_id = ANY ($1)', 'mediation WHERE child_id = ANY ($1)', 'own_word_version WHERE involvement_id = ANY ($3)',
    'correction WHERE record_id = ANY ($2)', 
    'contact_step WHERE request_id IN (SELECT id FROM contact_request WHERE child_id = ANY ($1))',
    'contact_request WHERE child_id = ANY ($1)',
    'staged_review WHERE record_a = ANY ($2) OR record_b = ANY ($2)',
    'staged_link WHERE record = ANY ($2) OR child = ANY ($1) OR partner = ANY ($2)',
    'staged_record WHERE record = ANY ($2)',
    'review_case WHERE record_a_id = ANY ($2) OR record_b_id = ANY ($2)',
    'case_word WHERE record_a_id = ANY ($2) OR record_b_id = ANY ($2) OR EXISTS (SELECT FROM jsonb_array_elements_text(parts) AS p (id) '
      'WHERE p.id::bigint = ANY ($2))',
    'kept_apart WHERE record_a_id = ANY ($2) OR record_b_id = ANY ($2)', 'case_decision WHERE id = ANY ($6)',
    'near_child WHERE child_id = ANY ($1) OR shield_id = ANY ($4)', 'near_look WHERE shield_id = ANY ($4)',
    'breach_question WHERE shield_id = ANY ($4)', 'kept_attempt WHERE shield_id = ANY ($4)', 'shield_step WHERE shield_id = ANY ($4)', 'shield WHERE id = ANY ($4)',
    'override_use WHERE child_id = ANY ($1)',
    'replay_request WHERE child_id = ANY ($1)',
    'use_step WHERE item_id IN (SELECT id FROM use_item WHERE child = ANY ($1))', 'use_item WHERE child = ANY ($1)',
    'search_key WHERE child_id = ANY ($1)', 'search_identity WHERE child_id = ANY ($1)',
    'match_identity WHERE record_id = ANY ($2) OR child_id = ANY ($1)',
    'past_row WHERE (tab = ''child'' AND row_key = ANY ($1)) OR (tab = ''source_record'' AND (row_key = ANY ($2::text[]) '
      'OR image ->> ''child_id'' = ANY ($1))) OR (tab = ''involvement'' AND row_key = ANY ($3::text[]))',
    'involvement WHERE id = ANY ($3)', 'record_version WHERE record_id = ANY ($2)',
    'link WHERE record_id = ANY ($2) OR child_id = ANY ($1)',
    'mixed_question WHERE change_id = ANY ($5)', 'identity_move WHERE record_id = ANY ($2) OR change_id = ANY ($5)', 'identity_change WHERE id = ANY ($5)',
    'archived WHERE child_id = ANY ($1)', 'stay_consent WHERE child_id = ANY ($1)',
    'source_record WHERE id = ANY ($2)', 'child WHERE number = ANY ($1)'
  ] LOOP
    EXECUTE 'DELETE FROM ' || statement USING numbers, records, said, shields, changes, decisions;
    GET DIAGNOSTICS held = ROW_COUNT;
    from_table := split_part(statement, ' ', 1);
    gone := held;
    RETURN NEXT;
  END LOOP;
  DELETE FROM purging WHERE txid = pg_current_xact_id();
END $$;

-- What is not a child's record and has its time all the same. A moment that is not long enough ago is refused.
CREATE OR REPLACE FUNCTION forget_requests(ended_before timestamptz, how_many integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE chosen bigint[]; held bigint;
BEGIN
  IF ended_before > clock_timestamp() - interval '365 days' THEN
    RAISE EXCEPTION 'requests are kept a year' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- One with which a desk passed a message on goes with that message, and a message only with all of them.
  SELECT array_agg(id) INTO chosen FROM (
    SELECT r.id FROM contact_request r
    WHERE r.via_id IS NULL AND r.state IN ('answered', 'withdrawn') AND coalesce(r.changed_at, r.asked_at) < ended_before
      AND NOT EXISTS (SELECT FROM contact_request p WHERE p.via_id = r.id
        AND (p.state NOT IN ('answered', 'withdrawn') OR coalesce(p.changed_at, p.asked_at) >= ended_before))
    ORDER BY r.id LIMIT how_many) AS c;
  DELETE FROM contact_step s USING contact_request r
    WHERE r.id = s.request_id AND (r.id = ANY (chosen) OR r.via_id = ANY (chosen));
  DELETE FROM contact_request WHERE via_id = ANY (chosen);
  DELETE FROM contact_request WHERE id = ANY (chosen);
  GET DIAGNOSTICS held = ROW_COUNT;
  RETURN held;
END $$;

CREATE OR REPLACE FUNCTION forget_use(before_day date, how_many integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE chosen bigint[]; held bigint;
BEGIN
  IF before_day > today_here() - 6 * 365 THEN
    RAISE EXCEPTION 'use that was reviewed is kept six years' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT array_agg(id) INTO chosen FROM (SELECT id FROM use_item WHERE day < before_day ORDER BY id LIMIT how_many) AS c;
  INSERT INTO purging (txid) VALUES (pg_current_xact_id());
  DELETE FROM use_step WHERE item_id = ANY (chosen);
  DELETE FROM use_item WHERE id = ANY (chosen);
  GET DIAGNOSTICS held = ROW_COUNT;
  DELETE FROM purging WHERE txid = pg_current_xact_id();
  RETURN held;
END $$;

-- Since when a record is in the archive and which authority was responsible, to a data manager who is signed in. Of a
-- shielded child nothing, and then the record is as closed to them as to everybody.
CREATE OR REPLACE FUNCTION in_archive(asking uuid, whose text) RETURNS TABLE (since date, authority text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.since, a.authority::text FROM archived a JOIN child c ON c.number = a.child_id AND c.archived AND NOT c.shielded
  WHERE a.child_id = whose AND is_signed_in(asking) AND NOT is_kept_from(whose, asking) AND EXISTS (
    SELECT FROM membership m WHERE m.account_id = asking AND m.role IN ('authority_team', 'national_team')
      AND (m.ended_at IS NULL OR m.ended_at > clock_timestamp()))
$$;

-- What an archived record says, to a data manager of the authority that was responsible or of the national team, in the
-- archive's first year and in the very transaction that has written down that they read it (R48).
CREATE OR REPLACE FUNCTION archived_record(seeing uuid, whose text)
RETURNS TABLE (child_id varchar, record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['opened_archived'], ARRAY['national_team', 'authority_team']);
  PERFORM FROM archived a JOIN child c ON c.number = a.child_id AND c.archived AND NOT c.shielded
    WHERE a.child_id = whose AND (who.role = 'national_team' OR who.authority = a.authority)
      AND who.subjects = ARRAY[whose] AND NOT is_kept_from(whose, who.account) AND today_here() < (a.since + interval '1 year')::date;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down may not read this of the archive' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- A refuge, a secure home or a hospital school is named no more here than on an open record (ADR 20).
  RETURN QUERY
    SELECT r.child_id, r.id, CASE WHEN d.is THEN 'not-shown' ELSE r.source_id END,
      CASE WHEN d.is THEN 'A service that is not named here' ELSE s.name END, s.contract, CASE WHEN d.is THEN '' ELSE s.authority END,
      r.local_id, coalesce(r.last_vouched, greatest(v.as_at, s.vouched_at)), v.recorded_at,
      facts_told(v.facts - 'involvements')::text, NULL::involvement
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    JOIN source s ON s.code = r.source_id
    CROSS JOIN LATERAL (SELECT is_discreet(s.organisation_id) AS is) AS d
    WHERE r.child_id = whose AND r.withdrawn_at IS NULL
      AND (holds_nearly_every_child(s.contract) OR EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id AND consent_shows(i)))
    ORDER BY r.id;
  RETURN QUERY
    SELECT whose::varchar, t.record, t.source_id, t.source_name, t.contract, t.authority, t.local_id, t.as_at, t.recorded_at, t.facts,
      NULL::involvement
    FROM team_statements(whose) t WHERE t.held_until IS NULL;
  RETURN QUERY
    SELECT r.child_id, r.id, CASE WHEN is_discreet(s.organisation_id) THEN 'not-shown' ELSE r.source_id END, s.name, s.contract,
      s.authority, r.local_id, NULL::date, NULL::timestamptz, NULL::text, involvement_told(as_agreed(i))
    FROM source_record r JOIN involvement i ON i.record_id = r.id JOIN source s ON s.code = r.source_id
    WHERE r.child_id = whose AND r.withdrawn_at IS NULL AND consent_shows(i)
    ORDER BY i.id;
END $$;

-- Who stays until 25 (R16): recorded by the team of an authority, in the transaction that has written down of whom, and of
-- nobody who is shielded or archived or kept from them. Whether they are responsible, the rules say (R58).
CREATE OR REPLACE FUNCTION hold_staying(seeing uuid, doing text, whose text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY[doing], ARRAY['authority_team']);
  PERFORM FROM child c WHERE c.number = whose AND who.subjects = ARRAY[whose] AND NOT c.shielded AND NOT c.archived
    AND c.retired_into_id IS NULL AND NOT is_kept_from(whose, who.account) FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down records this of nobody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN who.account;
END $$;
REVOKE ALL ON FUNCTION hold_staying(uuid, text, text) FROM PUBLIC;
CREATE OR REPLACE FUNCTION keep_staying(seeing uuid, whose text, given date, until date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE by_whom uuid := hold_staying(seeing, 'agreed_to_stay', whose);
BEGIN
  INSERT INTO stay_consent (child_id, given_on, recorded_at, recorded_by_id) VALUES (whose, given, clock_timestamp(), by_whom)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE child SET stays_until = until WHERE number = whose;
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION end_staying(seeing uuid, whose text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM hold_staying(seeing, 'withdrew_staying', whose);
  UPDATE stay_consent SET withdrawn_at = clock_timestamp() WHERE child_id = whose AND withdrawn_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE child SET stays_until = NULL WHERE number = whose;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION keep_staying(uuid, text, date, date), end_staying(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_staying(uuid, text, date, date), end_staying(uuid, text) TO contactpoint_web;

REVOKE ALL ON FUNCTION is_purging(), purge_rows(text[], bigint[]), forget_requests(timestamptz, integer),
  forget_use(date, integer), in_archive(uuid, text), archived_record(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_purging() TO contactpoint_web, contactpoint_worker;
GRANT EXECUTE ON FUNCTION purge_rows(text[], bigint[]), forget_requests(timestamptz, integer), forget_use(date, integer)
  TO contactpoint_worker;
GRANT EXECUTE ON FUNCTION in_archive(uuid, text), archived_record(uuid, text) TO contactpoint_web;

-- The worker archives, brings back and keeps the account; only the functions above destroy.
GRANT SELECT, INSERT, DELETE ON archived TO contactpoint_worker;
GRANT UPDATE (why, since, purge_on, checked_at) ON archived TO contactpoint_worker;
GRANT SELECT, INSERT ON stay_consent, retention_run TO contactpoint_worker;
GRANT UPDATE (withdrawn_at) ON stay_consent TO contactpoint_worker;
GRANT UPDATE (ended_at, figures, step, after) ON retention_run TO contactpoint_worker;
