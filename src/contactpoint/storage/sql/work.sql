-- How the directory's own work goes, in counts (ADR 36): records to check and review of use. Whoever is written down as
-- reading or taking a report away is answered for their area, a national team for all of England; of review the team of a
-- partner for its own body, whose reach begins with at:, which is no authority. What is near a shield, what consent keeps back
-- and what is kept from them is in no count, whoever asks.
DROP FUNCTION IF EXISTS report_area(uuid);
CREATE OR REPLACE FUNCTION report_area(seeing uuid, as_role text[] DEFAULT '{authority_team,national_team}') RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE w.role WHEN 'national_team' THEN '' WHEN 'partner_team' THEN 'at:' || w.organisation ELSE nullif(w.authority, '') END
  FROM acting(seeing, ARRAY['read_report', 'exported'], as_role) w
$$;
REVOKE ALL ON FUNCTION report_area(uuid, text[]) FROM PUBLIC;

-- Records to check by kind: those that wait now, parted by whether they wait since before the moment that stands beside
-- their kind, and those that somebody decided in a period and that stand.
CREATE OR REPLACE FUNCTION work_cases(seeing uuid, since timestamptz, until timestamptz, kinds text[], late_before timestamptz[])
RETURNS TABLE (kind text, stands text, cases bigint, oldest timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := report_area(seeing); kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  RETURN QUERY
    SELECT k.kind, CASE WHEN k.opened_at < late_before[array_position(kinds, k.kind)] THEN 'late' ELSE 'on_time' END,
      count(*), min(k.opened_at)
    FROM (SELECT w.opened_at, CASE WHEN w.kind <> 'possible_same_child' THEN w.kind::text WHEN w.one_is_new THEN 'unsure_pair'
        ELSE 'possible_merge' END AS kind
      FROM case_waiting w
      WHERE NOT w.restricted AND (area = '' OR is_in_area(w.child_a, area) OR is_in_area(w.child_b, area))
        AND coalesce(w.child_a <> ALL (kept), true) AND coalesce(w.child_b <> ALL (kept), true)) k
    GROUP BY 1, 2
    UNION ALL
    SELECT d.kind::text, 'done', count(*), NULL FROM case_decided d
    WHERE d.decided_at >= work_cases.since AND d.decided_at < work_cases.until AND d.undone_at IS NULL AND d.outcome = ''
      AND d.open_to_all AND (area = '' OR is_in_area(d.child_a, area) OR is_in_area(d.child_b, area))
      AND coalesce(d.child_a <> ALL (kept), true) AND coalesce(d.child_b <> ALL (kept), true)
    GROUP BY 1;
END $$;

-- Uses of the directory that went to a reviewer of the area, or in England, or that a partner's people made: whether they were found in a period, and
-- whether they are decided, or wait since before a moment.
CREATE OR REPLACE FUNCTION work_review(seeing uuid, since timestamptz, until timestamptz, late_before timestamptz)
RETURNS TABLE (in_period boolean, stands text, uses bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := report_area(seeing, '{authority_team,national_team,partner_team}');
  kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  RETURN QUERY
    SELECT i.made_at >= work_review.since AND i.made_at < work_review.until,
      CASE WHEN i.state IN ('justified', 'misuse', 'explained') THEN 'done' WHEN i.made_at < late_before THEN 'late'
        ELSE 'on_time' END, count(*)
    FROM use_item i LEFT JOIN child c ON c.number = i.child
    WHERE NOT i.restricted AND NOT coalesce(c.shielded, false) AND (area = '' OR i.reviewed_by = area OR 'at:' || i.organisation_id = area)
      AND i.child <> ALL (kept)
    GROUP BY 1, 2;
END $$;

-- Looks that were judged, by the week from a Monday: how many, and how many work explains. They were counted when the day
-- was judged, and stand.
CREATE OR REPLACE FUNCTION work_looks(seeing uuid, since date, until date)
RETURNS TABLE (week date, looks bigint, explained bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE area text := report_area(seeing, '{authority_team,national_team,partner_team}');
BEGIN
  RETURN QUERY
    SELECT date_trunc('week', d.day)::date, sum((f.value ->> 'accesses')::bigint)::bigint,
      sum((f.value ->> 'explained')::bigint)::bigint
    FROM use_day d CROSS JOIN LATERAL jsonb_each(d.figures) f
    WHERE d.day BETWEEN work_looks.since AND work_looks.until AND CASE area WHEN '' THEN f.key NOT LIKE 'at:%' ELSE f.key = area END
    GROUP BY 1 ORDER BY 1;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['work_cases(uuid, timestamptz, timestamptz, text[], timestamptz[])',
    'work_review(uuid, timestamptz, timestamptz, timestamptz)', 'work_looks(uuid, date, date)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
