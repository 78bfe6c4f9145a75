-- Who may do what to the audit tables (ADR 0001, ADR 0006). Safe to run again.
--
-- The web role inserts and reads nothing back, except one account's own activity through a function.
-- The worker inserts, reads, seals and purges bodies. The auditor reads. Nobody updates or truncates, the owner
-- included: the triggers stop what grants cannot, and what an owner or superuser does in spite of both (disable
-- them, edit files) is what the signed tree outside this database is for.

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% refuses %: the audit log only grows', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE FUNCTION audit_refuse_unless_worker() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'contactpoint_worker' THEN
        RAISE EXCEPTION '% refuses % by %: only the worker seals and purges', TG_TABLE_NAME, TG_OP, current_user
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    audit_table text;
BEGIN
    FOREACH audit_table IN ARRAY ARRAY['audit_event', 'audit_leaf', 'audit_checkpoint', 'audit_key', 'audit_body', 'audit_pending']
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS audit_never ON %I', audit_table);
        EXECUTE format('DROP TRIGGER IF EXISTS audit_worker_only ON %I', audit_table);
        IF audit_table IN ('audit_body', 'audit_pending') THEN
            EXECUTE format('CREATE TRIGGER audit_never BEFORE UPDATE OR TRUNCATE ON %I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', audit_table);
            EXECUTE format('CREATE TRIGGER audit_worker_only BEFORE DELETE ON %I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_unless_worker()', audit_table);
        ELSE
            EXECUTE format('CREATE TRIGGER audit_never BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', audit_table);
        END IF;
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, contactpoint_web, contactpoint_worker, contactpoint_auditor',
                       audit_table);
        EXECUTE format('GRANT SELECT ON %I TO contactpoint_auditor', audit_table);
    END LOOP;
END
$$;

GRANT INSERT ON audit_event, audit_body TO contactpoint_web;
GRANT SELECT, INSERT ON audit_event, audit_leaf, audit_checkpoint, audit_key TO contactpoint_worker;
GRANT USAGE ON SEQUENCE audit_key_id_seq TO contactpoint_worker;
GRANT SELECT, INSERT, DELETE ON audit_body TO contactpoint_worker;
GRANT SELECT, DELETE ON audit_pending TO contactpoint_worker;

-- Every event queues itself, with the id of the transaction that really wrote it: no writer can forget or forge it.
CREATE OR REPLACE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending (event_id, txid, recorded_at)
    VALUES (NEW.id, pg_current_xact_id(), clock_timestamp());
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit_queue() FROM PUBLIC;
DROP TRIGGER IF EXISTS audit_queue ON audit_event;
CREATE TRIGGER audit_queue AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_queue();

-- What pages write beside an event's body is what its body says, and the commitment is to that body. Functions answer by the
-- columns, and a person's own activity and the tree tell the body: one event cannot say the one and stand for the other.
CREATE OR REPLACE FUNCTION audit_say_the_same() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    told json := convert_from(NEW.body, 'UTF8')::json;
BEGIN
    IF (told->>'event_id', (told->>'occurred_at')::timestamptz, told->>'action', told->>'outcome', told #>> '{actor,account}',
            told #>> '{actor,organisation}', (told->'subjects')::jsonb) IS DISTINCT FROM
        (NEW.event_id::text, NEW.occurred_at, NEW.action::text, NEW.outcome::text, NEW.account::text,
            NEW.organisation::text, to_jsonb(NEW.subjects))
        OR NOT EXISTS (SELECT FROM audit_event e WHERE e.id = NEW.event_id AND e.commitment
            = sha256(convert_to(E'contactpoint audit event v1\n', 'UTF8') || NEW.salt || NEW.body)) THEN
        RAISE EXCEPTION 'the body of an event says something else' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit_say_the_same() FROM PUBLIC;
CREATE OR REPLACE TRIGGER audit_say_the_same AFTER INSERT ON audit_body FOR EACH ROW
    WHEN (current_user = 'contactpoint_web') EXECUTE FUNCTION audit_say_the_same();

-- One account's own activity, newest first, at most 200 rows a call; of an account that is not signed in now, nothing:
-- an event names the children whom its account searched, opened and works with, shielded ones too (ADR 9).
-- A page continues after the last time and id of the one before; without an id, after the last time.
DROP FUNCTION IF EXISTS audit_activity(uuid, timestamptz, integer);
CREATE OR REPLACE FUNCTION audit_activity(whose uuid, before_time timestamptz, before_id uuid, how_many integer)
RETURNS TABLE (event_body bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.body
    FROM audit_body AS b
    WHERE b.account = whose AND is_signed_in(whose)
        AND (before_time IS NULL OR b.occurred_at < before_time
             OR (b.occurred_at = before_time AND b.event_id < before_id))
    ORDER BY b.occurred_at DESC, b.event_id DESC
    LIMIT greatest(0, least(how_many, 200))
$$;
REVOKE ALL ON FUNCTION audit_activity(uuid, timestamptz, uuid, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_activity(uuid, timestamptz, uuid, integer) FROM contactpoint_worker;
GRANT EXECUTE ON FUNCTION audit_activity(uuid, timestamptz, uuid, integer) TO contactpoint_web;
