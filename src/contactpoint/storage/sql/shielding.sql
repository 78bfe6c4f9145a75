-- The life of a shield (R26-R31): one table of moves, and triggers that let a shield move in no other way, whoever
-- writes. A step is a row that only grows; writing one moves the shield, and lifting is the last step there is.

-- The table of domain/disclosure/shield_life.py; a test compares them.
CREATE OR REPLACE FUNCTION next_shield_state(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT m.becomes FROM (VALUES
    ('', 'placed', 'temporary'),
    ('temporary', 'escalated', 'escalated'),
    ('temporary', 'confirmed', 'confirmed'),
    ('temporary', 'lift_asked', 'lift_asked'),
    ('escalated', 'confirmed', 'confirmed'),
    ('escalated', 'lift_asked', 'lift_asked'),
    ('confirmed', 'extended', 'confirmed'),
    ('confirmed', 'lift_asked', 'lift_asked'),
    ('lift_asked', 'lift_agreed', 'lift_waiting'),
    ('lift_asked', 'lift_stopped', 'escalated'),
    ('lift_waiting', 'lift_stopped', 'escalated'),
    ('lift_waiting', 'lifted', 'lifted')) AS m (was, step, becomes)
  WHERE m.was = $1 AND m.step = $2
$$;

-- A step fits the state it finds, and is by somebody who may take it: whoever placed a shield does not confirm or review
-- it, whoever asked for a lifting does not agree to it, and no lifting is sooner than a day after it was agreed.
CREATE OR REPLACE FUNCTION check_shield_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE now_it shield;
BEGIN
  SELECT * INTO now_it FROM shield WHERE id = NEW.shield_id FOR UPDATE;
  NEW.was := CASE WHEN NEW.what = 'placed' THEN '' ELSE now_it.state END;
  NEW.becomes := next_shield_state(NEW.was, NEW.what);
  IF NEW.becomes IS NULL OR (NEW.what = 'placed' AND EXISTS (SELECT FROM shield_step WHERE shield_id = NEW.shield_id)) THEN
    RAISE EXCEPTION 'a shield that is % is not moved by %', now_it.state, NEW.what USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.by_id IS NULL AND NEW.what NOT IN ('placed', 'escalated', 'lifted') THEN
    RAISE EXCEPTION 'a person takes this step' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.what IN ('confirmed', 'extended') AND (NEW.by_id::text = now_it.placed_by OR NEW.review_by IS NULL) THEN
    RAISE EXCEPTION 'somebody else than who placed it confirms it, until a day' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.what = 'lift_agreed' AND (coalesce(NEW.lift_at, NEW.at) < NEW.at + interval '1 day' OR NEW.by_id = (
      SELECT s.by_id FROM shield_step s WHERE s.shield_id = NEW.shield_id AND s.what = 'lift_asked' ORDER BY s.id DESC LIMIT 1)) THEN
    RAISE EXCEPTION 'two people lift a shield, and it waits' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.what = 'lifted' AND now_it.lift_at > least(NEW.at, clock_timestamp()) THEN
    RAISE EXCEPTION 'the waiting period has not ended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION move_shield() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE shield SET state = NEW.becomes, review_by = coalesce(NEW.review_by, review_by),
    ground = CASE WHEN NEW.what IN ('confirmed', 'extended') THEN coalesce(NEW.answers->>'ground', ground) ELSE ground END,
    lift_at = CASE NEW.what WHEN 'lift_agreed' THEN NEW.lift_at WHEN 'lifted' THEN lift_at END,
    lifted_at = CASE NEW.what WHEN 'lifted' THEN NEW.at END
  WHERE id = NEW.shield_id;
  IF NEW.what = 'lifted' THEN
    UPDATE child SET shielded = false WHERE number = (
      SELECT child_id FROM shield WHERE id = NEW.shield_id AND kept_from_id IS NULL);
  END IF;
  RETURN NULL;
END $$;

-- A shield begins temporary, with its first step; afterwards only steps change it, and nothing takes it away.
CREATE OR REPLACE FUNCTION begin_shield() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO shield_step (shield_id, what, was, becomes, by_id, at, answers, review_by)
  VALUES (NEW.id, 'placed', '', '', (SELECT a.id FROM account a WHERE a.id::text = NEW.placed_by), NEW.placed_at,
    jsonb_build_object('ground', NEW.ground), NEW.review_by);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION guard_shield() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND is_purging() THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'temporary') OR (TG_OP = 'UPDATE' AND pg_trigger_depth() < 2) THEN
    RAISE EXCEPTION 'a shield begins temporary and is moved by its steps' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
