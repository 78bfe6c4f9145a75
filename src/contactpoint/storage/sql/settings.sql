-- What the national team may set (domain/settings.py, ADR 32). Everybody reads what holds at a moment; proposals and history
-- are told to the national team by an event, and changed through functions alone, which know bounds and directions themselves:
-- whoever runs statements as a page passes no bound, and loosens nothing alone. A test compares the figures with the domain's.
REVOKE ALL ON setting_change, setting_version FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;

CREATE OR REPLACE FUNCTION settings_known()
RETURNS TABLE (key text, starts integer, lowest integer, highest integer, more_is_looser boolean) LANGUAGE sql IMMUTABLE AS $$
  VALUES ('searches_a_minute', 60, 10, 120, true),
    ('searches_a_day.safeguarding', 300, 100, 600, true), ('searches_a_day.coordinating', 300, 100, 600, true),
    ('searches_a_day.missing_education', 300, 100, 600, true), ('searches_a_day.transfer', 200, 50, 400, true),
    ('searches_a_day.correcting', 200, 50, 400, true), ('searches_a_day.shield_decision', 100, 30, 200, true),
    ('searches_a_day.family_asks', 60, 20, 120, true), ('searches_a_day.other', 60, 10, 60, true),
    ('searches_asked_from', 150, 30, 300, true), ('searches_stopped_at', 500, 301, 1000, true),
    ('team_searches_asked_from', 450, 90, 900, true), ('team_searches_stopped_at', 1500, 901, 3000, true),
    ('organisation_searches_asked_from', 10000, 1000, 20000, true),
    ('records_asked_from', 40, 10, 60, true), ('records_stopped_at', 120, 61, 200, true),
    ('team_records_asked_from', 120, 30, 200, true), ('team_records_stopped_at', 400, 201, 600, true),
    ('other_records_asked_from', 15, 5, 20, true), ('other_records_stopped_at', 60, 21, 80, true),
    ('organisation_records_asked_from', 3000, 300, 6000, true), ('review_sampled_one_in', 100, 5, 200, true),
    ('match_by_two', 0, 0, 1, false), ('involvement_asked_every_days', 90, 30, 120, true), ('shield_confirmed_within_hours', 24, 1, 48, true),
    ('shield_lift_waits_days', 7, 3, 28, false), ('urgent_contact_minutes', 30, 10, 60, true),
    ('reason_offered.coordinating', 1, 0, 1, true), ('reason_offered.missing_education', 1, 0, 1, true),
    ('reason_offered.transfer', 1, 0, 1, true), ('reason_offered.correcting', 1, 0, 1, true)
$$;

-- Those of which the words are set; what they are as shipped is the domain's.
CREATE OR REPLACE FUNCTION settings_worded() RETURNS TABLE (key text) LANGUAGE sql IMMUTABLE AS $$
  VALUES ('reason_words.safeguarding'), ('reason_words.coordinating'), ('reason_words.missing_education'), ('reason_words.transfer'),
    ('reason_words.correcting'), ('reason_words.shield_decision'), ('reason_words.family_asks'), ('reason_words.other')
$$;

-- What holds at a moment: of each setting that was ever set the newest version that began by then.
DROP FUNCTION IF EXISTS settings_then(timestamptz);
CREATE OR REPLACE FUNCTION settings_then(moment timestamptz) RETURNS TABLE (key text, value integer, words text, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT ON (v.key) v.key::text, v.value, v.words::text, max(v.id) OVER () FROM setting_version v WHERE v.from_when <= moment
  ORDER BY v.key, v.from_when DESC, v.id DESC
$$;
REVOKE ALL ON FUNCTION settings_then(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settings_then(timestamptz) TO contactpoint_web, contactpoint_worker;

-- Versions stay, and none holds before it could be read: a moment that was read once is read the same for ever (ADR 32).
CREATE OR REPLACE TRIGGER setting_version_append_only BEFORE UPDATE OR DELETE ON setting_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER setting_version_no_truncate BEFORE TRUNCATE ON setting_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE FUNCTION check_setting_is_announced() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.from_when < clock_timestamp() + interval '5 seconds' THEN
    RAISE EXCEPTION 'a setting is announced before it holds' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'setting_version_announced') THEN
    CREATE CONSTRAINT TRIGGER setting_version_announced AFTER INSERT ON setting_version DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION check_setting_is_announced();
  END IF;
END $$;

CREATE OR REPLACE FUNCTION keep_setting_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'asked' OR (OLD.key, OLD.value, OLD.words, OLD.because, OLD.asked_by_id, OLD.asked_at)
      IS DISTINCT FROM (NEW.key, NEW.value, NEW.words, NEW.because, NEW.asked_by_id, NEW.asked_at) THEN
    RAISE EXCEPTION 'what was said of a setting stays' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_setting_change BEFORE UPDATE OR DELETE ON setting_change
  FOR EACH ROW EXECUTE FUNCTION keep_setting_change();
CREATE OR REPLACE TRIGGER keep_setting_changes BEFORE TRUNCATE ON setting_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION check_sets_settings(who uuid) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM membership m JOIN account a ON a.id = m.account_id AND a.is_active AND a.suspended_at IS NULL
      WHERE m.account_id = who AND m.role = 'national_team' AND m.ended_at IS NULL) THEN
    RAISE EXCEPTION 'somebody of the national team sets it' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Keeps a version: from the minute after the next on, by the clock of whoever sets it, so that everybody can read it before.
