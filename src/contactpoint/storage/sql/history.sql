-- What sources said of a child before, with when this directory held it: for "How this record came to be" (ADR 4).
--
-- A function for the reasons of reading.sql, and as silent: nothing of a shielded child, nothing of a source that
-- consent keeps back now, nothing of a record that has been parted from the child, and of one that was joined to it
-- only from that moment on. A source that holds few children and has let go of this one says nothing of it any more.
CREATE OR REPLACE FUNCTION was_undone(which bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT which IS NOT NULL AND EXISTS (
    SELECT FROM identity_change x WHERE (x.id = which AND x.undoes_id IS NOT NULL) OR x.undoes_id = which)
$$;
REVOKE ALL ON FUNCTION was_undone(bigint) FROM PUBLIC;

-- Since when a record is about a child: the first link to it, or to a number that it took over, after the last to any
-- other. What was joined or parted by mistake, and what undid it, count for nothing. NULL where it always was.
CREATE OR REPLACE FUNCTION about_since(which bigint, whose text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(l.decided_at) FROM link l
  WHERE l.record_id = which AND NOT was_undone(l.change_id) AND l.id > coalesce((
    SELECT max(o.id) FROM link o
    WHERE o.record_id = which AND NOT was_undone(o.change_id) AND o.child_id NOT IN (
      WITH RECURSIVE taken_over (number) AS (
        SELECT whose::varchar UNION SELECT c.number FROM child c JOIN taken_over t ON c.retired_into_id = t.number)
      SELECT number FROM taken_over)), 0)
$$;
REVOKE ALL ON FUNCTION about_since(bigint, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION statements_shown_before(whose text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar,
  local_id varchar, as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT r.id, CASE WHEN d.is THEN 'not-shown' ELSE r.source_id END, CASE WHEN d.is THEN 'A service that is not named here' ELSE s.name END,
      s.contract, CASE WHEN d.is THEN '' ELSE s.authority END, r.local_id, v.as_at, v.recorded_at,
      facts_told(v.facts - 'involvements')::text, greatest(v.recorded_at, joined.at), v.superseded_at
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND NOT v.sealed
    JOIN source s ON s.code = r.source_id
    CROSS JOIN LATERAL (SELECT is_discreet(s.organisation_id) AS is) AS d
    CROSS JOIN LATERAL (SELECT about_since(r.id, whose) AS at) AS joined
    WHERE r.child_id = whose AND NOT r.sealed
      AND (v.superseded_at IS NULL OR v.superseded_at > greatest(v.recorded_at, joined.at))
      AND (holds_nearly_every_child(s.contract) OR (r.withdrawn_at IS NULL AND EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed
          AND consent_shows(i))))
    ORDER BY r.id, v.recorded_at, v.id;
  RETURN QUERY SELECT t.* FROM team_statements_shown(whose) t;
END $$;
REVOKE ALL ON FUNCTION statements_shown_before(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statements_shown_before(text) TO contactpoint_web;

-- Numbers that were found to be this child's too, and when; not where it was a mistake, nor where no source that may be
-- named had spoken for them: that there was such a record is then told to nobody.
CREATE OR REPLACE FUNCTION numbers_joined(whose text, since timestamptz) RETURNS TABLE (number varchar, made_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT x.other_id, x.made_at FROM identity_change x
    WHERE x.kind = 'merge' AND x.made_at > since AND NOT was_undone(x.id)
      AND x.other_id IN (
        WITH RECURSIVE taken_over (number) AS (
          SELECT whose::varchar UNION SELECT c.number FROM child c JOIN taken_over t ON c.retired_into_id = t.number)
        SELECT t.number FROM taken_over t WHERE t.number <> whose)
      AND EXISTS (
        SELECT FROM identity_move m JOIN source_record r ON r.id = m.record_id JOIN source s ON s.code = r.source_id
        WHERE m.change_id = x.id AND r.child_id = whose AND NOT r.sealed AND r.withdrawn_at IS NULL
          AND (holds_nearly_every_child(s.contract) OR EXISTS (
            SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed AND NOT is_sensitive(i.service)
              AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL))))
    ORDER BY x.made_at, x.id;
END $$;
REVOKE ALL ON FUNCTION numbers_joined(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION numbers_joined(text, timestamptz) TO contactpoint_web;

-- Who was in contact with a child, as sources said it then: by the same rules, and of sensitive services never, whoever
-- agrees. What practitioners typed counts from when a second person confirmed it: what they corrected before that is told
-- to nobody (R45).
DROP FUNCTION IF EXISTS involvements_shown_before(text);
CREATE OR REPLACE FUNCTION involvements_shown_before(whose text)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, service text,
  organisation_code varchar, organisation_name varchar, team text, practitioner text, practitioner_role text,
  phone text, hours text, cover text, start_date date, end_date date, leads boolean, led_since date, assessment boolean,
  typed boolean, as_at date, held_from timestamptz, held_until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM child c WHERE c.number = whose AND NOT c.shielded) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT r.id, CASE WHEN f.is THEN 'not-shown' ELSE r.source_id END, CASE WHEN f.is THEN 'A service that is not named here' ELSE s.name END,
      s.contract, e.said->>'service', CASE WHEN d.is THEN 'not-shown' ELSE o.code END,
      CASE WHEN d.is THEN 'A service that is not named here' ELSE o.name END, CASE WHEN NOT d.is THEN e.said->>'team' END,
      CASE WHEN NOT d.is THEN e.said->>'practitioner' END, CASE WHEN NOT d.is THEN e.said->>'practitioner_role' END,
      CASE WHEN NOT d.is THEN e.said->>'contact_phone' END, CASE WHEN NOT d.is THEN e.said->>'contact_hours' END,
      CASE WHEN NOT d.is THEN e.said->>'contact_cover' END, (e.said->>'start_date')::date, (e.said->>'end_date')::date,
      coalesce(e.said->>'lead_practitioner' = 'Y', false), NULL::date, coalesce(e.said->>'assessment' = 'Y', false), false,
      v.as_at, greatest(v.recorded_at, joined.at), v.superseded_at
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND NOT v.sealed
    JOIN source s ON s.code = r.source_id
    CROSS JOIN LATERAL (SELECT about_since(r.id, whose) AS at) AS joined
    CROSS JOIN LATERAL jsonb_array_elements(v.facts->'involvements') AS e (said)
    JOIN organisation o ON o.code = e.said->>'organisation'
    CROSS JOIN LATERAL (SELECT is_discreet(o.code) AS is) AS d
    CROSS JOIN LATERAL (SELECT is_discreet(s.organisation_id) AS is) AS f
    WHERE r.child_id = whose AND NOT r.sealed AND NOT is_sensitive(e.said->>'service')
      AND (v.superseded_at IS NULL OR v.superseded_at > greatest(v.recorded_at, joined.at))
      AND (holds_nearly_every_child(s.contract) OR (r.withdrawn_at IS NULL AND EXISTS (
        SELECT FROM involvement i WHERE i.record_id = r.id AND NOT i.sealed AND NOT is_sensitive(i.service))))
    UNION ALL
    SELECT r.id, r.source_id, s.name, s.contract, i.service, CASE WHEN d.is THEN 'not-shown' ELSE o.code END,
      CASE WHEN d.is THEN 'A service that is not named here' ELSE o.name END, CASE WHEN NOT d.is THEN i.team END,
      CASE WHEN NOT d.is THEN i.practitioner END, CASE WHEN NOT d.is THEN w.practitioner_role END,
      CASE WHEN NOT d.is THEN w.contact_phone END, CASE WHEN NOT d.is THEN w.contact_hours END,
      CASE WHEN NOT d.is THEN w.contact_cover END, w.start_date, w.end_date, w.lead_practitioner, w.lead_since,
      w.assessment, true, (greatest(w.held_from, i.confirmed_at) AT TIME ZONE 'Europe/London')::date,
      greatest(w.held_from, i.confirmed_at, joined.at), w.held_until
    FROM source_record r
    JOIN involvement i ON i.record_id = r.id AND NOT i.sealed AND i.typed_by_id IS NOT NULL AND i.confirmed_at IS NOT NULL
    JOIN own_word_version w ON w.involvement_id = i.id
    JOIN source s ON s.code = r.source_id
    JOIN organisation o ON o.code = i.organisation_id
    CROSS JOIN LATERAL (SELECT is_discreet(o.code) AS is) AS d
    CROSS JOIN LATERAL (SELECT about_since(r.id, whose) AS at) AS joined
    WHERE r.child_id = whose AND NOT r.sealed AND r.withdrawn_at IS NULL AND NOT is_sensitive(i.service)
      AND (w.held_until IS NULL OR w.held_until > greatest(w.held_from, i.confirmed_at, joined.at))
    ORDER BY 1, 21;
END $$;
REVOKE ALL ON FUNCTION involvements_shown_before(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION involvements_shown_before(text) TO contactpoint_web;
