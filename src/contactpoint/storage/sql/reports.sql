-- Reports: the worker counts what staff did, a day at a time, and pages read the counts. A count once made stands.
REVOKE ALL ON use_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON use_count TO contactpoint_worker;
GRANT SELECT ON use_count TO contactpoint_web;