DROP FUNCTION IF EXISTS keep_setting_version(text, integer, text, boolean, uuid, uuid);
DROP FUNCTION IF EXISTS keep_setting_version(text, integer, text, text, boolean, uuid, uuid);
CREATE OR REPLACE FUNCTION keep_setting_version(what text, becomes integer, said text, why text, loosening boolean, who uuid, second uuid,
  at_time timestamptz)
RETURNS timestamptz LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE begins timestamptz := date_trunc('minute', at_time) + interval '2 minutes';
BEGIN
  INSERT INTO setting_version (key, value, words, from_when, because, loosens, by_id, agreed_by_id)
    VALUES (what, becomes, said, begins, why, loosening, who, second);
  RETURN begins;
END $$;

-- Whether it protects less than what holds, or holds soon; an error where it is out of bounds. Words always take two people.
DROP FUNCTION IF EXISTS setting_loosens(text, integer);
CREATE OR REPLACE FUNCTION setting_loosens(what text, becomes integer, said text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE known record; holds integer;
BEGIN
  IF EXISTS (SELECT FROM settings_worded() w WHERE w.key = what) AND becomes = 0 AND said = btrim(said)
      AND length(said) BETWEEN 5 AND 80 THEN
    RETURN CASE WHEN NOT EXISTS (SELECT FROM settings_then('infinity') t WHERE t.key = what AND t.words = said) THEN true END;
  END IF;
  SELECT * INTO known FROM settings_known() k WHERE k.key = what AND becomes BETWEEN k.lowest AND k.highest AND said = '';
  IF known IS NULL THEN
    RAISE EXCEPTION 'no setting goes there' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT t.value INTO holds FROM settings_then('infinity') t WHERE t.key = what;
  holds := least(greatest(coalesce(holds, known.starts), known.lowest), known.highest);
  RETURN CASE WHEN holds = becomes THEN NULL ELSE (becomes > holds) = known.more_is_looser END;
END $$;

-- Sets what is stricter at once, asks a second person for what is looser; says which, or that one waits, or nothing changes.
DROP FUNCTION IF EXISTS set_setting_as(uuid, timestamptz, text, integer, text);
CREATE OR REPLACE FUNCTION set_setting_as(who uuid, at_time timestamptz, what text, becomes integer, said text, why text)
RETURNS TABLE (state text, from_when timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE loosening boolean;
BEGIN
  PERFORM check_sets_settings(who);
  LOCK TABLE setting_change, setting_version IN SHARE ROW EXCLUSIVE MODE;
  loosening := setting_loosens(what, becomes, said);
  IF EXISTS (SELECT FROM setting_change c WHERE c.key = what AND c.state = 'asked')
      OR EXISTS (SELECT FROM setting_version v WHERE v.key = what AND v.from_when > at_time) THEN
    RETURN QUERY SELECT 'waits', NULL::timestamptz;
  ELSIF loosening IS NULL THEN
    RETURN QUERY SELECT 'same', NULL::timestamptz;
  ELSIF loosening THEN
    INSERT INTO setting_change (key, value, words, because, asked_by_id, asked_at, state)
      VALUES (what, becomes, said, why, who, at_time, 'asked');
    RETURN QUERY SELECT 'asked', NULL::timestamptz;
  ELSE
    RETURN QUERY SELECT 'set', keep_setting_version(what, becomes, said, why, false, who, NULL, at_time);
  END IF;
END $$;

-- Answers what waits: a second person agrees or refuses, whoever asked takes it back. Nothing where it is not theirs to say.
CREATE OR REPLACE FUNCTION answer_setting_as(who uuid, at_time timestamptz, which bigint, agrees boolean)
RETURNS TABLE (key text, state text, from_when timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE asked setting_change; becomes text; begins timestamptz;
BEGIN
  PERFORM check_sets_settings(who);
  SELECT * INTO asked FROM setting_change c WHERE c.id = which AND c.state = 'asked' FOR UPDATE;
  IF asked IS NULL OR (agrees AND asked.asked_by_id = who) THEN
    RETURN;
  END IF;
  becomes := CASE WHEN agrees THEN 'agreed' WHEN asked.asked_by_id = who THEN 'taken_back' ELSE 'refused' END;
  UPDATE setting_change SET state = becomes, answered_by_id = who, answered_at = at_time WHERE id = which;
  IF agrees THEN
    LOCK TABLE setting_version IN SHARE ROW EXCLUSIVE MODE;
    begins := keep_setting_version(asked.key, asked.value, asked.words, asked.because,
      coalesce(setting_loosens(asked.key, asked.value, asked.words), false), asked.asked_by_id, who, at_time);
  END IF;
  RETURN QUERY SELECT asked.key::text, becomes, begins;
END $$;

DROP FUNCTION IF EXISTS setting_versions_kept();
CREATE OR REPLACE FUNCTION setting_versions_kept()
RETURNS TABLE (id bigint, key text, value integer, words text, from_when timestamptz, because text, by text, agreed_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.id, v.key::text, v.value, v.words::text, v.from_when, v.because::text, a.name::text, coalesce(s.name, '')::text
  FROM setting_version v JOIN account a ON a.id = v.by_id LEFT JOIN account s ON s.id = v.agreed_by_id ORDER BY v.id DESC
$$;
DROP FUNCTION IF EXISTS setting_changes_waiting();
CREATE OR REPLACE FUNCTION setting_changes_waiting()
RETURNS TABLE (id bigint, key text, value integer, words text, because text, asked_by uuid, name text, asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.key::text, c.value, c.words::text, c.because::text, c.asked_by_id, a.name::text, c.asked_at
  FROM setting_change c JOIN account a ON a.id = c.asked_by_id WHERE c.state = 'asked' ORDER BY c.id
$$;
REVOKE ALL ON FUNCTION check_sets_settings(uuid), keep_setting_version(text, integer, text, text, boolean, uuid, uuid, timestamptz), setting_loosens(text, integer, text),
  set_setting_as(uuid, timestamptz, text, integer, text, text), answer_setting_as(uuid, timestamptz, bigint, boolean), setting_versions_kept(),
  setting_changes_waiting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_setting_as(uuid, timestamptz, text, integer, text, text), answer_setting_as(uuid, timestamptz, bigint, boolean),
  setting_versions_kept(), setting_changes_waiting() TO contactpoint_worker;

-- The same for somebody of the national team who is written down, in this transaction, as doing it.
DROP FUNCTION IF EXISTS set_setting(uuid, text, integer, text);
CREATE OR REPLACE FUNCTION set_setting(seeing uuid, what text, becomes integer, said text, why text)
RETURNS TABLE (state text, from_when timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT s.* FROM acting(seeing, ARRAY['proposed_setting'], ARRAY['national_team']) w
    CROSS JOIN LATERAL set_setting_as(w.account, w.at, what, becomes, said, why) s;
END $$;
CREATE OR REPLACE FUNCTION answer_setting(seeing uuid, which bigint, agrees boolean)
RETURNS TABLE (key text, state text, from_when timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT s.* FROM acting(seeing, ARRAY['answered_setting'], ARRAY['national_team']) w
    CROSS JOIN LATERAL answer_setting_as(w.account, w.at, which, agrees) s;
END $$;
DROP FUNCTION IF EXISTS setting_versions(uuid);
CREATE OR REPLACE FUNCTION setting_versions(seeing uuid)
RETURNS TABLE (id bigint, key text, value integer, words text, from_when timestamptz, because text, by text, agreed_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_settings'], ARRAY['national_team']);
  RETURN QUERY SELECT * FROM setting_versions_kept();
END $$;
DROP FUNCTION IF EXISTS setting_changes(uuid);
CREATE OR REPLACE FUNCTION setting_changes(seeing uuid)
RETURNS TABLE (id bigint, key text, value integer, words text, because text, asked_by uuid, name text, asked_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_settings', 'listed_today'], ARRAY['national_team']);
  RETURN QUERY SELECT * FROM setting_changes_waiting();
END $$;
-- How many people did more than a value for one reason, or organisations in all, on the last day of theirs that is counted.
CREATE OR REPLACE FUNCTION setting_reached(seeing uuid, what text, becomes integer) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found bigint; alike text;
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_settings'], ARRAY['national_team']);
  alike := CASE WHEN what LIKE 'searches\_a\_day.%' THEN 'search:%:' || split_part(what, '.', 2)
    WHEN what = 'organisation_records_asked_from' THEN 'open@%' WHEN what LIKE 'other\_records\_%' THEN 'open:%:other' END;
  IF alike IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO found FROM throttle t WHERE t.bucket LIKE alike AND t.used > becomes;
  RETURN found;
END $$;
DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['set_setting(uuid, text, integer, text, text)', 'answer_setting(uuid, bigint, boolean)',
      'setting_versions(uuid)', 'setting_changes(uuid)', 'setting_reached(uuid, text, integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
