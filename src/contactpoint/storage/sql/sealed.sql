-- Sealed identities (R35, ADR 53). Two people of the national shield desk type a pair, and the worker, which alone has the key of
-- pairs, compares and records it. Two named people cross: one asks, the other agrees, the worker looks it up, and the first sees
-- it once. No function tells whose a pair is but see_crossing, and that the other number alone.

-- Whoever this transaction has written down as doing one of these things at the national shield desk.
CREATE OR REPLACE FUNCTION at_national_shield_desk(seeing uuid, doing text[]) RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT w.account, w.at FROM acting(seeing, doing, ARRAY['shield_team']) w WHERE w.organisation = 'contactpoint';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national shield desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
-- The same of the national team, which names who may cross and does not cross.
CREATE OR REPLACE FUNCTION who_names_crossers(seeing uuid, doing text[]) RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT w.account, w.at FROM acting(seeing, doing, ARRAY['national_team']) w WHERE w.organisation = 'contactpoint';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national team' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
CREATE OR REPLACE FUNCTION works_at_national_shield_desk(whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM membership m JOIN account a ON a.id = m.account_id AND a.is_active AND a.suspended_at IS NULL
    WHERE m.account_id = whose AND m.organisation_id = 'contactpoint' AND m.role = 'shield_team' AND m.ended_at IS NULL)
