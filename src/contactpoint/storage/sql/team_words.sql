-- What teams wrote down of children because no source had told it (R49, R50, ADR 47). Such words are the table's alone: pages come by
-- them as statements among those of sources, of nobody who is shielded or archived.

GRANT SELECT, DELETE ON team_word TO contactpoint_worker;

-- The words about a child, under its number and every number that retired into it: joining and parting move nothing here.
CREATE OR REPLACE FUNCTION team_words(whose text) RETURNS SETOF team_word
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE theirs (number) AS (
    SELECT whose::varchar UNION SELECT c.number FROM child c JOIN theirs t ON c.retired_into_id = t.number)
  SELECT w.* FROM team_word w JOIN theirs t ON t.number = w.child_id ORDER BY w.id
$$;

-- Those that say what a source would have said, as statements_shown_before (history.sql) gives them. `local_id` is how it is
-- known, and the number of the record is one that no source's has.
CREATE OR REPLACE FUNCTION team_statements(whose text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT -w.id, ('team-' || o.code)::varchar, (o.name || ', in its team’s own word')::varchar, 'team_word'::varchar, ''::varchar,
    w.known_from, (w.said_at AT TIME ZONE 'Europe/London')::date, w.said_at,
    CASE w.kind WHEN 'died' THEN jsonb_build_object('date_of_death', w.day::text)
      ELSE jsonb_build_object('address_kind', w.kind, 'address_from', w.day::text) END::text, w.said_at, w.taken_back_at
  FROM team_words(whose) w JOIN organisation o ON o.code = w.organisation_id
$$;
REVOKE ALL ON FUNCTION team_words(text), team_statements(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION team_words(text), team_statements(text) TO contactpoint_worker;

-- What pages are told of them: of a shielded child, or one in the archive, nothing.
CREATE OR REPLACE FUNCTION team_statements_shown(whose text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.* FROM team_statements(whose) t
  WHERE EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded AND NOT c.archived)
$$;
REVOKE ALL ON FUNCTION team_statements_shown(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION team_statements_shown(text) TO contactpoint_web;

-- Holds the child whom the event names, of nobody who is shielded or archived or kept from who writes. Whether they answer for
-- the child, the rules say (R58).
CREATE OR REPLACE FUNCTION hold_for_word(seeing uuid, doing text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; about text;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY[doing], ARRAY['authority_team', 'national_team']);
  SELECT c.number INTO about FROM child c WHERE who.subjects = ARRAY[c.number::text] AND NOT c.shielded AND NOT c.archived
    AND c.retired_into_id IS NULL AND NOT is_kept_from(c.number, who.account) FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down says this of nobody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN about;
END $$;
REVOKE ALL ON FUNCTION hold_for_word(uuid, text) FROM PUBLIC;

-- Writes a word down; false where one of its kind stands.
CREATE OR REPLACE FUNCTION write_team_word(seeing uuid, what text, on_day date, known text, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; doing text := CASE what WHEN 'died' THEN 'noted_death' ELSE 'noted_leaving' END; about text;
BEGIN
  about := hold_for_word(seeing, doing);
  SELECT * INTO who FROM acting(seeing, ARRAY[doing], ARRAY['authority_team', 'national_team']);
  IF EXISTS (SELECT FROM team_words(about) w WHERE w.taken_back_at IS NULL AND (w.kind = 'died') = (what = 'died')) THEN
    RETURN false;
  END IF;
  INSERT INTO team_word (child_id, kind, day, known_from, because, authority, organisation_id, said_at, said_by_id)
    VALUES (about, what, on_day, known, why, CASE who.role WHEN 'authority_team' THEN who.authority ELSE '' END,
      who.organisation, who.at, who.account);
  RETURN true;
END $$;

-- Takes it back; false where none stands.
CREATE OR REPLACE FUNCTION take_team_word_back(seeing uuid, what text, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; doing text := CASE what WHEN 'died' THEN 'withdrew_death' ELSE 'withdrew_leaving' END; about text;
BEGIN
  about := hold_for_word(seeing, doing);
  SELECT * INTO who FROM acting(seeing, ARRAY[doing], ARRAY['authority_team', 'national_team']);
  UPDATE team_word SET taken_back_at = who.at, taken_back_by_id = who.account, taken_back_because = why
    WHERE id IN (SELECT w.id FROM team_words(about) w
      WHERE w.taken_back_at IS NULL AND (w.kind = 'died') = (what = 'died'));
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION write_team_word(uuid, text, date, text, text), take_team_word_back(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION write_team_word(uuid, text, date, text, text), take_team_word_back(uuid, text, text)
  TO contactpoint_web;
