-- What stood before, of every row that decides what a page shows and keeps no history of its own (ADR 4): the row as it
-- was, until when. With the versions of records, of practitioners' words and of shields it makes up the directory of any
-- moment since. A row without an image says that before it there was none. Only the worker reads it.
REVOKE ALL ON past_row, ruleset FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON past_row TO contactpoint_worker;
GRANT SELECT, INSERT ON ruleset TO contactpoint_worker;
GRANT USAGE ON SEQUENCE ruleset_id_seq TO contactpoint_worker;

DO $$
DECLARE kept record;
BEGIN
  -- Of an account nothing that signs in; of a record and an involvement not whether it is sealed, which follows the shield.
  FOR kept IN SELECT * FROM (VALUES
    ('child', 'number', 'to_jsonb(o)', false),
    ('source_record', 'id', 'to_jsonb(o) - ''sealed''', false),
    ('involvement', 'id', 'to_jsonb(o) - ''sealed''', false),
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
CREATE OR REPLACE TRIGGER past_row_append_only BEFORE UPDATE ON past_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER past_row_no_truncate BEFORE TRUNCATE ON past_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ruleset_append_only BEFORE UPDATE OR DELETE ON ruleset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ruleset_no_truncate BEFORE TRUNCATE ON ruleset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
