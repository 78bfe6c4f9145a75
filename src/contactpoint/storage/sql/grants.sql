-- What each role may do, table by table; nothing else (ADR 0006). Audit tables are in audit.sql.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Only the worker makes tables of its own, temporary ones: a process that shows pages has nothing to make.
DO $$
BEGIN
  IF pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, contactpoint_web, contactpoint_auditor', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO contactpoint_worker', current_database());
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- Web: reads what can be shown, signs people in, adds what a practitioner says.
-- What is said about children it reads and adds to through the functions of reading.sql alone (ADR 9).
GRANT SELECT ON organisation, source, delivery, child, search_identity, search_key, membership, django_migrations
  TO contactpoint_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle, django_session TO contactpoint_web;
-- Of an account, a page changes the password and when it was used, never its standing or its manager.
GRANT SELECT ON account TO contactpoint_web;
GRANT UPDATE (password, password_given_at, last_login, last_seen_at) ON account TO contactpoint_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_draft TO contactpoint_web;
GRANT SELECT, INSERT ON sign_in_session, factor_recovery TO contactpoint_web;
GRANT UPDATE (session_key, used_at, ended_at) ON sign_in_session TO contactpoint_web;
GRANT UPDATE (allowed_by_id, allowed_at, link_digest, ends_at, closed_at) ON factor_recovery TO contactpoint_web;
GRANT SELECT, INSERT ON answered_form TO contactpoint_web;
GRANT USAGE ON SEQUENCE answered_form_id_seq TO contactpoint_web;
-- Of feeds it sees how they do, hands in a file and writes down what a person decided; it loads nothing.
GRANT SELECT ON feed_file, feed_decision, rejects_file TO contactpoint_web;
GRANT INSERT (source_id, file_name, folder, size, came_by, given_by_id, given_at, as_at, kind) ON feed_file TO contactpoint_web;
GRANT INSERT (source_id, delivery_id, what, because, decided_by_id, decided_at) ON feed_decision TO contactpoint_web;
GRANT USAGE ON SEQUENCE feed_file_id_seq, feed_decision_id_seq TO contactpoint_web;

-- Worker: takes deliveries in, links, publishes, shields. It may end an involvement or replace an index row,
-- never a link, never an account.
GRANT SELECT ON organisation, account, membership, django_migrations TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE ON organisation, source, delivery, child, source_record, record_version TO contactpoint_worker;
-- A shield is moved by its steps alone (shielding.sql).
GRANT SELECT, INSERT ON shield, shield_step, near_child, near_look, kept_attempt TO contactpoint_worker;
GRANT UPDATE (at) ON near_look TO contactpoint_worker;
GRANT SELECT, INSERT, DELETE ON paired_authority TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON staged_record, staged_link, staged_review, rejection, involvement, review_case, search_identity, search_key,
  match_identity, throttle TO contactpoint_worker;
GRANT TRUNCATE ON staged_record, staged_link, staged_review, match_identity TO contactpoint_worker;
GRANT SELECT, INSERT ON link, sealed_pair, seal_key TO contactpoint_worker;
-- Of sealed identities it compares what two people typed and answers a crossing (ADR 53); a purge takes its way away.
GRANT SELECT, INSERT, DELETE ON sealed_half TO contactpoint_worker;
GRANT SELECT, DELETE ON pair_proposal, crossing TO contactpoint_worker;
GRANT UPDATE (typed, typed_again, outcome, ended_at) ON pair_proposal TO contactpoint_worker;
GRANT UPDATE (number, answer, answered_at, ended_at) ON crossing TO contactpoint_worker;
GRANT UPDATE (retired_at) ON seal_key TO contactpoint_worker;
-- Of a consent it sees only that a person wrote one down, whose word stands over the feed's.
GRANT SELECT (id, involvement_id) ON consent_step TO contactpoint_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON feed_file TO contactpoint_worker;
GRANT SELECT, INSERT, DELETE ON rejects_file TO contactpoint_worker;
GRANT SELECT, UPDATE (done_at) ON feed_decision TO contactpoint_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO contactpoint_worker;
-- It also clears away what has expired, seeing nothing but when.
GRANT SELECT (expire_date), DELETE ON django_session TO contactpoint_worker;
GRANT SELECT (used_at), DELETE ON sign_in_session TO contactpoint_worker;
GRANT SELECT (kept_at), DELETE ON kept_draft TO contactpoint_worker;
GRANT SELECT (asked_at), DELETE ON factor_recovery TO contactpoint_worker;
GRANT SELECT (answered_at), DELETE ON answered_form TO contactpoint_worker;
-- Statistics of what has just been staged keep publishing linear; before PostgreSQL 17 only the owner may refresh them.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON staged_record, staged_link, staged_review, rejection, source_record, record_version, involvement, match_identity, link, search_identity, search_key TO contactpoint_worker';
  END IF;
END $$;
