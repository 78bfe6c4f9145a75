-- The service directory: pages read how services are reached, and change it only for somebody who has been written down as
-- doing so and may, because whoever could change a number could have calls go elsewhere.
REVOKE ALL ON service_point FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON service_point TO contactpoint_web, contactpoint_worker;

-- Whoever is written down as doing that, if they provide that service there, or are of its partner's or its authority's team. Of a place
-- that is named on no record, only its own people.
DROP FUNCTION IF EXISTS keeps_point(uuid, text, text);
CREATE OR REPLACE FUNCTION keeps_point(seeing uuid, doing text, at_organisation text, of_service text)
RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY[doing], ARRAY['practitioner', 'authority_team', 'partner_team']);
  RETURN QUERY SELECT w.account, w.at FROM acting(seeing, ARRAY[doing], ARRAY['practitioner', 'authority_team', 'partner_team']) w
    JOIN membership m ON m.account_id = w.account AND m.organisation_id = w.organisation AND m.role = w.role AND m.ended_at IS NULL
    JOIN organisation o ON o.code = at_organisation
  WHERE (w.organisation = o.code AND m.services @> to_jsonb(of_service))
    OR (w.role = 'partner_team' AND w.organisation = o.code AND NOT is_discreet(o.code))
    OR (w.role = 'authority_team' AND w.authority <> '' AND w.authority = o.authority AND NOT is_discreet(o.code))
  LIMIT 1;
END $$;
REVOKE ALL ON FUNCTION keeps_point(uuid, text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION keep_point(seeing uuid, at_organisation text, of_service text, on_phone text, in_hours text,
  at_night text, in_holidays text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO service_point (organisation_id, service, phone, hours, night, holidays, confirmed_on, confirmed_by_id)
  SELECT at_organisation, of_service, on_phone, in_hours, at_night, in_holidays, (k.at AT TIME ZONE 'Europe/London')::date, k.account
  FROM keeps_point(seeing, 'kept_contact_point', at_organisation, of_service) k
  ON CONFLICT (organisation_id, service) DO UPDATE SET phone = excluded.phone, hours = excluded.hours, night = excluded.night,
    holidays = excluded.holidays, confirmed_on = excluded.confirmed_on, confirmed_by_id = excluded.confirmed_by_id, doubted_on = NULL;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION confirm_point(seeing uuid, at_organisation text, of_service text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM keeps_point(seeing, 'confirmed_contact_point', at_organisation, of_service);
  UPDATE service_point p SET confirmed_on = (who.at AT TIME ZONE 'Europe/London')::date, confirmed_by_id = who.account, doubted_on = NULL
    WHERE p.organisation_id = at_organisation AND p.service = of_service AND who.account IS NOT NULL;
  RETURN FOUND;
END $$;

-- The service is not provided there any more, or was never: what it said goes, and the organisation's own number stands again.
CREATE OR REPLACE FUNCTION end_point(seeing uuid, at_organisation text, of_service text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM keeps_point(seeing, 'ended_contact_point', at_organisation, of_service);
  DELETE FROM service_point p WHERE p.organisation_id = at_organisation AND p.service = of_service AND who.account IS NOT NULL;
  RETURN FOUND;
END $$;

-- Somebody rang the number and found it wrong: whoever keeps the contact point is asked again. It changes no number.
CREATE OR REPLACE FUNCTION doubt_point(seeing uuid, at_organisation text, of_service text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['noted_call'],
    ARRAY['practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team']);
  UPDATE service_point p SET doubted_on = (who.at AT TIME ZONE 'Europe/London')::date
    WHERE p.organisation_id = at_organisation AND p.service = of_service AND NOT is_discreet(at_organisation);
  RETURN FOUND;
END $$;

-- Every service that somebody provides in the authority, or at the partner, of the team that looks, or of which
-- a contact point is known; no place that is named on no record.
DROP FUNCTION IF EXISTS points_in(uuid, text);
CREATE OR REPLACE FUNCTION points_in(seeing uuid)
RETURNS TABLE (organisation varchar, organisation_name varchar, service text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_contact_points', 'listed_today'], ARRAY['authority_team', 'partner_team']);
  RETURN QUERY SELECT DISTINCT o.code, o.name, known.service
  FROM acting(seeing, ARRAY['listed_contact_points', 'listed_today'], ARRAY['authority_team', 'partner_team']) w
    JOIN organisation o ON (w.role = 'authority_team' AND o.authority = w.authority AND w.authority <> '')
      OR (w.role = 'partner_team' AND o.code = w.organisation)
    CROSS JOIN LATERAL (
      SELECT jsonb_array_elements_text(m.services) AS service FROM membership m
        WHERE m.organisation_id = o.code AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
      UNION SELECT p.service FROM service_point p WHERE p.organisation_id = o.code) AS known
  WHERE NOT is_discreet(o.code)
  ORDER BY 2, 3;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['keep_point(uuid, text, text, text, text, text, text)', 'confirm_point(uuid, text, text)',
    'end_point(uuid, text, text)', 'doubt_point(uuid, text, text)', 'points_in(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;

-- Services to be reached, for whoever looks for one (domain/service_search.py; ADR 55): of open organisations alone, no place that is named
-- on no record, nothing sensitive, and no organisation of which nothing else is known. It reads nothing of any child.
CREATE OR REPLACE FUNCTION services_found(seeing uuid, words text[], of_service text, in_authority text, leave integer, most integer)
RETURNS TABLE (organisation text, organisation_name text, kind text, authority text, phone text, hours text, cover text, service text,
  service_phone text, service_hours text, night text, holidays text, confirmed_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_services'],
    ARRAY['practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team', 'partner_team']);
  RETURN QUERY WITH known AS (
      SELECT o.code, o.name, o.kind, o.authority, o.phone, o.hours, o.cover, coalesce(s.service,
        CASE WHEN o.kind IN ('school', 'gp', 'youth_justice') THEN o.kind ELSE '' END)::text AS service
      FROM organisation o LEFT JOIN LATERAL (
        SELECT p.service::text FROM service_point p WHERE p.organisation_id = o.code
        UNION SELECT jsonb_array_elements_text(m.services) FROM membership m
          WHERE m.organisation_id = o.code AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')) AS s ON true
      WHERE o.closed_on IS NULL AND o.code <> 'not-shown' AND NOT EXISTS (SELECT FROM discreet_place d WHERE d.code = o.code)
        AND (in_authority = '' OR o.authority = in_authority)
        AND NOT EXISTS (SELECT FROM unnest(words) w WHERE strpos(lower(o.name), lower(w)) = 0))
  SELECT k.code::text, k.name::text, k.kind::text, k.authority::text, k.phone::text, k.hours::text, k.cover::text, k.service,
    p.phone::text, p.hours::text, p.night::text, p.holidays::text, p.confirmed_on
  FROM known k LEFT JOIN service_point p ON p.organisation_id = k.code AND p.service = k.service
  WHERE NOT is_sensitive(k.service) AND (of_service = '' OR k.service = of_service)
  ORDER BY k.name, k.code, k.service OFFSET leave LIMIT most;
END $$;
REVOKE ALL ON FUNCTION services_found(uuid, text[], text, text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION services_found(uuid, text[], text, text, integer, integer) TO contactpoint_web;
