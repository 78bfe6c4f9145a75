-- Accounts let in again (R52, R56): two people, at the command line, as the owner; no page and no worker comes by it.
REVOKE ALL ON reinstatement FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- What was agreed stays, and so does who asked.
CREATE OR REPLACE FUNCTION keep_reinstatement() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.agreed_at IS NOT NULL
      OR (OLD.account_id, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.account_id, NEW.asked_by_id, NEW.asked_at) THEN
    RAISE EXCEPTION 'what two people said stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_reinstatement BEFORE UPDATE OR DELETE ON reinstatement
  FOR EACH ROW EXECUTE FUNCTION keep_reinstatement();
CREATE OR REPLACE TRIGGER keep_reinstatements BEFORE TRUNCATE ON reinstatement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
