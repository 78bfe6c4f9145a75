-- A country's first publication fills tables that are empty. To keep their indexes in step row by row costs as much again
-- as the rows, and many times as much once an index is larger than memory; made afterwards, each is one sort. Only a table
-- that holds nothing loses its indexes, only in the transaction that fills it, and no transaction that left one aside can
-- commit: killed or finished, every index is there. Until then whoever reads the table waits, so it is for times when no
-- page is served.
CREATE OR REPLACE FUNCTION set_indexes_aside(filled text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one text;
  made record;
  holds boolean;
BEGIN
  FOREACH one IN ARRAY filled LOOP
    IF one <> ALL (ARRAY['source_record', 'record_version', 'link', 'involvement', 'match_identity', 'search_identity', 'search_key']) THEN
      RAISE EXCEPTION '% keeps its indexes', one USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', one);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO holds;
    CONTINUE WHEN holds;
    FOR made IN
      SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition, c.conname,
        pg_get_constraintdef(c.oid) AS constrains
      FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
      WHERE i.indrelid = one::regclass AND NOT i.indisprimary
    LOOP
      IF made.conname IS NULL THEN
        INSERT INTO index_aside (name, of_table, definition) VALUES (made.name, one, made.definition);
        EXECUTE format('DROP INDEX %I', made.name);
      ELSE
        INSERT INTO index_aside (name, of_table, definition)
          VALUES (made.name, one, format('ALTER TABLE %I ADD CONSTRAINT %I %s', one, made.conname, made.constrains));
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', one, made.conname);
      END IF;
    END LOOP;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION make_indexes_again(filled text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made record;
BEGIN
  FOR made IN SELECT name, definition FROM index_aside WHERE of_table = ANY (filled) ORDER BY name LOOP
    EXECUTE made.definition;
    DELETE FROM index_aside WHERE name = made.name;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION refuse_index_left_aside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM index_aside WHERE name = NEW.name) THEN
    RAISE EXCEPTION 'index % of % was not made again', NEW.name, NEW.of_table USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS index_comes_back ON index_aside;
CREATE CONSTRAINT TRIGGER index_comes_back AFTER INSERT ON index_aside DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse_index_left_aside();

REVOKE ALL ON FUNCTION set_indexes_aside(text[]), make_indexes_again(text[]), refuse_index_left_aside() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_indexes_aside(text[]), make_indexes_again(text[]) TO contactpoint_worker;