-- No child is uncovered while a shield over it is in force.
CREATE OR REPLACE FUNCTION refuse_bare_lifting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM after_it n JOIN before_it o USING (number) JOIN shield s ON s.child_id = n.number
      WHERE o.shielded AND NOT n.shielded AND s.lifted_at IS NULL AND s.kept_from_id IS NULL) THEN
    RAISE EXCEPTION 'a shield is in force' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER check_step BEFORE INSERT ON shield_step FOR EACH ROW EXECUTE FUNCTION check_shield_step();
CREATE OR REPLACE TRIGGER move_shield AFTER INSERT ON shield_step FOR EACH ROW WHEN (NEW.what <> 'placed')
  EXECUTE FUNCTION move_shield();
CREATE OR REPLACE TRIGGER begin_shield AFTER INSERT ON shield FOR EACH ROW EXECUTE FUNCTION begin_shield();
CREATE OR REPLACE TRIGGER guard_shield BEFORE INSERT OR UPDATE OR DELETE ON shield FOR EACH ROW EXECUTE FUNCTION guard_shield();
CREATE OR REPLACE TRIGGER refuse_bare_lifting AFTER UPDATE ON child REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_bare_lifting();
CREATE OR REPLACE TRIGGER shield_step_append_only BEFORE UPDATE OR DELETE ON shield_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER shield_step_no_truncate BEFORE TRUNCATE ON shield_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who wrote an event in this very transaction and is signed in now, as what: nothing below answers to anybody else.
CREATE OR REPLACE FUNCTION written_down(seeing uuid)
RETURNS TABLE (account uuid, organisation text, action text, subjects text[], at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.account, b.organisation::text, b.action::text, b.subjects::text[], b.occurred_at
  FROM audit_pending p JOIN audit_body b ON b.event_id = p.event_id
  JOIN account a ON a.id = b.account AND a.is_active AND a.suspended_at IS NULL
  WHERE p.event_id = seeing AND p.txid = pg_current_xact_id() AND b.outcome = 'allowed' AND is_signed_in(a.id)
$$;
REVOKE ALL ON FUNCTION written_down(uuid) FROM PUBLIC;
-- The same, of somebody who is written down as doing one of these things in one of these roles, which they hold there now.
-- Whatever a page asks about children or accounts in somebody's name goes through here: what is answered is what stands in
-- the audit, and an event of one thing answers for no other (R51). Where it is joined
-- to tables it is called by itself first: a plan that begins with a table without rows may never come to it, and answer nothing
-- where it should refuse.
CREATE OR REPLACE FUNCTION acting(seeing uuid, doing text[], as_role text[])
RETURNS TABLE (account uuid, organisation text, role text, kind text, authority text, subjects text[], at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, w.organisation, m.role::text, o.kind::text, o.authority::text, w.subjects, w.at
    FROM written_down(seeing) w JOIN audit_body b ON b.event_id = seeing
    JOIN membership m ON m.account_id = w.account AND m.organisation_id = w.organisation
      AND m.role = convert_from(b.body, 'UTF8')::json #>> '{actor,role}'
      AND (m.ended_at IS NULL OR m.ended_at > clock_timestamp())
    JOIN organisation o ON o.code = w.organisation
    WHERE w.action = ANY (doing) AND m.role = ANY (as_role);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody who may do this has been written down as doing it' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION acting(uuid, text[], text[]) FROM PUBLIC;
CREATE OR REPLACE FUNCTION kept_from_whom_is_written(seeing uuid) RETURNS varchar[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT children_kept_from(w.account) FROM written_down(seeing) w
$$;
REVOKE ALL ON FUNCTION kept_from_whom_is_written(uuid) FROM PUBLIC;

-- How many children somebody has had protected in a week, whatever became of it, and whether one more would be too many: a
-- temporary shield can hide a child from help. The figures are those of domain/disclosure/shield_life.py; a test compares them.
CREATE OR REPLACE FUNCTION most_protected(at_a_desk boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN at_a_desk THEN 50 ELSE 10 END
$$;
CREATE OR REPLACE FUNCTION protected_lately(whose uuid, at_time timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM shield s
  WHERE s.placed_by = whose::text AND s.placed_at > at_time - interval '7 days' AND is_signed_in(whose)
$$;
CREATE OR REPLACE FUNCTION check_not_too_many(whose uuid, organisation text, at_time timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF protected_lately(whose, at_time) >= most_protected(EXISTS (SELECT FROM membership m WHERE m.account_id = whose
      AND m.organisation_id = check_not_too_many.organisation AND m.role = 'shield_team' AND m.ended_at IS NULL)) THEN
    RAISE EXCEPTION 'one person has too many children protected at once' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION most_protected(boolean), protected_lately(uuid, timestamptz), check_not_too_many(uuid, text, timestamptz)
  FROM PUBLIC;

-- Hides a child at once, because somebody signed in has written down that they do so (R26, R28); false where it is hidden
-- already, or is nobody. The one row that may still be found is made here, of what it showed before.
CREATE OR REPLACE FUNCTION protect_now(seeing uuid, about text, why text, confirmed_by timestamptz, look_again date)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; main search_identity; home text;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['shielded'],
    ARRAY['practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team']);
  IF who.subjects <> ARRAY[about] THEN
    RAISE EXCEPTION 'another child has been written down' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM check_not_too_many(who.account, who.organisation, who.at);
  PERFORM FROM child WHERE number = about AND NOT shielded AND retired_into_id IS NULL
    AND NOT is_kept_from(about, who.account) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT * INTO main FROM search_identity WHERE child_id = about ORDER BY id LIMIT 1;
  home := responsible_now(about);
  UPDATE child SET shielded = true WHERE number = about;
  INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by)
    VALUES (about, why, who.at, who.account::text, look_again, home, confirmed_by);
  IF main.child_id IS NOT NULL THEN
    -- Under the id of the row that went: it follows from the number alone (storage/search_index.py).
    INSERT INTO search_identity (id, child_id, shielded, forename, surname, known_as, sk, fk, sfk, dob, dob_text, sex,
      postcode, sec, dis, la, town)
    VALUES (main.id, about, true, main.forename, main.surname, '', main.sk, main.fk, main.sfk, main.dob, main.dob_text, main.sex,
      '', '', '', '', '');
  END IF;
  RETURN true;
END $$;

-- Whose shield desk somebody works at: an authority's code, empty for the national desk.
DROP FUNCTION IF EXISTS shield_desk_of(uuid), shield_listed(uuid, bigint);
CREATE OR REPLACE FUNCTION shield_desk_of(seeing uuid, doing text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text;
BEGIN
  SELECT CASE WHEN w.organisation = 'contactpoint' THEN '' WHEN w.kind = 'authority' THEN nullif(w.authority, '') END INTO desk
    FROM acting(seeing, doing, ARRAY['shield_team']) w;
  IF desk IS NULL THEN
    RAISE EXCEPTION 'whoever has been written down has no shield desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN desk;
END $$;
REVOKE ALL ON FUNCTION shield_desk_of(uuid, text[]) FROM PUBLIC;

-- Whether a desk is the second of an authority: named so, while fewer than two people are at the authority's own. It
-- sees what waits for a second person, and decides that; not what is around a shield, nor what it hides.
CREATE OR REPLACE FUNCTION is_second_desk(of_authority text, desk text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM paired_authority p WHERE p.authority = of_authority AND p.second_desk = desk)
    AND 2 > (SELECT count(DISTINCT m.account_id) FROM membership m
      JOIN organisation o ON o.code = m.organisation_id AND o.kind = 'authority' AND o.authority = of_authority
      JOIN account a ON a.id = m.account_id AND a.is_active AND a.suspended_at IS NULL
      WHERE m.role = 'shield_team' AND m.ended_at IS NULL)
$$;
REVOKE ALL ON FUNCTION is_second_desk(text, text) FROM PUBLIC;

-- What waits at a desk, kind by kind, the most pressing first: which shield, since when and until when; not whose.
CREATE OR REPLACE FUNCTION shields_to_do(seeing uuid, on_day date, how_many integer)
RETURNS TABLE (kind text, in_all bigint, which bigint, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_shields', 'listed_today']); kept varchar[] := kept_from_whom_is_written(seeing);
  seconds text[] := ARRAY(SELECT p.authority FROM paired_authority p WHERE p.second_desk = desk AND is_second_desk(p.authority, desk));
BEGIN
  RETURN QUERY
    SELECT t.kind::text, t.in_all, t.id, t.since, t.until FROM (
      SELECT w.kind, count(*) OVER (PARTITION BY w.kind) AS in_all, w.id, w.since, w.until,
        row_number() OVER (PARTITION BY w.kind ORDER BY w.until, w.since, w.id) AS place
      FROM (
        SELECT s.id, CASE s.state WHEN 'confirmed' THEN 'review' ELSE s.state END AS kind,
          CASE s.state WHEN 'confirmed' THEN s.placed_at ELSE (
            SELECT max(p.at) FROM shield_step p WHERE p.shield_id = s.id) END AS since,
          CASE s.state WHEN 'temporary' THEN s.confirm_by WHEN 'escalated' THEN s.confirm_by WHEN 'lift_waiting' THEN s.lift_at
            WHEN 'confirmed' THEN s.review_by::timestamptz END AS until
        -- A number that retired into another waits for nothing: the shield of the other one does. Nor does one in the
        -- archive, of which nobody sees anything.
        FROM shield s JOIN child c ON c.number = s.child_id AND c.retired_into_id IS NULL AND NOT c.archived
        WHERE s.lifted_at IS NULL AND (desk = '' OR s.authority = desk OR s.authority = ANY (seconds))
          AND (s.state <> 'confirmed' OR s.review_by <= on_day)
        UNION ALL
        SELECT s.id, 'near', min(n.found_at), NULL
        FROM near_child n JOIN shield s ON s.id = n.shield_id JOIN child c ON c.number = n.child_id AND NOT c.shielded
        WHERE n.outcome = '' AND s.lifted_at IS NULL AND (desk = '' OR s.authority = desk) GROUP BY s.id
        UNION ALL
        SELECT s.id, 'breach', b.opened_at, b.decide_by
        FROM breach_question b JOIN shield s ON s.id = b.shield_id
        WHERE b.outcome = '' AND s.lifted_at IS NULL AND (desk = '' OR s.authority = desk)
        UNION ALL
        SELECT s.id, 'attempt', min(t.found_at), NULL
        FROM kept_attempt t JOIN shield s ON s.id = t.shield_id
        WHERE t.outcome = '' AND s.lifted_at IS NULL AND (desk = '' OR s.authority = desk) GROUP BY s.id
        UNION ALL
        -- Who saw two children as one: the teams that part records decide it (mixed.sql), and desks see that it is due.
        SELECT NULL, 'mixed', q.opened_at, q.decide_by
        FROM mixed_question q JOIN identity_change c ON c.id = q.change_id
        WHERE q.outcome = '' AND c.kept_id <> ALL (kept) AND c.other_id <> ALL (kept)
          AND (desk = '' OR is_in_area(c.kept_id, desk) OR is_in_area(c.other_id, desk) OR EXISTS (
            SELECT FROM shield s WHERE s.child_id IN (c.kept_id, c.other_id) AND s.lifted_at IS NULL AND s.authority = desk))) w
      LEFT JOIN shield x ON x.id = w.id WHERE x.id IS NULL OR x.child_id <> ALL (kept)) t
    WHERE t.place <= how_many ORDER BY t.kind, t.place;
END $$;

-- One shield of a desk, kept still until the transaction ends, and its steps.
DROP FUNCTION IF EXISTS shield_at_desk(uuid, bigint);
CREATE OR REPLACE FUNCTION shield_at_desk(seeing uuid, which bigint)
RETURNS TABLE (child text, ground text, state text, authority text, placed_at timestamptz, placed_by text, confirm_by timestamptz,
  review_by date, lift_at timestamptz, lift_asked_by uuid, kept_from uuid, kept_from_name text, kept_from_where text,
  paired boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['opened_shield', 'decided_near_shield', 'listed_looks', 'decided_breach', 'listed_attempts', 'decided_attempts']);
BEGIN
  RETURN QUERY
    SELECT s.child_id::text, s.ground::text, s.state::text, s.authority::text, s.placed_at, s.placed_by::text, s.confirm_by,
      s.review_by, s.lift_at, (SELECT p.by_id FROM shield_step p WHERE p.shield_id = s.id AND p.what = 'lift_asked'
        ORDER BY p.id DESC LIMIT 1), a.id, a.name::text, (
        SELECT string_agg(DISTINCT o.name, ', ') FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.account_id = a.id AND m.ended_at IS NULL), desk <> '' AND s.authority <> desk
    FROM shield s LEFT JOIN account a ON a.id = s.kept_from_id
    WHERE s.id = which AND (desk = '' OR s.authority = desk OR is_second_desk(s.authority, desk))
      AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) FOR UPDATE OF s;
END $$;
CREATE OR REPLACE FUNCTION shield_steps(seeing uuid, which bigint)
RETURNS TABLE (what text, at timestamptz, by_name text, made_for text, answers text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['opened_shield']);
BEGIN
  RETURN QUERY
    SELECT p.what::text, p.at, a.name::text, o.name::text, p.answers::text
    FROM shield s JOIN shield_step p ON p.shield_id = s.id LEFT JOIN account a ON a.id = p.by_id
    LEFT JOIN organisation o ON o.code = p.made_for_id
    WHERE s.id = which AND (desk = '' OR s.authority = desk OR is_second_desk(s.authority, desk))
      AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) ORDER BY p.id;
END $$;

-- Takes a step that a person takes, at their own desk; returns the state it came to, nothing where it waits elsewhere.
CREATE OR REPLACE FUNCTION take_shield_step(seeing uuid, which bigint, step text, coded jsonb, look_again date, lifts_at timestamptz)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY[CASE step WHEN 'confirmed' THEN 'confirmed_shield' WHEN 'extended' THEN 'extended_shield'
    WHEN 'lift_asked' THEN 'asked_lifting' WHEN 'lift_agreed' THEN 'agreed_lifting' WHEN 'lift_stopped' THEN 'stopped_lifting' END]);
  who record; came_to text;
BEGIN
  PERFORM FROM shield s WHERE s.id = which AND (desk = '' OR s.authority = desk
      OR (is_second_desk(s.authority, desk) AND step IN ('confirmed', 'extended', 'lift_agreed', 'lift_stopped')))
    AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
    AND s.child_id = ANY ((SELECT w.subjects FROM written_down(seeing) w)::text[]) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO who FROM written_down(seeing);
  INSERT INTO shield_step (shield_id, what, was, becomes, by_id, made_for_id, at, answers, review_by, lift_at)
    VALUES (which, step, '', '', who.account, who.organisation, who.at, coded, look_again, lifts_at)
    RETURNING becomes INTO came_to;
  RETURN came_to;
END $$;

-- Unshielded children who share what a shield hides, as the worker found them; with what the desk said.
CREATE OR REPLACE FUNCTION near_children(seeing uuid, which bigint)
RETURNS TABLE (near bigint, child text, shares text, found_at timestamptz, outcome text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['opened_shield']);
BEGIN
  RETURN QUERY
    SELECT n.id, n.child_id::text, n.shares::text, n.found_at, n.outcome::text
    FROM near_child n JOIN shield s ON s.id = n.shield_id JOIN child c ON c.number = n.child_id
    WHERE s.id = which AND NOT c.shielded AND (desk = '' OR s.authority = desk)
      AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
      AND n.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) ORDER BY n.id;
END $$;
CREATE OR REPLACE FUNCTION decide_near(seeing uuid, which bigint, said text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['decided_near_shield']); who record; whom text;
BEGIN
  SELECT * INTO who FROM written_down(seeing);
  UPDATE near_child n SET outcome = said, decided_by_id = who.account, decided_at = who.at FROM shield s
    WHERE n.id = which AND n.outcome = '' AND s.id = n.shield_id AND (desk = '' OR s.authority = desk)
      AND NOT is_kept_from(n.child_id, who.account) AND NOT is_kept_from(s.child_id, who.account)
    RETURNING n.child_id INTO whom;
  RETURN whom;
END $$;

-- Who saw this child's record in the year before its shield was placed, and who overrode it since, newest first; where it is
-- kept from one person, what that person saw. Where anybody did, the 72 hours begin in which the desk decides whether that is a breach to report (R55).
CREATE OR REPLACE FUNCTION looks_before(seeing uuid, which bigint)
RETURNS TABLE (event_body bytea, name text, job_title text, organisation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_looks']); it shield; who record;
BEGIN
  SELECT * INTO it FROM shield s WHERE s.id = which AND (desk = '' OR s.authority = desk)
    AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]);
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT b.body, a.name::text, a.job_title::text, o.name::text
    FROM audit_body b JOIN account a ON a.id = b.account LEFT JOIN organisation o ON o.code = b.organisation
    WHERE b.subjects @> ARRAY[it.child_id]::varchar[] AND b.outcome = 'allowed'
      AND (it.kept_from_id IS NULL OR b.account = it.kept_from_id)
      AND ((b.action IN ('searched', 'opened_record', 'printed_record', 'read_history', 'listed_correctable', 'opened_own_child',
            'opened_case')
          AND b.occurred_at < it.placed_at AND b.occurred_at > it.placed_at - interval '1 year')
        OR (b.action = 'overrode_shield' AND b.occurred_at >= it.placed_at))
    ORDER BY b.occurred_at DESC, b.event_id LIMIT 500;
  IF FOUND THEN
    SELECT * INTO who FROM written_down(seeing);
    INSERT INTO breach_question (shield_id, opened_by_id, opened_at, decide_by)
      VALUES (which, who.account, who.at, who.at + interval '72 hours') ON CONFLICT (shield_id) DO NOTHING;
  END IF;
END $$;
-- The values of those looks: for whoever has just been written down as listing them.
CREATE OR REPLACE FUNCTION shield_listed(seeing uuid, which bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_looks']); about text;
BEGIN
  SELECT s.child_id INTO about FROM shield s CROSS JOIN written_down(seeing) w
    WHERE s.id = which AND (desk = '' OR s.authority = desk) AND NOT is_kept_from(s.child_id, w.account);
  RETURN about;
END $$;
REVOKE ALL ON FUNCTION shield_listed(uuid, bigint) FROM PUBLIC;
CREATE OR REPLACE FUNCTION versions_looked_at(seeing uuid, which bigint)
RETURNS TABLE (record bigint, source_id varchar, source_name varchar, contract varchar, authority varchar, local_id varchar,
  as_at date, recorded_at timestamptz, facts text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM shield_listed(seeing, which) AS about CROSS JOIN LATERAL versions_linked(about) v
$$;
DROP FUNCTION IF EXISTS services_looked_at(uuid, bigint);
CREATE OR REPLACE FUNCTION services_looked_at(seeing uuid, which bigint)
RETURNS TABLE (involvement bigint, service text, organisation text, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.* FROM shield_listed(seeing, which) AS about CROSS JOIN LATERAL services_linked(about) v
$$;
CREATE OR REPLACE FUNCTION breach_question_of(seeing uuid, which bigint)
RETURNS TABLE (decide_by timestamptz, outcome text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_looks']);
BEGIN
  RETURN QUERY
    SELECT b.decide_by, b.outcome::text FROM breach_question b JOIN shield s ON s.id = b.shield_id
    WHERE s.id = which AND (desk = '' OR s.authority = desk)
      AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]);
END $$;
CREATE OR REPLACE FUNCTION decide_breach(seeing uuid, which bigint, said text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['decided_breach']); who record;
BEGIN
  SELECT * INTO who FROM written_down(seeing);
  UPDATE breach_question b SET outcome = said, decided_by_id = who.account, decided_at = who.at FROM shield s
    WHERE b.shield_id = which AND b.outcome = '' AND said <> '' AND s.id = b.shield_id AND (desk = '' OR s.authority = desk)
      AND NOT is_kept_from(s.child_id, who.account);
  RETURN FOUND;
END $$;

-- Keeps a child from one named person at once (ADR 19), at the desk that the child or its shield belongs to; the shield's
-- number, NULL where the desk has no such child, or it would be whoever asks. It begins as any shield does.
CREATE OR REPLACE FUNCTION keep_from(seeing uuid, about text, whom uuid, why text, confirmed_by timestamptz, look_again date)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['kept_from']); who record; home text; made bigint;
BEGIN
  SELECT * INTO who FROM written_down(seeing) w WHERE w.subjects = ARRAY[about];
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another child has been written down' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM child_for(about, who.account) c WHERE c.number = about;
  IF NOT FOUND OR whom = who.account THEN
    RETURN NULL;
  END IF;
  SELECT coalesce((SELECT s.authority FROM shield s WHERE s.child_id = about AND s.lifted_at IS NULL AND s.kept_from_id IS NULL),
    responsible_now(about)) INTO home;
  IF desk <> '' AND desk <> home THEN
    RETURN NULL;
  END IF;
  PERFORM check_not_too_many(who.account, who.organisation, who.at);
  INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, kept_from_id)
    VALUES (about, why, who.at, who.account::text, look_again, home, confirmed_by, whom)
    ON CONFLICT DO NOTHING RETURNING id INTO made;
  RETURN made;
END $$;

-- What the person did to find the child since, newest first, as the worker found it in the audit; and what the desk said.
CREATE OR REPLACE FUNCTION attempts_of(seeing uuid, which bigint)
RETURNS TABLE (event_body bytea, how text, at timestamptz, organisation text, outcome text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := shield_desk_of(seeing, ARRAY['listed_attempts']);
BEGIN
  RETURN QUERY
    SELECT b.body, t.how::text, t.at, o.name::text, t.outcome::text
    FROM kept_attempt t JOIN shield s ON s.id = t.shield_id LEFT JOIN audit_body b ON b.event_id = t.event
    LEFT JOIN organisation o ON o.code = b.organisation
    WHERE s.id = which AND (desk = '' OR s.authority = desk)
      AND s.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]) ORDER BY t.at DESC, t.id LIMIT 500;
