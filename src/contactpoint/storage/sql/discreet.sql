-- Refuges, secure homes and hospital schools (domain/discreet.py): pages are told neither which one it is, nor where, nor its
-- telephone. What stands for all of them has the code 'not-shown'.
CREATE OR REPLACE VIEW discreet_place AS
  SELECT o.code, o.address, o.postcode, o.phone, regexp_replace(lower(o.address), '[^a-z0-9]', '', 'g') AS plain,
    substring(o.address FROM '[0-9]+') AS number
  FROM organisation o WHERE o.kind IN ('hospital_school', 'refuge', 'secure_home');
REVOKE ALL ON discreet_place FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON discreet_place TO contactpoint_worker;

CREATE OR REPLACE FUNCTION is_discreet(organisation text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM discreet_place d WHERE d.code = organisation)
$$;

CREATE OR REPLACE FUNCTION is_discreet_home(line text, in_postcode text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM discreet_place d
    WHERE CASE WHEN coalesce(in_postcode, '') <> '' THEN d.postcode = in_postcode AND (d.number IS NULL OR coalesce(line, '') !~ '[0-9]'
        OR line ~ ('(^|[^0-9])' || d.number || '([^0-9]|$)'))
      ELSE d.plain <> '' AND position(d.plain IN regexp_replace(lower(coalesce(line, '')), '[^a-z0-9]', '', 'g')) > 0 END)
$$;

CREATE OR REPLACE FUNCTION facts_told(facts jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE told jsonb := facts; named text;
BEGIN
  IF facts ? 'sealed' THEN -- whoever opens them leaves it out then (storage/sealed_facts.py)
    RETURN facts || '{"told": true}';
  END IF;
  IF NOT EXISTS (SELECT FROM discreet_place) THEN
    RETURN facts;
  END IF;
  IF is_discreet_home(facts->>'address', facts->>'postcode') THEN
    told := told - ARRAY['address', 'postcode', 'uprn', 'address_from'] || '{"address_kind": "not_shown"}';
  END IF;
  IF is_discreet_home(facts->>'other_address', facts->>'other_postcode') THEN
    told := told - ARRAY['other_address', 'other_postcode'];
  END IF;
  FOREACH named IN ARRAY ARRAY['phone', 'carer_phone', 'carer2_phone'] LOOP
    IF EXISTS (SELECT FROM discreet_place d WHERE d.phone <> '' AND regexp_replace(lower(d.phone), '[^a-z0-9]', '', 'g')
        = regexp_replace(lower(facts->>named), '[^a-z0-9]', '', 'g')) THEN
      told := told - named;
    END IF;
  END LOOP;
  RETURN told;
END $$;

CREATE OR REPLACE FUNCTION involvement_told(seen involvement) RETURNS involvement
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE told involvement := seen;
BEGIN
  IF seen.sealed_said IS NOT NULL THEN -- whoever opens it leaves it out then (storage/sealed_involvements.py)
    told.sealed_said := 'told:' || seen.sealed_said;
  END IF;
  IF is_discreet(seen.organisation_id) THEN
    told.organisation_id := 'not-shown';
    told.team := '';
    told.practitioner := '';
    told.practitioner_role := '';
    told.contact_phone := '';
    told.contact_hours := '';
    told.contact_cover := '';
  END IF;
  RETURN told;
END $$;
REVOKE ALL ON FUNCTION is_discreet(text), is_discreet_home(text, text), facts_told(jsonb), involvement_told(involvement)
  FROM PUBLIC;
