-- What signing in needs of the tables that are not ours: the sign-in library's, and the shared count of tries.
CREATE TABLE IF NOT EXISTS sign_in_limit (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sign_in_limit_expires ON sign_in_limit (expires);
REVOKE ALL ON sign_in_limit FROM contactpoint_worker, contactpoint_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_limit TO contactpoint_web;

-- Organisations' own sign-in: named by whoever runs the service; pages bind an account once and never change that.
REVOKE ALL ON sign_in_provider, sign_in_binding FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON sign_in_provider TO contactpoint_web, contactpoint_worker;
GRANT SELECT, INSERT ON sign_in_binding TO contactpoint_web;
GRANT USAGE ON SEQUENCE sign_in_binding_id_seq TO contactpoint_web;
GRANT SELECT (account_id, issuer) ON sign_in_binding TO contactpoint_worker;

DO $$
BEGIN
  -- The library's tables are made by its own migrations, which may come after the first of ours.
  IF to_regclass('mfa_authenticator') IS NOT NULL THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator TO contactpoint_web;
    GRANT USAGE ON SEQUENCE mfa_authenticator_id_seq TO contactpoint_web;
    -- Since when, not what: the worker tells people before a second factor is too old.
    GRANT SELECT (user_id, type, created_at) ON mfa_authenticator TO contactpoint_worker;
  END IF;
  IF to_regclass('account_emailaddress') IS NOT NULL THEN
    GRANT SELECT ON account_emailaddress TO contactpoint_web;
  END IF;
END $$;
