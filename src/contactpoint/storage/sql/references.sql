-- Foreign keys of the tables that have a row for each record, a statement at a time (ADR 11). PostgreSQL's own ask once
-- for each row and key: at a country's size, a quarter of a publication. Nobody but the owner may delete a child, record,
-- delivery, source, organisation or account (grants.sql), so no row needs a lock for its parent to stay.
CREATE OR REPLACE FUNCTION refuse_orphans() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  orphaned boolean; -- arguments come in threes: column, table it refers to, that table's key
  -- In what is encrypted stand no keys, but what is compared instead of them (ADR 28).
  clear text := CASE TG_TABLE_NAME WHEN 'involvement' THEN ' AND w.sealed_said IS NULL' ELSE '' END;
BEGIN
  FOR i IN 0 .. TG_NARGS - 1 BY 3 LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM written w WHERE w.%1$I IS NOT NULL AND NOT EXISTS (SELECT FROM %2$I p WHERE p.%3$I = w.%1$I)%4$s)',
      TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[i + 2], clear) INTO orphaned;
    IF orphaned THEN
      RAISE EXCEPTION '% of % names no %', TG_ARGV[i], TG_TABLE_NAME, TG_ARGV[i + 1] USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refuse_bereavement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bereaved boolean; -- the table's own key, then pairs: a table that refers to it, and its column
BEGIN
  FOR i IN 1 .. TG_NARGS - 1 BY 2 LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM gone g JOIN %1$I d ON d.%2$I = g.%3$I)', TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[0])
      INTO bereaved;
    IF bereaved THEN
      RAISE EXCEPTION 'rows of % still name it', TG_ARGV[i] USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refuse_new_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the key of a row of % stays as it is', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END $$;

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('child', $a$'retired_into_id', 'child', 'number'$a$),
    ('source_record', $a$'child_id', 'child', 'number', 'source_id', 'source', 'code'$a$),
    ('record_version', $a$'record_id', 'source_record', 'id', 'delivery_id', 'delivery', 'id'$a$),
    ('link', $a$'record_id', 'source_record', 'id', 'child_id', 'child', 'number', 'change_id', 'identity_change', 'id'$a$),
    ('involvement', $a$'record_id', 'source_record', 'id', 'organisation_id', 'organisation', 'code',
      'typed_by_id', 'account', 'id', 'confirmed_by_id', 'account', 'id'$a$),
    ('consent_step', $a$'involvement_id', 'involvement', 'id'$a$)) AS referring(name, arguments)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER a_parent_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS written '
      'FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans(%s)', one.name, one.arguments);
    EXECUTE format('CREATE OR REPLACE TRIGGER a_parent_updated AFTER UPDATE ON %I REFERENCING NEW TABLE AS written '
      'FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans(%s)', one.name, one.arguments);
  END LOOP;
  FOR one IN SELECT * FROM (VALUES
    ('child', 'number', $a$'source_record', 'child_id', 'link', 'child_id', 'child', 'retired_into_id'$a$),
    ('source_record', 'id', $a$'record_version', 'record_id', 'link', 'record_id', 'involvement', 'record_id'$a$),
    ('delivery', 'id', $a$'record_version', 'delivery_id'$a$),
    ('source', 'code', $a$'source_record', 'source_id'$a$),
    ('organisation', 'code', $a$'involvement', 'organisation_id'$a$),
    ('account', 'id', $a$'involvement', 'typed_by_id', 'involvement', 'confirmed_by_id'$a$),
    ('identity_change', 'id', $a$'link', 'change_id'$a$),
    ('involvement', 'id', $a$'consent_step', 'involvement_id'$a$)) AS referred(name, key, arguments)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER bereavement AFTER DELETE ON %I REFERENCING OLD TABLE AS gone '
      'FOR EACH STATEMENT EXECUTE FUNCTION refuse_bereavement(%L, %s)', one.name, one.key, one.arguments);
    EXECUTE format('CREATE OR REPLACE TRIGGER key_stays BEFORE UPDATE OF %1$I ON %2$I FOR EACH ROW '
      'WHEN (OLD.%1$I IS DISTINCT FROM NEW.%1$I) EXECUTE FUNCTION refuse_new_key()', one.key, one.name);
  END LOOP;
END $$;