$$;
-- Whether somebody is one of the two now.
CREATE OR REPLACE FUNCTION may_cross(whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT works_at_national_shield_desk(whose) AND EXISTS (SELECT FROM crosser c
    WHERE c.account_id = whose AND c.agreed_at IS NOT NULL AND c.ended_at IS NULL AND c.until >= today_here())
$$;
CREATE OR REPLACE FUNCTION may_another_cross(whose uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM crosser c WHERE c.account_id <> whose AND may_cross(c.account_id))
$$;
REVOKE ALL ON FUNCTION at_national_shield_desk(uuid, text[]), who_names_crossers(uuid, text[]),
  works_at_national_shield_desk(uuid), may_cross(uuid), may_another_cross(uuid) FROM PUBLIC;

-- Pairs that wait for a second person; and what became of their own, to the two who typed them. Whose they are, nobody is told.
CREATE OR REPLACE FUNCTION pairs_proposed(seeing uuid)
RETURNS TABLE (which bigint, first uuid, first_name text, ground text, asked_at timestamptz, second uuid, outcome text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['listed_sealed', 'typed_pair_again', 'dropped_pair', 'listed_today']);
  RETURN QUERY
    SELECT p.id, a.id, a.name::text, p.ground::text, p.asked_at, p.second_by_id, p.outcome::text
    FROM pair_proposal p JOIN account a ON a.id = p.first_by_id
    WHERE (p.outcome = '' AND p.second_by_id IS NULL) OR who.account IN (p.first_by_id, p.second_by_id) ORDER BY p.id;
END $$;

CREATE OR REPLACE FUNCTION type_pair(seeing uuid, both_numbers text, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['typed_pair']);
  INSERT INTO pair_proposal (typed, ground, first_by_id, asked_at) VALUES (both_numbers, why, who.account, who.at);
  RETURN true;
END $$;

-- The second person types both numbers as well; the table refuses the first.
CREATE OR REPLACE FUNCTION type_pair_again(seeing uuid, which bigint, both_numbers text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['typed_pair_again']);
  UPDATE pair_proposal p SET typed_again = both_numbers, second_by_id = who.account
    WHERE p.id = which AND p.outcome = '' AND p.second_by_id IS NULL;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION drop_pair(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['dropped_pair']);
  UPDATE pair_proposal p SET outcome = 'dropped', ended_at = who.at, typed = '', typed_again = ''
    WHERE p.id = which AND p.outcome = '' AND p.second_by_id IS NULL;
  RETURN FOUND;
END $$;

-- Who is named, to the national team and the national shield desk.
CREATE OR REPLACE FUNCTION crossers_named(seeing uuid)
RETURNS TABLE (which bigint, account uuid, name text, first text, first_account uuid, second text, until date, works_there boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM acting(seeing, ARRAY['listed_crossers', 'agreed_crosser', 'ended_crosser', 'listed_sealed', 'listed_today'],
    ARRAY['national_team', 'shield_team']) w WHERE w.organisation = 'contactpoint';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national desk' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    SELECT c.id, a.id, a.name::text, f.name::text, f.id, s.name::text, c.until, works_at_national_shield_desk(a.id)
    FROM crosser c JOIN account a ON a.id = c.account_id JOIN account f ON f.id = c.named_by_id
    LEFT JOIN account s ON s.id = c.agreed_by_id
    WHERE c.ended_at IS NULL AND c.until >= today_here() ORDER BY c.place;
END $$;

-- Names somebody, which counts once a second person has agreed; NULL where nobody of that address could be, or both places are
-- taken. A place of whom nobody may let cross any more, because the last day is over, is free.
CREATE OR REPLACE FUNCTION name_crosser(seeing uuid, address text, last_day date) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; taker uuid; free smallint;
BEGIN
  SELECT * INTO who FROM who_names_crossers(seeing, ARRAY['named_crosser']);
  LOCK TABLE crosser IN SHARE ROW EXCLUSIVE MODE;
  UPDATE crosser SET ended_at = who.at WHERE ended_at IS NULL AND until < today_here();
  SELECT a.id INTO taker FROM account a
    WHERE a.email = lower(address) AND a.id <> who.account AND works_at_national_shield_desk(a.id);
  SELECT min(p.place) INTO free FROM (VALUES (1), (2)) AS p (place)
    WHERE NOT EXISTS (SELECT FROM crosser c WHERE c.place = p.place AND c.ended_at IS NULL);
  IF taker IS NULL OR free IS NULL OR last_day < today_here() OR last_day > today_here() + 366
      OR EXISTS (SELECT FROM crosser c WHERE c.account_id = taker AND c.ended_at IS NULL) THEN
    RETURN NULL;
  END IF;
  INSERT INTO crosser (account_id, place, until, named_by_id, named_at) VALUES (taker, free, last_day, who.account, who.at);
  RETURN taker;
END $$;

CREATE OR REPLACE FUNCTION agree_crosser(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM who_names_crossers(seeing, ARRAY['agreed_crosser']);
  UPDATE crosser c SET agreed_by_id = who.account, agreed_at = who.at
    WHERE c.id = which AND c.agreed_at IS NULL AND c.ended_at IS NULL;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION end_crosser(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM who_names_crossers(seeing, ARRAY['ended_crosser']);
  UPDATE crosser c SET ended_at = who.at WHERE c.id = which AND c.ended_at IS NULL;
  RETURN FOUND;
END $$;

-- Whether whoever looks is one of the two, and whether another is.
CREATE OR REPLACE FUNCTION crossing_rights(seeing uuid) RETURNS TABLE (named boolean, with_another boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['listed_sealed']);
  RETURN QUERY SELECT may_cross(who.account), may_another_cross(who.account);
END $$;

-- The crossings that are not over, and those of the last day, to the two alone; nothing to anybody else of the desk.
CREATE OR REPLACE FUNCTION crossings(seeing uuid)
RETURNS TABLE (which bigint, asker uuid, asker_name text, reason text, asked_at timestamptz, agreed_by text, agreed_at timestamptz,
  answered_at timestamptz, ended_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['listed_sealed', 'listed_today']);
  IF NOT may_cross(who.account) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT c.id, a.id, a.name::text, c.reason::text, c.asked_at, b.name::text, c.agreed_at, c.answered_at, c.ended_at
    FROM crossing c JOIN account a ON a.id = c.asked_by_id LEFT JOIN account b ON b.id = c.agreed_by_id
    WHERE c.ended_at IS NULL OR c.ended_at > who.at - interval '1 day' ORDER BY c.id DESC;
END $$;

-- Asks; false where whoever asks has one open still.
CREATE OR REPLACE FUNCTION ask_crossing(seeing uuid, from_number text, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['asked_crossing']);
  IF NOT may_cross(who.account) OR NOT may_another_cross(who.account) THEN
    RAISE EXCEPTION 'nobody crosses but the two who are named' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO crossing (number, reason, asked_by_id, asked_at) VALUES (from_number, why, who.account, who.at)
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Agrees, as the other of the two, while the first is there: within a quarter of an hour (AGREED_WITHIN).
CREATE OR REPLACE FUNCTION agree_crossing(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['agreed_crossing']);
  IF NOT may_cross(who.account) THEN
    RAISE EXCEPTION 'nobody crosses but the two who are named' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE crossing c SET agreed_by_id = who.account, agreed_at = who.at
    WHERE c.id = which AND c.ended_at IS NULL AND c.agreed_at IS NULL AND c.asked_at > who.at - interval '15 minutes'
      AND may_cross(c.asked_by_id);
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION end_crossing(seeing uuid, which bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['ended_crossing']);
  UPDATE crossing c SET ended_at = who.at, number = '', answer = ''
    WHERE c.id = which AND c.ended_at IS NULL AND may_cross(who.account);
  RETURN FOUND;
END $$;

-- What was looked up, encrypted, to whoever asked, once: within a quarter of an hour of the other's word (SEEN_WITHIN), while both
-- are still named.
CREATE OR REPLACE FUNCTION see_crossing(seeing uuid, which bigint) RETURNS TABLE (asked_at timestamptz, answer text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record; kept record;
BEGIN
  SELECT * INTO who FROM at_national_shield_desk(seeing, ARRAY['crossed_identity']);
  SELECT c.asked_at, c.answer INTO kept FROM crossing c
    WHERE c.id = which AND c.asked_by_id = who.account AND c.answered_at IS NOT NULL AND c.ended_at IS NULL
      AND c.agreed_at > who.at - interval '15 minutes' AND may_cross(who.account) AND may_cross(c.agreed_by_id) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE crossing SET seen_at = who.at, ended_at = who.at, answer = '' WHERE id = which;
  asked_at := kept.asked_at;
  answer := kept.answer;
  RETURN NEXT;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'pairs_proposed(uuid)', 'type_pair(uuid, text, text)', 'type_pair_again(uuid, bigint, text)', 'drop_pair(uuid, bigint)',
    'crossers_named(uuid)', 'name_crosser(uuid, text, date)', 'agree_crosser(uuid, bigint)', 'end_crosser(uuid, bigint)',
    'crossing_rights(uuid)', 'crossings(uuid)', 'ask_crossing(uuid, text, text)', 'agree_crossing(uuid, bigint)',
    'end_crossing(uuid, bigint)', 'see_crossing(uuid, bigint)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
