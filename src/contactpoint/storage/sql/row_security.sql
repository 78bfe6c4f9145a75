-- Sealed rows are invisible to the web role, whatever statement it runs (ADR 0006). The worker sees all rows;
-- the owner is exempt because policies are not forced, so that migrations and backups see everything.
DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['source_record', 'record_version', 'involvement'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('DROP POLICY IF EXISTS web_reads_unsealed ON %I', guarded);
    EXECUTE format('DROP POLICY IF EXISTS web_adds ON %I', guarded);
    EXECUTE format('DROP POLICY IF EXISTS web_changes_unsealed ON %I', guarded);
    EXECUTE format('DROP POLICY IF EXISTS worker_sees_all ON %I', guarded);
    EXECUTE format('CREATE POLICY web_reads_unsealed ON %I FOR SELECT TO contactpoint_web USING (NOT sealed)', guarded);
    EXECUTE format('CREATE POLICY web_adds ON %I FOR INSERT TO contactpoint_web WITH CHECK (true)', guarded);
    EXECUTE format('CREATE POLICY web_changes_unsealed ON %I FOR UPDATE TO contactpoint_web USING (NOT sealed) WITH CHECK (NOT sealed)', guarded);
    EXECUTE format('CREATE POLICY worker_sees_all ON %I FOR ALL TO contactpoint_worker USING (true) WITH CHECK (true)', guarded);
  END LOOP;
END $$;

-- A row about a shielded child is sealed as it is written, whoever writes it and whatever they say.
CREATE OR REPLACE FUNCTION seal_with_child() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF TG_TABLE_NAME = 'source_record' THEN
    NEW.sealed := coalesce((SELECT shielded FROM child WHERE number = NEW.child_id), false);
  ELSE
    NEW.sealed := coalesce((SELECT sealed FROM source_record WHERE id = NEW.record_id), false);
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER seal_with_child BEFORE INSERT OR UPDATE ON source_record FOR EACH ROW EXECUTE FUNCTION seal_with_child();
CREATE OR REPLACE TRIGGER seal_with_child BEFORE INSERT OR UPDATE ON record_version FOR EACH ROW EXECUTE FUNCTION seal_with_child();
CREATE OR REPLACE TRIGGER seal_with_child BEFORE INSERT OR UPDATE ON involvement FOR EACH ROW EXECUTE FUNCTION seal_with_child();

-- Placing or lifting a shield reseals everything the child has, in the same transaction.
CREATE OR REPLACE FUNCTION reseal_child() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NEW.shielded IS DISTINCT FROM OLD.shielded THEN
    UPDATE source_record SET sealed = NEW.shielded WHERE child_id = NEW.number;
    UPDATE record_version v SET sealed = NEW.shielded FROM source_record r WHERE r.id = v.record_id AND r.child_id = NEW.number;
    UPDATE involvement i SET sealed = NEW.shielded FROM source_record r WHERE r.id = i.record_id AND r.child_id = NEW.number;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER reseal_child AFTER UPDATE OF shielded ON child FOR EACH ROW EXECUTE FUNCTION reseal_child();

-- Nothing about a shielded child may be found by place, carer, telephone or another body's number.
CREATE OR REPLACE FUNCTION refuse_shielded_search_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF (SELECT shielded FROM child WHERE number = NEW.child_id) THEN
    RAISE EXCEPTION 'a shielded child has no search keys' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER refuse_shielded_search_key BEFORE INSERT OR UPDATE ON search_key FOR EACH ROW EXECUTE FUNCTION refuse_shielded_search_key();

-- Links are append-only.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER link_append_only BEFORE UPDATE OR DELETE ON link FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER link_no_truncate BEFORE TRUNCATE ON link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
