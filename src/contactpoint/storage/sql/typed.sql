-- What people typed about a child stands encrypted (ADR 28; storage/typed_texts.py): whoever writes it has the key, and no
-- statement looks into it. What an older release wrote, and what is under an older key, the worker writes anew.

-- The key in force, for whoever writes; the first one that anybody writes with is taken up. It stays in force for this
-- transaction: whoever retires it waits (wait_for_keys_before). Every key is noted as one that the audit is written with when it
-- is taken up, not when an event is first written: else each look would wait for whoever wrote that event.
DROP FUNCTION IF EXISTS key_to_write_with(integer, text, boolean);
CREATE OR REPLACE FUNCTION key_to_write_with(newest integer, known_by text)
RETURNS TABLE (number smallint, fingerprint text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE in_force smallint;
BEGIN
  LOOP
    SELECT max(k.number) INTO in_force FROM seal_key k;
    IF in_force IS NULL AND newest > 0 AND known_by ~ '^[0-9a-f]{64}$' THEN
      INSERT INTO seal_key (number, fingerprint, since, in_audit) VALUES (newest, known_by, clock_timestamp(), true)
        ON CONFLICT DO NOTHING;
      CONTINUE;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('contactpoint seal key'), in_force);
    EXIT WHEN in_force IS NULL OR in_force = (SELECT max(k.number) FROM seal_key k);
  END LOOP;
  RETURN QUERY SELECT k.number, k.fingerprint::text FROM seal_key k WHERE k.number = in_force;
END $$;
-- Waits for whoever writes with a key before this one still.
CREATE OR REPLACE FUNCTION wait_for_keys_before(this integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('contactpoint seal key'), k.number)
    FROM (SELECT number FROM seal_key WHERE number < this AND retired_at IS NULL ORDER BY number) k;
END $$;
REVOKE ALL ON FUNCTION key_to_write_with(integer, text), wait_for_keys_before(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION key_to_write_with(integer, text) TO contactpoint_web, contactpoint_worker;
GRANT EXECUTE ON FUNCTION wait_for_keys_before(integer) TO contactpoint_worker;

-- Rows that only grow stay as they are, but for sealed text in the place of what it says.
CREATE OR REPLACE FUNCTION refuse_change_but_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was jsonb := to_jsonb(OLD); now_it jsonb; name text;
BEGIN
  IF is_purging() THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    now_it := to_jsonb(NEW);
    FOREACH name IN ARRAY TG_ARGV LOOP
      IF was ->> name <> '' AND now_it ->> name LIKE '~sealed.%' THEN
        was := was - name;
        now_it := now_it - name;
      END IF;
    END LOOP;
    IF was = now_it THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE typed record; clear text;
BEGIN
  FOR typed IN SELECT * FROM (VALUES
    ('correction', ARRAY['said', 'right'], 'asked_at, record_id, field, asked_by_id, answer, said_tag', 'said_tag', false),
    ('contact_request', ARRAY['phone'], 'asked_at', NULL, false),
    ('mediation', ARRAY['name', 'title', 'email', 'purpose_text'], 'asked_at', NULL, false),
    ('consent_step', ARRAY['decided_by', 'decided_by_title'], 'at', NULL, true),
    ('not_shared', ARRAY['decided_by', 'decided_by_title'], 'at', NULL, true),
    ('case_decision', ARRAY['because'], 'decided_at', NULL, false),
    ('identity_change', ARRAY['because'], 'made_at', NULL, true),
    ('use_step', ARRAY['because'], 'at', NULL, true),
    ('replay_request', ARRAY['because'], 'asked_at', NULL, false),
    ('pair_proposal', ARRAY['typed', 'typed_again'], 'asked_at', NULL, false),
    ('crossing', ARRAY['number', 'answer'], 'asked_at', NULL, false)
    ) AS t (name, columns, needed, tag, only_grows)
  LOOP
    SELECT string_agg(format('(%1$I <> '''' AND %1$I NOT LIKE ''~sealed.%%'')', c), ' OR ' ORDER BY at) INTO clear
      FROM unnest(typed.columns) WITH ORDINALITY AS u (c, at);
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (id) WHERE %s', typed.name || '_clear', typed.name, clear);
    EXECUTE format('GRANT SELECT (id, %s, %s), UPDATE (%s%s) ON %I TO contactpoint_worker', typed.needed,
      (SELECT string_agg(quote_ident(c), ', ') FROM unnest(typed.columns) AS u (c)),
      (SELECT string_agg(quote_ident(c), ', ') FROM unnest(typed.columns) AS u (c)), coalesce(', ' || typed.tag, ''), typed.name);
    IF typed.only_grows THEN
      EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION '
        'refuse_change_but_sealing(%s)', typed.name || '_append_only', typed.name,
        (SELECT string_agg(quote_literal(c), ', ') FROM unnest(typed.columns) AS u (c)));
    END IF;
  END LOOP;
END $$;
