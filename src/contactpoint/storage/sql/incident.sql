-- Security incidents (R55). Pages read what is shut on every request, and write down who asks and who agrees; that two
-- people shut the country out, and let it in again, is a constraint of the table. A page acts for a person: what nobody
-- asked for comes from the command line alone, and a feed is opened there alone.
REVOKE ALL ON incident_shut FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON incident_shut TO contactpoint_web;
GRANT INSERT (scope, organisation_id, source_id, because, asked_by_id, asked_at, shut_at) ON incident_shut TO contactpoint_web;
GRANT UPDATE (agreed_by_id, shut_at, open_asked_by_id, opened_by_id, opened_at) ON incident_shut TO contactpoint_web;
GRANT USAGE ON SEQUENCE incident_shut_id_seq TO contactpoint_web;
GRANT SELECT, INSERT, UPDATE ON incident_shut TO contactpoint_worker;

CREATE OR REPLACE FUNCTION incident_has_people() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'contactpoint_web' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.asked_by_id IS NULL THEN
    RAISE EXCEPTION 'a page acts for somebody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'what is over stays as it was' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.opened_at IS NOT NULL AND (NEW.opened_by_id IS NULL OR NEW.scope = 'feed'
      OR (NEW.scope = 'national' AND NEW.open_asked_by_id IS NULL)) THEN
    RAISE EXCEPTION 'a page opens for people, and no feed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER incident_has_people BEFORE INSERT OR UPDATE ON incident_shut
  FOR EACH ROW EXECUTE FUNCTION incident_has_people();
