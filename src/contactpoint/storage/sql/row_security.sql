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
    EXECUTE format('CREATE POLICY web_changes_unsealed ON %I FOR UPDATE TO contactpoint_web USING (NOT sealed) WITH CHECK (NOT sealed)', guarded);
    EXECUTE format('CREATE POLICY worker_sees_all ON %I FOR ALL TO contactpoint_worker USING (true) WITH CHECK (true)', guarded);
  END LOOP;
END $$;
-- A number that has retired leads to its child through child_for alone (kept_from.sql): that a row was given to a protected
-- child, or two of its records became one, is in no table that pages read.
ALTER TABLE child ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS web_reads_living ON child;
DROP POLICY IF EXISTS worker_sees_all ON child;
CREATE POLICY web_reads_living ON child FOR SELECT TO contactpoint_web USING (retired_into_id IS NULL);
CREATE POLICY worker_sees_all ON child FOR ALL TO contactpoint_worker USING (true) WITH CHECK (true);

-- What a practitioner says goes under the practitioners' own source and stands unconfirmed: no web process can put words
-- into the mouth of a feed.
CREATE POLICY web_adds ON source_record FOR INSERT TO contactpoint_web WITH CHECK (source_id = 'practitioners');
CREATE POLICY web_adds ON involvement FOR INSERT TO contactpoint_web WITH CHECK (typed_by_id IS NOT NULL AND confirmed_at IS NULL);

-- A row about a shielded child, or an archived one (R11), is sealed by the statement that writes it, whoever writes it and
-- whatever they say; so is a row about no child yet (it waits in quarantine, R21). Statement triggers, so that a country's deliveries
-- cost two joins and not two calls a row. They run as the owner, so temporary tables, which anyone could make and hang a
-- trigger of their own on, come last in their search path and never stand in for ours. FOR SHARE makes a writer wait for a shield that is being placed, and the
-- shield wait for the writer: neither can miss the other.
CREATE OR REPLACE FUNCTION seal_records() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM child WHERE number IN (SELECT child_id FROM written) ORDER BY number FOR SHARE;
  -- A statement that changes no row fires its triggers too: without the IFs this would call itself for ever.
  IF EXISTS (SELECT FROM written w LEFT JOIN child c ON c.number = w.child_id WHERE w.sealed <> coalesce(c.shielded OR c.archived, true)) THEN
    UPDATE source_record r SET sealed = NOT r.sealed FROM written w LEFT JOIN child c ON c.number = w.child_id
      WHERE r.id = w.id AND r.sealed <> coalesce(c.shielded OR c.archived, true);
  END IF;
  IF TG_OP = 'UPDATE' THEN -- a record that moved to another child takes its versions and involvements along
    IF EXISTS (SELECT FROM written w JOIN record_version v ON v.record_id = w.id WHERE v.sealed <> w.sealed) THEN
      UPDATE record_version v SET sealed = r.sealed FROM written w JOIN source_record r ON r.id = w.id
        WHERE v.record_id = r.id AND v.sealed <> r.sealed;
    END IF;
    IF EXISTS (SELECT FROM written w JOIN involvement i ON i.record_id = w.id WHERE i.sealed <> w.sealed) THEN
      UPDATE involvement i SET sealed = r.sealed FROM written w JOIN source_record r ON r.id = w.id
        WHERE i.record_id = r.id AND i.sealed <> r.sealed;
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION seal_with_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM child WHERE number IN (SELECT r.child_id FROM written w JOIN source_record r ON r.id = w.record_id)
    ORDER BY number FOR SHARE;
  IF EXISTS (SELECT FROM written w JOIN source_record r ON r.id = w.record_id WHERE w.sealed <> r.sealed) THEN
    IF TG_TABLE_NAME = 'record_version' THEN
      UPDATE record_version v SET sealed = r.sealed FROM written w JOIN source_record r ON r.id = w.record_id
        WHERE v.id = w.id AND v.sealed <> r.sealed;
    ELSE
      UPDATE involvement i SET sealed = r.sealed FROM written w JOIN source_record r ON r.id = w.record_id
        WHERE i.id = w.id AND i.sealed <> r.sealed;
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- Placing or lifting a shield, archiving and coming back from the archive reseal everything the child has, and take what
-- could find it out of the search index, in the same transaction. Whoever shields then adds back the one row of constants.
CREATE OR REPLACE FUNCTION reseal_children() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE turned text[];
BEGIN
  SELECT array_agg(n.number) INTO turned FROM after_it n JOIN before_it o USING (number) WHERE (n.shielded, n.archived) <> (o.shielded, o.archived);
  IF turned IS NOT NULL THEN
    UPDATE source_record r SET sealed = c.shielded OR c.archived FROM child c WHERE c.number = r.child_id AND c.number = ANY (turned);
    DELETE FROM search_key WHERE child_id = ANY (turned);
    DELETE FROM search_identity WHERE child_id = ANY (turned);
  END IF;
  RETURN NULL;
END $$;

-- Nothing about a shielded child may be found by place, carer, telephone or another body's number.
CREATE OR REPLACE FUNCTION refuse_shielded_search_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM child WHERE number IN (SELECT child_id FROM written) ORDER BY number FOR SHARE;
  IF EXISTS (SELECT FROM written w LEFT JOIN child c ON c.number = w.child_id WHERE coalesce(c.shielded OR c.archived, true)) THEN
    RAISE EXCEPTION 'a shielded or archived child has no search keys, and nobody has none either' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION refuse_unshielded_search_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM child WHERE number IN (SELECT child_id FROM written) ORDER BY number FOR SHARE;
  IF EXISTS (SELECT FROM written w LEFT JOIN child c ON c.number = w.child_id
      WHERE c.shielded IS DISTINCT FROM w.shielded OR c.archived) THEN
    RAISE EXCEPTION 'a search row says of its child''s shield what the child does not, or is of one in the archive' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER seal_inserted AFTER INSERT ON source_record REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_records();
CREATE OR REPLACE TRIGGER seal_updated AFTER UPDATE ON source_record REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_records();
CREATE OR REPLACE TRIGGER seal_inserted AFTER INSERT ON record_version REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_with_record();
CREATE OR REPLACE TRIGGER seal_updated AFTER UPDATE ON record_version REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_with_record();
CREATE OR REPLACE TRIGGER seal_inserted AFTER INSERT ON involvement REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_with_record();
CREATE OR REPLACE TRIGGER seal_updated AFTER UPDATE ON involvement REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_with_record();
CREATE OR REPLACE TRIGGER reseal_children AFTER UPDATE ON child REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION reseal_children();
CREATE OR REPLACE TRIGGER refuse_inserted AFTER INSERT ON search_key REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_shielded_search_key();
CREATE OR REPLACE TRIGGER refuse_updated AFTER UPDATE ON search_key REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_shielded_search_key();
CREATE OR REPLACE TRIGGER refuse_inserted AFTER INSERT ON search_identity REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unshielded_search_row();
CREATE OR REPLACE TRIGGER refuse_updated AFTER UPDATE ON search_identity REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unshielded_search_row();

-- Links are append-only, but for a purge (retention.sql).
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND is_purging() THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER link_append_only BEFORE UPDATE OR DELETE ON link FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER link_no_truncate BEFORE TRUNCATE ON link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
