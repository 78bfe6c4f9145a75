-- Whose shield desk is whose second (R31, ADR 14): one of the national team asks, another agrees, and it holds at once. What a desk
-- decides by it is asked anew each time (is_second_desk): it sees nothing where the authority's own has two people.
CREATE OR REPLACE FUNCTION people_at_shield_desk(of_authority text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(DISTINCT m.account_id) FROM membership m
    JOIN organisation o ON o.code = m.organisation_id AND o.kind = 'authority' AND o.authority = of_authority
    JOIN account a ON a.id = m.account_id AND a.is_active AND a.suspended_at IS NULL
  WHERE m.role = 'shield_team' AND m.ended_at IS NULL
$$;
REVOKE ALL ON FUNCTION people_at_shield_desk(text) FROM PUBLIC;

-- As it is called: by the body that is open, where another one of its digits was closed.
CREATE OR REPLACE FUNCTION name_of_authority(digits text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.name::text FROM organisation o WHERE o.kind = 'authority' AND o.authority = digits AND digits <> ''
    ORDER BY o.closed_on NULLS FIRST, o.code LIMIT 1
$$;
REVOKE ALL ON FUNCTION name_of_authority(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION who_pairs(seeing uuid, doing text[]) RETURNS TABLE (account uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT w.account, w.at FROM acting(seeing, doing, ARRAY['national_team']) w WHERE w.organisation = 'contactpoint';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever has been written down is not of the national team' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE ALL ON FUNCTION who_pairs(uuid, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION desks_paired(seeing uuid)
RETURNS TABLE (authority text, name text, people bigint, second text, second_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM who_pairs(seeing, ARRAY['listed_pairings']);
  RETURN QUERY
    SELECT d.authority::text, name_of_authority(d.authority), people_at_shield_desk(d.authority),
      coalesce(p.second_desk, '')::text, coalesce(name_of_authority(p.second_desk), '')
    FROM (SELECT DISTINCT o.authority FROM organisation o WHERE o.kind = 'authority' AND o.authority <> ''
        AND (o.closed_on IS NULL OR EXISTS (SELECT FROM paired_authority x WHERE x.authority = o.authority))) d
    LEFT JOIN paired_authority p ON p.authority = d.authority ORDER BY 2, 1;
END $$;

CREATE OR REPLACE FUNCTION pairings_asked(seeing uuid)
RETURNS TABLE (which bigint, authority text, name text, second text, second_name text, both_ways boolean, asked_by text,
  asked_at timestamptz, because text, mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM who_pairs(seeing, ARRAY['listed_pairings', 'listed_today', 'answered_pairing']);
  RETURN QUERY
    SELECT c.id, c.authority::text, name_of_authority(c.authority), c.second_desk::text,
      coalesce(name_of_authority(c.second_desk), ''), c.both_ways, a.name::text, c.asked_at, c.because::text,
      c.asked_by_id = who.account
    FROM pairing_change c JOIN account a ON a.id = c.asked_by_id WHERE c.state = 'asked' ORDER BY c.id;
END $$;

-- Asks; false where nothing would change, one of the two is no authority, or one about it waits already.
CREATE OR REPLACE FUNCTION ask_pairing(seeing uuid, of_authority text, second text, each_other boolean, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM who_pairs(seeing, ARRAY['asked_pairing']);
  IF of_authority = second OR NOT EXISTS (SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = of_authority)
      OR (second <> '' AND NOT EXISTS (SELECT FROM organisation o WHERE o.kind = 'authority' AND o.authority = second AND o.closed_on IS NULL))
      OR (second = '' AND NOT EXISTS (SELECT FROM paired_authority p WHERE p.authority = of_authority))
      OR (EXISTS (SELECT FROM paired_authority p WHERE p.authority = of_authority AND p.second_desk = second)
        AND (NOT each_other OR EXISTS (SELECT FROM paired_authority p WHERE p.authority = second AND p.second_desk = of_authority))) THEN
    RETURN false;
  END IF;
  INSERT INTO pairing_change (authority, second_desk, both_ways, because, state, asked_by_id, asked_at)
    VALUES (of_authority, second, each_other AND second <> '', why, 'asked', who.account, who.at) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Agrees or refuses, as a second person, or drops one's own; what is agreed holds from now on.
CREATE OR REPLACE FUNCTION answer_pairing(seeing uuid, which bigint, step text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it pairing_change;
BEGIN
  SELECT * INTO who FROM who_pairs(seeing, ARRAY['answered_pairing']);
  SELECT * INTO it FROM pairing_change c WHERE c.id = which AND c.state = 'asked' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF (it.asked_by_id = who.account) <> (step = 'drop') OR step NOT IN ('agree', 'refuse', 'drop') THEN
    RAISE EXCEPTION 'a second person answers, and nobody else drops it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE pairing_change SET state = CASE step WHEN 'agree' THEN 'agreed' WHEN 'refuse' THEN 'refused' ELSE 'dropped' END,
    answered_by_id = who.account, answered_at = who.at WHERE id = which;
  IF step = 'agree' THEN
    DELETE FROM paired_authority WHERE authority = it.authority OR (it.both_ways AND authority = it.second_desk);
    INSERT INTO paired_authority (authority, second_desk)
      SELECT it.authority, it.second_desk WHERE it.second_desk <> ''
      UNION ALL SELECT it.second_desk, it.authority WHERE it.both_ways;
  END IF;
  RETURN true;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['desks_paired(uuid)', 'pairings_asked(uuid)', 'ask_pairing(uuid, text, text, boolean, text)',
    'answer_pairing(uuid, bigint, text)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
