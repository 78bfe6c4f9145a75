-- What stood before, of every row that decides what a page shows and keeps no history of its own (ADR 4): the row as it
-- was, until when. With the versions of records, of practitioners' words and of shields it makes up the directory of any
-- moment since. A row without an image says that before it there was none. Only the worker reads it.
REVOKE ALL ON past_row, ruleset FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, UPDATE (image, sealed_with) ON past_row TO contactpoint_worker;
GRANT SELECT, INSERT ON ruleset TO contactpoint_worker;
GRANT USAGE ON SEQUENCE ruleset_id_seq TO contactpoint_worker;

DO $$
DECLARE kept record;
BEGIN
  -- Of an account nothing that signs in; of a record and an involvement not whether it is sealed, which follows the shield.
  FOR kept IN SELECT * FROM (VALUES
    ('child', 'number', 'to_jsonb(o)', false),
    ('source_record', 'id', 'to_jsonb(o) - ''sealed''', false),
    ('source', 'code', 'to_jsonb(o)', true),
    ('organisation', 'code', 'to_jsonb(o)', true),
    ('membership', 'id', 'to_jsonb(o)', true),
    ('account', 'id', 'jsonb_build_object(''id'', o.id, ''name'', o.name, ''job_title'', o.job_title, ''phone'', o.phone, '
      '''is_active'', o.is_active, ''checked_on'', o.checked_on, ''trained_until'', o.trained_until, '
      '''agreement_signed_on'', o.agreement_signed_on, ''suspended_at'', o.suspended_at, ''renew_by'', o.renew_by)', true)
    ) AS t (tab, pk, image, is_born)
  LOOP
    EXECUTE format($make$
      CREATE OR REPLACE FUNCTION keep_past_%1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = public, pg_temp AS $body$
      BEGIN
        INSERT INTO past_row (tab, row_key, image, until)
        SELECT %1$L, was.%2$s, was.image, clock_timestamp()
        FROM (SELECT o.%2$I, %3$s AS image FROM before_it o) was
        JOIN (SELECT o.%2$I, %3$s AS image FROM after_it o) now_it USING (%2$I)
        WHERE was.image <> now_it.image;
        RETURN NULL;
      END $body$
    $make$, kept.tab, kept.pk, kept.image);
    EXECUTE format('REVOKE ALL ON FUNCTION keep_past_%s() FROM PUBLIC', kept.tab);
    EXECUTE format('CREATE OR REPLACE TRIGGER keep_past AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS before_it '
      'NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION keep_past_%1$s()', kept.tab);
    IF kept.is_born THEN
      EXECUTE format($make$
        CREATE OR REPLACE FUNCTION keep_birth_%1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $body$
        BEGIN
          INSERT INTO past_row (tab, row_key, until) SELECT %1$L, w.%2$I, clock_timestamp() FROM written w;
          RETURN NULL;
        END $body$
      $make$, kept.tab, kept.pk);
      EXECUTE format('REVOKE ALL ON FUNCTION keep_birth_%s() FROM PUBLIC', kept.tab);
      EXECUTE format('CREATE OR REPLACE TRIGGER keep_birth AFTER INSERT ON %1$I REFERENCING NEW TABLE AS written '
        'FOR EACH STATEMENT EXECUTE FUNCTION keep_birth_%1$s()', kept.tab);
    END IF;
  END LOOP;
END $$;

-- An involvement's image is encrypted as its row is (ADR 28), and one of a row that is encrypted is so already; encrypting
-- and decrypting a row leaves no image. What seals the row seals its images, in the same statement.
CREATE OR REPLACE FUNCTION keep_past_involvement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO past_row (tab, row_key, image, until, sealed, sealed_with)
  SELECT 'involvement', was.id, was.image, clock_timestamp(), now_it.sealed, was.sealed_with
  FROM (SELECT o.id, o.sealed_said, o.sealed_with, to_jsonb(o) - (CASE WHEN o.sealed_said IS NULL
      THEN '{sealed,sealed_with,sealed_said,organisation_tag}' ELSE '{sealed,sealed_with}' END)::text[] AS image FROM before_it o) was
  JOIN (SELECT o.id, o.sealed_said, o.sealed, to_jsonb(o) - (CASE WHEN o.sealed_said IS NULL
      THEN '{sealed,sealed_with,sealed_said,organisation_tag}' ELSE '{sealed,sealed_with}' END)::text[] AS image FROM after_it o) now_it
    USING (id)
  WHERE was.sealed_said IS NOT DISTINCT FROM now_it.sealed_said AND was.image <> now_it.image;
  IF EXISTS (SELECT FROM before_it o JOIN after_it n USING (id) WHERE o.sealed <> n.sealed) THEN
    UPDATE past_row p SET sealed = n.sealed FROM before_it o JOIN after_it n USING (id)
    WHERE o.sealed <> n.sealed AND p.tab = 'involvement' AND p.row_key = n.id::text AND p.sealed <> n.sealed;
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_past_involvement() FROM PUBLIC;
CREATE OR REPLACE TRIGGER keep_past AFTER UPDATE ON involvement REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past_involvement();

-- What stood before stays as it was; of an involvement, whose it was may come to stand there encrypted, or so no more.
CREATE OR REPLACE FUNCTION is_same_past(was past_row, now_it past_row) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT was.tab = 'involvement' AND (was.id, was.tab, was.row_key, was.until) = (now_it.id, now_it.tab, now_it.row_key, now_it.until)
    AND was.image - hidden = now_it.image - hidden
  FROM (SELECT '{organisation_id,involvement_id,typed_by_id,confirmed_by_id,team,practitioner,practitioner_role,contact_phone,contact_hours,contact_cover,'
    'sealed_said,organisation_tag}'::text[] AS hidden) AS h
$$;
DROP TRIGGER IF EXISTS past_row_append_only ON past_row;
CREATE OR REPLACE TRIGGER past_row_stays BEFORE UPDATE ON past_row FOR EACH ROW
  WHEN (NOT coalesce(is_same_past(OLD, NEW), false)) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER past_row_no_truncate BEFORE TRUNCATE ON past_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ruleset_append_only BEFORE UPDATE OR DELETE ON ruleset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ruleset_no_truncate BEFORE TRUNCATE ON ruleset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
