-- Corrections to whoever runs a feed (R25): its own organisation, the team of its authority, the national team. Keyed by the
-- source's own number, without the child's name. Of a place that is not named only its own organisation learns that
-- somebody is known there (ADR 20); of what is sealed nobody does.

-- What waits for an answer about one feed, or about all that the viewer runs; of these, what has waited since before a moment.
CREATE OR REPLACE FUNCTION corrections_run(seeing uuid, doing text[], as_role text[], feed text, before timestamptz)
RETURNS SETOF correction_unsealed LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, doing, as_role);
  RETURN QUERY
    SELECT c.* FROM correction_unsealed c JOIN source s ON s.code = c.source_id
    WHERE s.contract NOT IN ('practitioner', 'by_hand') AND (feed IS NULL OR s.code = feed)
      AND (c.answer = '' OR c.delivered_at IS NOT NULL)
      AND (before IS NULL OR coalesce(c.delivered_at, c.asked_at) < before)
      AND (s.organisation_id = who.organisation OR NOT is_discreet(s.organisation_id) AND (who.role = 'national_team'
        OR s.authority <> '' AND s.authority = who.authority))
      AND c.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
    ORDER BY c.id;
END $$;

CREATE OR REPLACE FUNCTION feed_corrections(seeing uuid, feed text) RETURNS SETOF correction_unsealed
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM corrections_run(seeing, ARRAY['listed_corrections', 'took_corrections'], ARRAY['authority_team', 'national_team'],
    feed, NULL)
$$;

CREATE OR REPLACE FUNCTION corrections_overdue(seeing uuid, before timestamptz) RETURNS SETOF correction_unsealed
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM corrections_run(seeing, ARRAY['listed_today'], ARRAY['national_team'], NULL, before)
$$;

-- Answers one; false if somebody did meanwhile, or it does not wait there.
CREATE OR REPLACE FUNCTION answer_feed_correction(seeing uuid, which bigint, feed text, said_to_it text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['answered_correction'], ARRAY['authority_team', 'national_team']);
  PERFORM FROM correction c WHERE c.id = which FOR UPDATE;
  UPDATE correction c SET answer = said_to_it, answered_by_id = who.account, answered_at = who.at
  WHERE c.id = which AND c.id IN (SELECT w.id FROM corrections_run(seeing, ARRAY['answered_correction'],
    ARRAY['authority_team', 'national_team'], feed, NULL) w);
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION corrections_run(uuid, text[], text[], text, timestamptz) FROM PUBLIC;
DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['feed_corrections(uuid, text)', 'corrections_overdue(uuid, timestamptz)',
    'answer_feed_correction(uuid, bigint, text, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
