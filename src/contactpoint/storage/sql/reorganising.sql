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