END $$;
CREATE OR REPLACE FUNCTION decide_attempts(seeing uuid, which bigint, said text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := shield_desk_of(seeing, ARRAY['decided_attempts']); who record; decided integer;
BEGIN
  SELECT * INTO who FROM written_down(seeing);
  UPDATE kept_attempt t SET outcome = said, decided_by_id = who.account, decided_at = who.at FROM shield s
    WHERE t.shield_id = which AND t.outcome = '' AND said <> '' AND s.id = which AND (desk = '' OR s.authority = desk)
      AND NOT is_kept_from(s.child_id, who.account);
  GET DIAGNOSTICS decided = ROW_COUNT;
  RETURN decided;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'keep_from(uuid, text, uuid, text, timestamptz, date)', 'attempts_of(uuid, bigint)', 'decide_attempts(uuid, bigint, text)',
    'versions_looked_at(uuid, bigint)', 'services_looked_at(uuid, bigint)', 'near_children(uuid, bigint)', 'decide_near(uuid, bigint, text)', 'looks_before(uuid, bigint)',
    'breach_question_of(uuid, bigint)', 'decide_breach(uuid, bigint, text)',
    'protect_now(uuid, text, text, timestamptz, date)', 'protected_lately(uuid, timestamptz)', 'shields_to_do(uuid, date, integer)',
    'shield_at_desk(uuid, bigint)', 'shield_steps(uuid, bigint)',
    'take_shield_step(uuid, bigint, text, jsonb, date, timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
