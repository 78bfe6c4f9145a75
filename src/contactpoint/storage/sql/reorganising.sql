-- Authorities that are split or merged (R58; ADR 30). A row says which value is replaced by which; writing it replaces the
-- value, marking it undone puts the old one back, and only where the new one still stands. What a page did meanwhile stays.
CREATE OR REPLACE FUNCTION change_authority_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE key text; old_value text := NEW.was; new_value text := NEW.becomes;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    old_value := NEW.becomes;
    new_value := NEW.was;
  END IF;
  SELECT k.key INTO key FROM (VALUES
    ('organisation', 'authority', 'code'), ('source', 'authority', 'code'), ('membership', 'organisation_id', 'id'),
    ('shield', 'authority', 'id'), ('contact_request', 'desk', 'id'),
    ('archived', 'authority', 'child_id'), ('use_item', 'reviewed_by', 'id'), ('authority_move', 'from_authority', 'id'),
    ('ward_postcode', 'authority', 'postcode'), ('paired_authority', 'second_desk', 'authority'), ('paired_authority', 'authority', 'second_desk'),
    ('authority_move', 'to_authority', 'id'), ('authority_move', 'state', 'id')) AS k (tab, col, key)
  WHERE k.tab = NEW.tab AND k.col = NEW.col;
  IF key IS NULL THEN
    RAISE EXCEPTION 'a change of an authority changes no %.%', NEW.tab, NEW.col USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.col = 'state' THEN
    UPDATE authority_move SET state = new_value, closed_at = CASE WHEN new_value = 'overtaken' THEN clock_timestamp() END
    WHERE id::text = NEW.row_key AND state = old_value AND (new_value = 'overtaken' OR NOT EXISTS (
      SELECT FROM authority_move o WHERE o.child_id = authority_move.child_id AND o.closed_at IS NULL));
  ELSE
    EXECUTE format('UPDATE %I SET %I = $1 WHERE %I::text = $2 AND %I = $3', NEW.tab, NEW.col, key, NEW.col)
      USING new_value, NEW.row_key, old_value;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER change_row AFTER INSERT ON authority_change_row FOR EACH ROW EXECUTE FUNCTION change_authority_row();
CREATE OR REPLACE TRIGGER change_row_back AFTER UPDATE ON authority_change_row FOR EACH ROW
  WHEN (NEW.undone AND NOT OLD.undone) EXECUTE FUNCTION change_authority_row();
REVOKE ALL ON authority_change, authority_change_row FROM contactpoint_web, contactpoint_auditor;
GRANT SELECT, INSERT, UPDATE ON authority_change, authority_change_row TO contactpoint_worker;

-- On the pages of the national team: whoever is written down plans, agrees, and asks to take it back; the worker carries it out.
-- What an authority has, without protections; children to the nearest hundred and not told below it.
CREATE OR REPLACE FUNCTION authority_has(seeing uuid, code text) RETURNS TABLE (children bigint, people bigint, organisations bigint, feeds bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE found bigint;
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_reference'], ARRAY['national_team']);
  SELECT count(DISTINCT s.child_id) INTO found FROM search_identity s WHERE s.la = code AND NOT s.shielded;
  RETURN QUERY SELECT CASE WHEN found >= 100 THEN (found + 50) / 100 * 100 END,
    (SELECT count(DISTINCT m.account_id) FROM membership m JOIN organisation o ON o.code = m.organisation_id
      WHERE o.authority = authority_has.code AND m.ended_at IS NULL AND NOT is_discreet(o.code)),
    (SELECT count(*) FROM organisation o WHERE o.authority = authority_has.code AND NOT is_discreet(o.code)),
    (SELECT count(*) FROM source s WHERE s.authority = authority_has.code);
END $$;

CREATE OR REPLACE FUNCTION plan_authority(seeing uuid, code text, planned jsonb, why text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['asked_authority_change'], ARRAY['national_team']);
  LOCK TABLE authority_change IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO authority_change (authority, plan, because, asked_by_id, asked_at)
  SELECT code, planned, why, who.account, who.at WHERE NOT EXISTS (
    SELECT FROM authority_change c WHERE c.authority = code AND c.done_at IS NULL AND c.dropped_at IS NULL)
  RETURNING id INTO made;
  RETURN made;
END $$;

-- Takes a step; false where it does not come now, or is not theirs: nobody agrees to what they asked for.
CREATE OR REPLACE FUNCTION step_authority_change(seeing uuid, which bigint, taken text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['stepped_authority_change'], ARRAY['national_team']);
  UPDATE authority_change c SET
    agreed_by_id = CASE WHEN taken = 'agree' THEN who.account ELSE c.agreed_by_id END,
    dropped_at = CASE WHEN taken = 'drop' THEN who.at END,
    undo_asked_by_id = CASE WHEN taken = 'ask_undo' THEN who.account ELSE c.undo_asked_by_id END,
    undo_agreed_by_id = CASE WHEN taken = 'agree_undo' THEN who.account END
  WHERE c.id = which AND c.dropped_at IS NULL AND CASE taken
    WHEN 'agree' THEN c.done_at IS NULL AND c.agreed_by_id IS NULL AND c.asked_by_id <> who.account
    WHEN 'drop' THEN c.done_at IS NULL AND c.agreed_by_id IS NULL AND c.asked_by_id = who.account
    WHEN 'ask_undo' THEN c.done_at IS NOT NULL AND c.undo_asked_by_id IS NULL
    WHEN 'agree_undo' THEN c.undo_asked_by_id <> who.account AND c.undo_agreed_by_id IS NULL
    ELSE false END;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION authority_changes(seeing uuid)
RETURNS TABLE (id bigint, authority text, plan jsonb, because text, asked_by text, mine boolean, asked_at timestamptz, agreed_by text,
  done_at timestamptz, undo_asked_by text, undo_mine boolean, undo_agreed_by text, undone_at timestamptz, dropped boolean, people jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['listed_reference', 'listed_today'], ARRAY['national_team']);
  RETURN QUERY SELECT c.id, c.authority::text, c.plan, c.because::text, a.name::text, c.asked_by_id = who.account, c.asked_at,
    coalesce(b.name, '')::text, c.done_at, coalesce(u.name, '')::text, coalesce(c.undo_asked_by_id = who.account, false),
    coalesce(v.name, '')::text, c.undone_at, c.dropped_at IS NOT NULL,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(p.name, t.value) ORDER BY p.name), '[]') FROM jsonb_each_text(c.plan->'people') t
      JOIN account p ON p.id::text = t.key)
  FROM authority_change c JOIN account a ON a.id = c.asked_by_id LEFT JOIN account b ON b.id = c.agreed_by_id
    LEFT JOIN account u ON u.id = c.undo_asked_by_id LEFT JOIN account v ON v.id = c.undo_agreed_by_id
  ORDER BY c.id DESC LIMIT 200;
END $$;
DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['authority_has(uuid, text)', 'plan_authority(uuid, text, jsonb, text)',
    'step_authority_change(uuid, bigint, text)', 'authority_changes(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
