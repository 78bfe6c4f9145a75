-- Data quality: the worker counts, a week at a time, and pages read the counts.
REVOKE ALL ON quality_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT, DELETE ON quality_count TO contactpoint_worker;
GRANT SELECT ON quality_count TO contactpoint_web;
GRANT EXECUTE ON FUNCTION facts_told(jsonb) TO contactpoint_worker;
