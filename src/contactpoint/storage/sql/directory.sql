-- The service directory: pages read how services are reached, and change it only for somebody who has been written down as
-- doing so and may, because whoever could change a number could have calls go elsewhere.
REVOKE ALL ON service_point FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON service_point TO contactpoint_web, contactpoint_worker;

-- Whoever is written down, if they provide that service there, or are of the team of its authority. Of a place that is
-- named on no record, only its own people.
CREATE OR REPLACE FUNCTION keeps_point(seeing uuid, at_organisation text, of_service text)
RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.account, w.at FROM written_down(seeing) w
    JOIN membership m ON m.account_id = w.account AND m.organisation_id = w.organisation AND m.ended_at IS NULL
    JOIN organisation mine ON mine.code = m.organisation_id JOIN organisation o ON o.code = at_organisation
  WHERE (mine.code = o.code AND m.services @> to_jsonb(of_service))
    OR (m.role = 'authority_team' AND mine.authority <> '' AND mine.authority = o.authority AND NOT is_discreet(o.code))
  LIMIT 1
$$;
REVOKE ALL ON FUNCTION keeps_point(uuid, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION keep_point(seeing uuid, at_organisation text, of_service text, on_phone text, in_hours text,
  at_night text, in_holidays text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO service_point (organisation_id, service, phone, hours, night, holidays, confirmed_on, confirmed_by_id)
  SELECT at_organisation, of_service, on_phone, in_hours, at_night, in_holidays, (k.at AT TIME ZONE 'Europe/London')::date, k.account
  FROM keeps_point(seeing, at_organisation, of_service) k
  ON CONFLICT (organisation_id, service) DO UPDATE SET phone = excluded.phone, hours = excluded.hours, night = excluded.night,
    holidays = excluded.holidays, confirmed_on = excluded.confirmed_on, confirmed_by_id = excluded.confirmed_by_id;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION confirm_point(seeing uuid, at_organisation text, of_service text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE service_point p SET confirmed_on = (k.at AT TIME ZONE 'Europe/London')::date, confirmed_by_id = k.account
    FROM keeps_point(seeing, at_organisation, of_service) k
    WHERE p.organisation_id = at_organisation AND p.service = of_service;
  RETURN FOUND;
END $$;

-- Every service that somebody provides in an authority, or of which a contact point is known; no place that is named on no
-- record.
CREATE OR REPLACE FUNCTION points_in(seeing uuid, in_authority text)
RETURNS TABLE (organisation varchar, organisation_name varchar, service text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT o.code, o.name, known.service FROM organisation o
    CROSS JOIN LATERAL (
      SELECT jsonb_array_elements_text(m.services) AS service FROM membership m
        WHERE m.organisation_id = o.code AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
      UNION SELECT p.service FROM service_point p WHERE p.organisation_id = o.code) AS known
  WHERE EXISTS (SELECT FROM written_down(seeing)) AND o.authority = in_authority AND in_authority <> ''
    AND NOT is_discreet(o.code)
  ORDER BY 2, 3
$$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['keep_point(uuid, text, text, text, text, text, text)', 'confirm_point(uuid, text, text)',
    'points_in(uuid, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
