-- Reports: the worker counts what staff did, a day at a time, and pages read the counts. A count once made stands.
REVOKE ALL ON use_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON use_count TO contactpoint_worker;
GRANT SELECT ON use_count TO contactpoint_web;
-- Children are counted once a month, and are kept as they may be told: rounded.
REVOKE ALL ON children_count FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT ON children_count TO contactpoint_worker;
GRANT SELECT ON children_count TO contactpoint_web;
