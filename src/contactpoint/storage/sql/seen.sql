-- What a number's record could show at any moment of the past: which versions were linked to it then, and which services, as
-- pages would be told of them (discreet.sql), sealed or not. For the functions that answer who decides about a breach
-- (R55), and for nobody else; what consent keeps back now is kept back here too.
CREATE OR REPLACE FUNCTION versions_linked(about text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar, local_id varchar,
  as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH linked AS (
    SELECT l.record_id, l.child_id, l.decided_at AS since, lead(l.decided_at) OVER (PARTITION BY l.record_id ORDER BY l.id) AS until
    FROM link l WHERE l.record_id IN (SELECT o.record_id FROM link o WHERE o.child_id = about)
    UNION ALL SELECT r.id, r.child_id, '-infinity', NULL FROM source_record r
    WHERE r.child_id = about AND NOT EXISTS (SELECT FROM link l WHERE l.record_id = r.id))
  SELECT r.id, CASE WHEN d.is THEN 'not-shown' ELSE r.source_id END,
    CASE WHEN d.is THEN 'A service that is not named here' ELSE s.name END, s.contract, s.authority, r.local_id, v.as_at,
    v.recorded_at, facts_told(v.facts - 'involvements')::text, greatest(v.recorded_at, k.since),
    least(v.superseded_at, k.until, r.withdrawn_at)
  FROM linked k JOIN source_record r ON r.id = k.record_id JOIN record_version v ON v.record_id = r.id
  JOIN source s ON s.code = r.source_id
  CROSS JOIN LATERAL (SELECT is_discreet(s.organisation_id) AS is) AS d
  WHERE k.child_id = about
    AND coalesce(least(v.superseded_at, k.until, r.withdrawn_at), 'infinity') > greatest(v.recorded_at, k.since)
    AND (holds_nearly_every_child(s.contract) OR EXISTS (
      SELECT FROM involvement i WHERE i.record_id = r.id
        AND consent_shows(i)))
  ORDER BY r.id, v.recorded_at, v.id
$$;
-- Which organisation, where that is encrypted, whoever asks opens.
DROP FUNCTION IF EXISTS services_linked(text);
CREATE OR REPLACE FUNCTION services_linked(about text) RETURNS TABLE (involvement bigint, service text, organisation text, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT i.id, i.service::text,
    CASE WHEN is_discreet(o.code) THEN 'A service that is not named here' ELSE o.name END::text, i.sealed_said
  FROM involvement i LEFT JOIN organisation o ON o.code = i.organisation_id JOIN source_record r ON r.id = i.record_id
  WHERE (r.child_id = about OR EXISTS (SELECT FROM link l WHERE l.record_id = r.id AND l.child_id = about))
    AND consent_shows(i)
  ORDER BY 1
$$;
REVOKE ALL ON FUNCTION versions_linked(text), services_linked(text) FROM PUBLIC;
