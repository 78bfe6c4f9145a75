-- The roles of ADR 0006. They cannot sign in until whoever runs the database gives them a password.
-- Roles belong to the whole server, so a second database on it finds them there already.
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['contactpoint_web', 'contactpoint_worker', 'contactpoint_auditor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- made by somebody else meanwhile
      END;
    END IF;
  END LOOP;
END $$;
