-- Review of use (R52-R54): pages come by it through these functions alone. Each is given the event that was just written
-- of who looks, and finds out for itself who that is and what is theirs to review: not their own use, not that of a small
-- team of theirs, of others only what was given to their authority or partner, and of protected children nothing unless they
-- are national reviewers.
REVOKE ALL ON use_item, use_step, use_day, use_sign_off, staff_home
  FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT, UPDATE (codes, weight, explained, state, last_day, events) ON use_item TO contactpoint_worker;
GRANT SELECT, INSERT ON use_step TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE (settled_at) ON use_day TO contactpoint_worker;
GRANT SELECT, INSERT, DELETE ON staff_home TO contactpoint_worker;
GRANT SELECT ON handover, contact_request TO contactpoint_worker;

-- Steps are append-only: what a reviewer said stands.
CREATE OR REPLACE TRIGGER use_step_append_only BEFORE UPDATE OR DELETE ON use_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER use_step_no_truncate BEFORE TRUNCATE ON use_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER use_sign_off_append_only BEFORE UPDATE OR DELETE ON use_sign_off FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER use_sign_off_no_truncate BEFORE TRUNCATE ON use_sign_off FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- For whom reviewers at a body look, as domain/review/reviewers.py says it; a test compares them.
CREATE OR REPLACE FUNCTION who_reviews_for(kind text, authority text, code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE kind WHEN 'national' THEN '' WHEN 'charity' THEN 'at:' || code ELSE coalesce(nullif(authority, ''), '-') END
$$;
REVOKE ALL ON FUNCTION who_reviews_for(text, text, text) FROM PUBLIC;

-- The reviewer whom this transaction has written down as looking; nobody else is one.
DROP FUNCTION IF EXISTS reviewer_seeing(uuid), reviewer_seeing(uuid, text[]);
CREATE OR REPLACE FUNCTION reviewer_seeing(seeing uuid, doing text[] DEFAULT '{opened_use}')
RETURNS TABLE (account uuid, organisation varchar, looks_for varchar, is_national boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, w.organisation::varchar, who_reviews_for(w.kind, w.authority, w.organisation)::varchar, w.kind = 'national'
    FROM acting(seeing, doing, ARRAY['audit_reviewer']) w;
END $$;
REVOKE ALL ON FUNCTION reviewer_seeing(uuid, text[]) FROM PUBLIC, contactpoint_worker;

CREATE OR REPLACE FUNCTION is_protected_use(i use_item) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.restricted OR EXISTS (SELECT FROM child c WHERE c.number = i.child AND c.shielded)
$$;
REVOKE ALL ON FUNCTION is_protected_use(use_item) FROM PUBLIC;

-- The items that are theirs to review.
DROP FUNCTION IF EXISTS use_reviewed_by(uuid);
CREATE OR REPLACE FUNCTION use_reviewed_by(seeing uuid, doing text[] DEFAULT '{opened_use}') RETURNS SETOF use_item
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, doing);
  RETURN QUERY SELECT i.* FROM reviewer_seeing(seeing, doing) r JOIN use_item i ON i.account_id <> r.account
  WHERE NOT (i.organisation_id = r.organisation AND i.team_size < 20)
    AND CASE WHEN is_protected_use(i) THEN r.is_national ELSE i.reviewed_by = r.looks_for END
    AND i.child <> ALL ((SELECT children_kept_from(r.account))::varchar[]);
END $$;
REVOKE ALL ON FUNCTION use_reviewed_by(uuid, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION use_to_review(seeing uuid, states text[], how_many integer, passed_over integer)
RETURNS TABLE (in_all bigint, item bigint, day date, account uuid, name varchar, job_title varchar, organisation varchar,
  organisation_name varchar, child varchar, protected boolean, codes varchar[], weight smallint, explained varchar,
  state varchar, looks integer, team_size integer, reviewed_by varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, '{listed_use}');
  RETURN QUERY SELECT count(*) OVER (), i.id, i.day, a.id, a.name, a.job_title, o.code, o.name, i.child, is_protected_use(i), i.codes,
    i.weight, i.explained, i.state, cardinality(i.events), i.team_size,
    i.reviewed_by
  FROM use_reviewed_by(seeing, '{listed_use}') i JOIN account a ON a.id = i.account_id
  JOIN organisation o ON o.code = i.organisation_id
  WHERE i.state = ANY (states)
  ORDER BY i.weight DESC, i.day, i.id LIMIT greatest(0, least(how_many, 200)) OFFSET greatest(0, passed_over);
END $$;

-- One of them, kept still until the transaction ends.
CREATE OR REPLACE FUNCTION use_opened(which bigint, seeing uuid)
RETURNS TABLE (in_all bigint, item bigint, day date, account uuid, name varchar, job_title varchar, organisation varchar,
  organisation_name varchar, child varchar, protected boolean, codes varchar[], weight smallint, explained varchar,
  state varchar, looks integer, team_size integer, reviewed_by varchar)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing);
  PERFORM FROM use_item i WHERE i.id = which FOR UPDATE;
  RETURN QUERY
    SELECT 1::bigint, i.id, i.day, a.id, a.name, a.job_title, o.code, o.name, i.child, is_protected_use(i), i.codes,
      i.weight, i.explained, i.state, cardinality(i.events), i.team_size, i.reviewed_by
    FROM use_reviewed_by(seeing) i JOIN account a ON a.id = i.account_id JOIN organisation o ON o.code = i.organisation_id
    WHERE i.id = which;
END $$;

-- The events behind one of them, as the audit holds them; of one that was purged, nothing but that.
CREATE OR REPLACE FUNCTION use_events(which bigint, seeing uuid) RETURNS TABLE (body bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing);
  RETURN QUERY SELECT b.body FROM use_reviewed_by(seeing) i CROSS JOIN LATERAL unnest(i.events) AS e (id)
  LEFT JOIN audit_body b ON b.event_id = e.id
  WHERE i.id = which ORDER BY b.occurred_at, e.id LIMIT 500;
END $$;

CREATE OR REPLACE FUNCTION use_steps(which bigint, seeing uuid)
RETURNS TABLE (what varchar, because varchar, by_name varchar, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing);
  RETURN QUERY SELECT s.what, s.because::varchar, a.name, s.at FROM use_reviewed_by(seeing) i JOIN use_step s ON s.item_id = i.id
    LEFT JOIN account a ON a.id = s.by_id WHERE i.id = which ORDER BY s.id;
END $$;

-- Who manages the person, and whether the reviewer is who suspended them for it.
CREATE OR REPLACE FUNCTION use_manager(which bigint, seeing uuid) RETURNS TABLE (manager varchar, suspended_here boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing);
  RETURN QUERY SELECT m.name, EXISTS (SELECT FROM use_step s, reviewer_seeing(seeing) r
      WHERE s.item_id = i.id AND s.what = 'suspend' AND s.by_id = r.account)
  FROM use_reviewed_by(seeing) i JOIN account a ON a.id = i.account_id
  LEFT JOIN account m ON m.id = a.manager_id AND m.is_active WHERE i.id = which;
END $$;

-- Writes down what a reviewer says of one of them, and does it. The move from one state to the next was decided by the
-- rules; here it is made only where the item still stands as they saw it. A suspension takes effect on the next request.
CREATE OR REPLACE FUNCTION decide_use(which bigint, seeing uuid, was text, becomes text, verdict text, why text,
  at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE reviewer record; chosen record;
BEGIN
  SELECT * INTO reviewer FROM reviewer_seeing(seeing);
  SELECT i.* INTO chosen FROM use_reviewed_by(seeing) i WHERE i.id = which AND i.state = was;
  IF chosen.id IS NULL THEN
    RETURN false;
  END IF;
  IF was = 'suspended' AND verdict = 'justified' AND EXISTS (SELECT FROM use_step s
      WHERE s.item_id = which AND s.what = 'suspend' AND s.by_id = reviewer.account) THEN
    RAISE EXCEPTION 'whoever suspended does not lift it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO use_step (item_id, what, because, by_id, at) VALUES (which, verdict, why, reviewer.account, at_time);
  UPDATE use_item SET state = becomes, reviewed_by = CASE WHEN verdict = 'escalate' THEN '' ELSE reviewed_by END
    WHERE id = which;
  IF verdict = 'suspend' THEN
    UPDATE account SET suspended_at = coalesce(suspended_at, at_time), suspended_for = 'review' WHERE id = chosen.account_id;
  ELSIF was = 'suspended' AND verdict = 'justified' THEN
    -- Suspended for something else as well, they stay so.
    UPDATE account SET suspended_at = NULL, suspended_for = '' WHERE id = chosen.account_id
      AND NOT EXISTS (SELECT FROM use_item o WHERE o.account_id = chosen.account_id AND o.id <> which
        AND o.state IN ('suspended', 'misuse'));
  END IF;
  RETURN true;
END $$;

-- What waits for a reviewer, by how it stands: the same items as the list holds.
CREATE OR REPLACE FUNCTION use_waiting(seeing uuid, late_before timestamptz)
RETURNS TABLE (state varchar, uses bigint, late bigint, oldest timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, '{listed_today}');
  RETURN QUERY SELECT i.state, count(*), count(*) FILTER (WHERE i.made_at < late_before), min(i.made_at)
  FROM use_reviewed_by(seeing, '{listed_today}') i WHERE i.state NOT IN ('justified', 'misuse', 'explained') GROUP BY i.state;
END $$;

-- The months that are over, were judged, and that nobody has signed off for those for whom a reviewer looks: of the twelve before
-- this one, which are those that its page offers.
CREATE OR REPLACE FUNCTION use_months_due(seeing uuid, on_day date) RETURNS TABLE (month date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, '{listed_today}');
  RETURN QUERY SELECT DISTINCT date_trunc('month', d.day)::date AS first
  FROM use_day d CROSS JOIN reviewer_seeing(seeing, '{listed_today}') r
  WHERE d.day < date_trunc('month', on_day) AND d.day >= date_trunc('month', on_day) - interval '12 months'
    AND r.looks_for <> '-' AND NOT EXISTS (SELECT FROM use_sign_off s
      WHERE s.month = date_trunc('month', d.day) AND s.reviewed_by = r.looks_for)
  ORDER BY first;
END $$;

-- What a month came to, for whoever reviews: days judged with their figures, and how what was found stands, of that which
-- is theirs to know of: a child protected since has left an authority's month as it has left its list.
CREATE OR REPLACE FUNCTION use_month(seeing uuid, first date)
RETURNS TABLE (days bigint, accesses bigint, explained bigint, sampled bigint, queued bigint, states jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, '{listed_use}');
  -- What was given to a partner's reviewers stands under by: in the figures of a day.
  RETURN QUERY WITH me AS (SELECT regexp_replace(looks_for, '^at:', 'by:') AS whose FROM reviewer_seeing(seeing, '{listed_use}')
      WHERE looks_for <> '-'),
    months AS (SELECT d.figures -> me.whose AS f FROM use_day d, me
      WHERE d.day >= first AND d.day < first + interval '1 month')
  SELECT count(*), coalesce(sum((f ->> 'accesses')::bigint), 0)::bigint, coalesce(sum((f ->> 'explained')::bigint), 0)::bigint,
    coalesce(sum((f ->> 'sampled')::bigint), 0)::bigint, coalesce(sum((f ->> 'queued')::bigint), 0)::bigint,
    coalesce((SELECT jsonb_object_agg(c.state, c.n) FROM (SELECT i.state, count(*) AS n FROM use_item i
        CROSS JOIN reviewer_seeing(seeing, '{listed_use}') r
      WHERE CASE WHEN is_protected_use(i) THEN r.is_national ELSE i.reviewed_by = r.looks_for END
        AND i.child <> ALL ((SELECT children_kept_from(r.account))::varchar[])
        AND i.day >= first AND i.day < first + interval '1 month' GROUP BY i.state) c), '{}')
  FROM months;
END $$;

CREATE OR REPLACE FUNCTION use_signed_off(seeing uuid)
RETURNS TABLE (month date, figures jsonb, because varchar, by_name varchar, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM reviewer_seeing(seeing, '{listed_use}');
  RETURN QUERY SELECT s.month, s.figures, s.because, a.name, s.signed_at
  FROM reviewer_seeing(seeing, '{listed_use}') r JOIN use_sign_off s ON s.reviewed_by = r.looks_for
  JOIN account a ON a.id = s.signed_by_id
  ORDER BY s.month DESC LIMIT 24;
END $$;

CREATE OR REPLACE FUNCTION sign_off_use(seeing uuid, first date, why text, at_time timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE reviewer record; came record;
BEGIN
  SELECT * INTO reviewer FROM reviewer_seeing(seeing, '{listed_use}');
  SELECT * INTO came FROM use_month(seeing, first);
  IF reviewer.looks_for = '-' THEN
    RETURN false;
  END IF;
  INSERT INTO use_sign_off (month, reviewed_by, figures, because, signed_by_id, signed_at)
  VALUES (first, reviewer.looks_for, to_jsonb(came), why, reviewer.account, at_time)
  ON CONFLICT (month, reviewed_by) DO NOTHING;
  RETURN FOUND;
END $$;

-- What a manager is asked about the use of people in their team. About whom the look was is said only where anybody may
-- know it; of a protected child, that it was one.
CREATE OR REPLACE FUNCTION use_questions(manager uuid)
RETURNS TABLE (item bigint, day date, name varchar, child varchar, looks integer, asked varchar, asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.day, a.name, CASE WHEN is_protected_use(i) THEN '' ELSE i.child END, cardinality(i.events), s.because::varchar, s.at
  FROM use_item i JOIN account a ON a.id = i.account_id AND a.manager_id = manager
  JOIN LATERAL (SELECT * FROM use_step t WHERE t.item_id = i.id AND t.what = 'ask' ORDER BY t.id DESC LIMIT 1) s ON true
  WHERE i.state = 'asked' AND is_signed_in(manager)
    AND i.child <> ALL ((SELECT children_kept_from(manager))::varchar[]) ORDER BY s.at, i.id
$$;

CREATE OR REPLACE FUNCTION answer_use_question(which bigint, manager uuid, said text, at_time timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM use_item i WHERE i.id = which FOR UPDATE;
  IF NOT EXISTS (SELECT FROM use_questions(manager) q WHERE q.item = which) THEN
    RETURN false;
  END IF;
  INSERT INTO use_step (item_id, what, because, by_id, at) VALUES (which, 'answer', said, manager, at_time);
  UPDATE use_item SET state = 'answered' WHERE id = which;
  RETURN true;
END $$;

-- Suspends whoever the event of this transaction says was stopped for opening or searching far too much, at once, and gives it to
-- the national reviewers: one of them lifts it, or says that it was misuse (R52, R53).
CREATE OR REPLACE FUNCTION suspend_for_pace(seeing uuid, at_time timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE stopped record; made bigint;
BEGIN
  SELECT b.account, b.organisation INTO stopped FROM audit_pending p JOIN audit_body b ON b.event_id = p.event_id
    WHERE p.event_id = seeing AND p.txid = pg_current_xact_id() AND b.action = 'suspended' AND is_signed_in(b.account);
  IF stopped.account IS NULL THEN
    RAISE EXCEPTION 'nobody who is signed in has been written down as stopped' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE account SET suspended_at = coalesce(suspended_at, at_time), suspended_for = 'review' WHERE id = stopped.account;
  INSERT INTO use_item AS i (day, account_id, organisation_id, child, team_size, restricted, reviewed_by, codes, weight, explained,
    events, state, made_at)
  VALUES ((at_time AT TIME ZONE 'Europe/London')::date, stopped.account, stopped.organisation, '',
    (SELECT count(DISTINCT m.account_id) FROM membership m WHERE m.organisation_id = stopped.organisation AND m.ended_at IS NULL),
    false, '', ARRAY['volume'], 5, '', ARRAY[seeing], 'suspended', at_time)
  ON CONFLICT (day, account_id, organisation_id, child) DO UPDATE SET state = 'suspended', events = i.events || excluded.events
  RETURNING i.id INTO made;
  INSERT INTO use_step (item_id, what, because, at) VALUES (made, 'suspend', '', at_time);
  RETURN true;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'use_to_review(uuid, text[], integer, integer)', 'use_opened(bigint, uuid)', 'use_events(bigint, uuid)',
    'use_steps(bigint, uuid)', 'use_manager(bigint, uuid)',
    'decide_use(bigint, uuid, text, text, text, text, timestamptz)', 'use_waiting(uuid, timestamptz)',
    'use_months_due(uuid, date)', 'use_month(uuid, date)', 'use_signed_off(uuid)',
    'sign_off_use(uuid, date, text, timestamptz)', 'use_questions(uuid)',
    'answer_use_question(bigint, uuid, text, timestamptz)', 'suspend_for_pace(uuid, timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
