-- A child kept from one named person (ADR 19). For that person there is no such child: each function through which pages
-- come by children leaves out, among what it reads and before it counts or cuts off, whoever is kept from who asks.

CREATE OR REPLACE FUNCTION children_kept_from(whose uuid) RETURNS varchar[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(s.child_id), '{}') FROM shield s WHERE s.kept_from_id = whose AND s.lifted_at IS NULL
$$;

CREATE OR REPLACE FUNCTION is_kept_from(about text, whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM shield s WHERE s.kept_from_id = whose AND s.child_id = about AND s.lifted_at IS NULL)
$$;

-- Their rows in the search index: its covering indexes hold ids and no numbers.
CREATE OR REPLACE FUNCTION search_rows_kept_from(whose uuid) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(i.id), '{}') FROM shield s JOIN search_identity i ON i.child_id = s.child_id
  WHERE s.kept_from_id = whose AND s.lifted_at IS NULL
$$;

-- The child of a number, or of the one that it retired into; nothing where there is none for whoever asks.
DROP FUNCTION IF EXISTS child_for(text, uuid);
CREATE FUNCTION child_for(which text, whose uuid) RETURNS TABLE (number varchar, shielded boolean, archived boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE up AS (
    SELECT c.number, c.shielded, c.archived, c.retired_into_id FROM child c WHERE c.number = which
    UNION SELECT c.number, c.shielded, c.archived, c.retired_into_id FROM child c JOIN up ON c.number = up.retired_into_id)
  SELECT up.number, up.shielded, up.archived FROM up WHERE up.retired_into_id IS NULL AND NOT is_kept_from(up.number, whose)
$$;

-- Keeps one child from whom another is kept, where they become one or part; each begins anew at its desk.
CREATE OR REPLACE FUNCTION share_kept_from(was text, now_it text, sharer text, at_time timestamptz, confirmed_by timestamptz,
  look_again date)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, kept_from_id)
  SELECT now_it, s.ground, at_time, sharer, look_again, s.authority, confirmed_by, s.kept_from_id
  FROM shield s WHERE s.child_id = was AND s.kept_from_id IS NOT NULL AND s.lifted_at IS NULL
  ON CONFLICT DO NOTHING
$$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['children_kept_from(uuid)', 'is_kept_from(text, uuid)', 'search_rows_kept_from(uuid)',
    'child_for(text, uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web, contactpoint_worker', called);
  END LOOP;
  REVOKE ALL ON FUNCTION share_kept_from(text, text, text, timestamptz, timestamptz, date) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION share_kept_from(text, text, text, timestamptz, timestamptz, date) TO contactpoint_worker;
END $$;
