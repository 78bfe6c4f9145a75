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

-- A search is many short look-ups in one prepared statement: planned once a connection, never compiled. Planning it
-- for each person's values takes longer than running it. A role that somebody else's server made is left as it is.
DO $$
BEGIN
  ALTER ROLE contactpoint_web SET plan_cache_mode = 'force_generic_plan';
  ALTER ROLE contactpoint_web SET jit = off;
  ALTER ROLE contactpoint_web SET max_parallel_workers_per_gather = 0;
EXCEPTION WHEN insufficient_privilege THEN
  NULL;
END $$;
