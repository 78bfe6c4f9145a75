-- What each role may do, table by table; nothing else (ADR 0006). Audit tables are in audit.sql.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- Web: reads what can be shown, signs people in, adds what a practitioner says.
GRANT SELECT ON organisation, source, delivery, child, search_identity, search_key, source_record, record_version, involvement,
  membership, django_migrations TO contactpoint_web;
GRANT INSERT ON source_record, record_version, involvement TO contactpoint_web;
GRANT UPDATE (confirmed_by_id, confirmed_at, last_confirmed, end_date, sealed) ON involvement TO contactpoint_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle, django_session TO contactpoint_web;
GRANT SELECT, UPDATE ON account TO contactpoint_web;
GRANT USAGE ON SEQUENCE source_record_id_seq, record_version_id_seq, involvement_id_seq TO contactpoint_web;

-- Worker: takes deliveries in, links, publishes, shields. It may end an involvement or replace an index row,
-- never a link, never an account.
GRANT SELECT ON organisation, account, membership, django_migrations TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE ON organisation, source, delivery, child, source_record, record_version, shield TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON staged_record, staged_link, staged_review, rejection, involvement, review_case, search_identity, search_key,
  match_identity, throttle TO contactpoint_worker;
GRANT SELECT, INSERT ON link, sealed_pair TO contactpoint_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO contactpoint_worker;
