-- What people typed about a child stands encrypted (ADR 28; storage/typed_texts.py): whoever writes it has the key, and no
-- statement looks into it. What an older release wrote, and what is under an older key, the worker writes anew.

-- The key in force, for whoever writes; the first one that anybody writes with is taken up. It stays in force for this
-- transaction: whoever retires it waits.
CREATE OR REPLACE FUNCTION key_to_write_with(newest integer, known_by text) RETURNS TABLE (number smallint, fingerprint text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM seal_key) AND newest > 0 AND known_by ~ '^[0-9a-f]{64}$' THEN
    INSERT INTO seal_key (number, fingerprint, since) VALUES (newest, known_by, clock_timestamp()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN QUERY SELECT k.number, k.fingerprint::text FROM seal_key k ORDER BY k.number DESC LIMIT 1 FOR SHARE;
END $$;
REVOKE ALL ON FUNCTION key_to_write_with(integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION key_to_write_with(integer, text) TO contactpoint_web, contactpoint_worker;

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
    ('replay_request', ARRAY['because'], 'asked_at', NULL, false)
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
