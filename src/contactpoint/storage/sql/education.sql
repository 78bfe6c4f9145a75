-- Children of an authority without an education setting, month by month (R62). The worker makes a list; pages come by it
-- through functions, which pass over whoever is shielded, or kept from who looks, by now.

-- Makes the list of a month, once; returns how many children it has, NULL where it is made already. Counted is who is found
-- by what may be shown: nobody shielded, nobody whom only a sensitive service knows (neither is in the index by authority),
-- nobody who died, left England or is archived.
CREATE OR REPLACE FUNCTION make_education_list(of_authority text, of_month date, at_time timestamptz, on_day date,
  told_since date, born_from date, born_until date, settings text[])
RETURNS integer LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE made bigint; told boolean; listed integer := 0;
BEGIN
  told := EXISTS (SELECT FROM delivery d JOIN source s ON s.code = d.source_id
    WHERE s.contract = 'school_census' AND s.authority IN ('', of_authority) AND d.state = 'published' AND d.as_at >= told_since);
  INSERT INTO education_list (authority, month, made_at, covered) VALUES (of_authority, of_month, at_time, told)
    ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    RETURN NULL;
  END IF;
  IF told THEN
    INSERT INTO education_item (of_list_id, child_id, why, since)
    SELECT made, c.number, CASE WHEN was.ended IS NULL THEN 'never' ELSE 'ended' END, was.ended
    FROM child c
    LEFT JOIN LATERAL (SELECT max(i.end_date) AS ended FROM source_record r JOIN involvement i ON i.record_id = r.id
      WHERE r.child_id = c.number AND i.service = ANY (settings) AND i.end_date IS NOT NULL) was ON true
    WHERE NOT c.shielded AND c.retired_into_id IS NULL
      AND EXISTS (SELECT FROM search_identity s WHERE s.child_id = c.number AND NOT s.shielded AND s.la = of_authority
        AND s.dob BETWEEN born_from AND born_until)
      AND NOT EXISTS (SELECT FROM source_record r JOIN involvement i ON i.record_id = r.id
        WHERE r.child_id = c.number AND r.withdrawn_at IS NULL AND i.service = ANY (settings)
          AND (i.end_date IS NULL OR i.end_date >= on_day) AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL))
      AND NOT EXISTS (SELECT FROM source_record r JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
        WHERE r.child_id = c.number AND r.withdrawn_at IS NULL
          AND (v.facts ? 'date_of_death' OR v.facts->>'address_kind' IN ('left_england', 'overseas')))
      AND NOT EXISTS (SELECT FROM team_words(c.number) t WHERE t.taken_back_at IS NULL)
      AND NOT EXISTS (SELECT FROM education_item e WHERE e.child_id = c.number AND e.decision <> ''
        AND e.decided_at > at_time - CASE e.decision WHEN 'home_educated' THEN interval '365 days' ELSE interval '92 days' END);
    GET DIAGNOSTICS listed = ROW_COUNT;
  END IF;
  RETURN listed;
END $$;
REVOKE ALL ON FUNCTION make_education_list(text, date, timestamptz, date, date, date, date, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_education_list(text, date, timestamptz, date, date, date, date, text[]) TO contactpoint_worker;
GRANT SELECT, INSERT ON education_list, education_item TO contactpoint_worker;

-- Whose list it is that somebody of a team looks at.
DROP FUNCTION IF EXISTS education_authority_of(uuid);
CREATE OR REPLACE FUNCTION education_authority_of(seeing uuid, doing text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_authority text;
BEGIN
  SELECT nullif(w.authority, '') INTO found_authority FROM acting(seeing, doing, ARRAY['authority_team']) w
    WHERE w.kind = 'authority';
  IF found_authority IS NULL THEN
    RAISE EXCEPTION 'whoever has been written down has no authority' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN found_authority;
END $$;
REVOKE ALL ON FUNCTION education_authority_of(uuid, text[]) FROM PUBLIC;

-- The newest list; one row without a child where it is empty.
CREATE OR REPLACE FUNCTION newest_education_list(seeing uuid, doing text[])
RETURNS TABLE (month date, covered boolean, item bigint, child text, why text, since date, decision text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE whose text := education_authority_of(seeing, doing);
BEGIN
  RETURN QUERY
    SELECT l.month, l.covered, e.id, e.number, e.why, e.since, e.decision
    FROM education_list l LEFT JOIN LATERAL (
      SELECT i.id, c.number::text, i.why::text, i.since, i.decision::text
      FROM education_item i JOIN child c ON c.number = living_number(i.child_id) AND NOT c.shielded
      WHERE i.of_list_id = l.id AND c.number <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])) e ON true
    WHERE l.authority = whose AND l.month = (SELECT max(n.month) FROM education_list n WHERE n.authority = whose)
    ORDER BY e.id;
END $$;
REVOKE ALL ON FUNCTION newest_education_list(uuid, text[]) FROM PUBLIC;
CREATE OR REPLACE FUNCTION education_list_of(seeing uuid)
RETURNS TABLE (month date, covered boolean, item bigint, child text, why text, since date, decision text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM newest_education_list(seeing, ARRAY['listed_education', 'listed_today'])
$$;

-- Says of a listed child what is known; the number it goes by, NULL where it is not listed there or was said already.
CREATE OR REPLACE FUNCTION decide_education(seeing uuid, which bigint, said text)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record; whom text;
BEGIN
  SELECT l.child INTO whom FROM newest_education_list(seeing, ARRAY['decided_education']) l WHERE l.item = which AND l.decision = '';
  IF whom IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT * INTO w FROM written_down(seeing);
  UPDATE education_item SET decision = said, decided_by_id = w.account, decided_at = w.at WHERE id = which AND decision = '';
  RETURN CASE WHEN FOUND THEN whom END;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['education_list_of(uuid)', 'decide_education(uuid, bigint, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
