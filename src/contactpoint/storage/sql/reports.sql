-- Reports: the worker counts what staff did, a day at a time, and pages read the counts. A count once made stands.
REVOKE ALL ON use_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON use_count TO contactpoint_worker;
GRANT SELECT ON use_count TO contactpoint_web;
-- Children are counted once a month, and are kept as they may be told: rounded.
REVOKE ALL ON children_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON children_count TO contactpoint_worker;
GRANT SELECT ON children_count TO contactpoint_web;
-- What is kept of the children with whom a charity's services work is its own team's to read, as a report, and nobody else's.
REVOKE ALL ON partner_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON partner_count TO contactpoint_worker;
CREATE OR REPLACE FUNCTION partner_children(seeing uuid, since date) RETURNS TABLE (month date, figures jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE whose text := (SELECT organisation FROM acting(seeing, ARRAY['read_report', 'exported'], ARRAY['partner_team']));
BEGIN
  RETURN QUERY SELECT c.month, c.figures FROM partner_count c WHERE c.organisation_id = whose AND c.month >= since ORDER BY c.month;
END $$;
REVOKE ALL ON FUNCTION partner_children(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_children(uuid, date) TO contactpoint_web;
