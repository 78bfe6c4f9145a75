-- What somebody could see of a child at a moment, asked on a page (R51): reviewers of use and shield staff ask and read
-- through these functions alone, each given the event just written of who looks; the worker answers, because only it reads
-- what stood before.
REVOKE ALL ON replay_request FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT, DELETE ON replay_request TO contactpoint_worker;
GRANT UPDATE (answer, protected, answered_at) ON replay_request TO contactpoint_worker;

-- Whoever this transaction has written down as looking in one of the two roles; nobody else is one.
DROP FUNCTION IF EXISTS replay_asker(uuid);
CREATE OR REPLACE FUNCTION replay_asker(seeing uuid, doing text)
RETURNS TABLE (account uuid, organisation text, role text, authority text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.account, w.organisation, w.role, CASE WHEN w.role = 'audit_reviewer'
      THEN who_reviews_for(w.kind, w.authority, w.organisation) WHEN w.kind = 'national' THEN '' ELSE w.authority END, w.at
    FROM acting(seeing, ARRAY[doing], ARRAY['audit_reviewer', 'shield_team']) w;
END $$;
REVOKE ALL ON FUNCTION replay_asker(uuid, text) FROM PUBLIC;

-- Asks, about somebody of the asker's authority or partner or whose use that reviews, or anybody at a national desk, and never about the
-- asker; of a child that is there for the asker: to whom it is kept from, there is none.
CREATE OR REPLACE FUNCTION ask_replay(seeing uuid, about text, whose uuid, at_moment timestamptz, why text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; child varchar;
BEGIN
  SELECT * INTO who FROM replay_asker(seeing, 'asked_replay');
  IF whose = who.account OR NOT (
      EXISTS (SELECT FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.account_id = whose AND (who.authority IN ('', o.authority, 'at:' || o.code)))
      OR EXISTS (SELECT FROM use_item u WHERE u.account_id = whose AND u.reviewed_by = who.authority)) THEN
    RETURN 'nobody';
  END IF;
  SELECT c.number INTO child FROM child_for(about, who.account) c WHERE NOT c.archived;
  IF child IS NULL THEN
    RETURN 'no_child';
  END IF;
  INSERT INTO replay_request (child_id, account_id, moment, because, asked_by_id, organisation_id, role, asked_at)
    VALUES (child, whose, at_moment, why, who.account, who.organisation, who.role, who.at);
  RETURN 'asked';
END $$;

-- The asker's own, newest first. Of a child that is protected now, or was at that moment, nothing but that; to shield staff
-- of the desk that has it, what was answered (R34). What is archived or kept from the asker since is not there.
CREATE OR REPLACE FUNCTION replays_asked(seeing uuid)
RETURNS TABLE (name text, child text, moment timestamptz, because text, asked_at timestamptz, closed boolean, answer text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM replay_asker(seeing, 'replayed');
  RETURN QUERY SELECT a.name::text, c.number::text, r.moment, r.because::text, r.asked_at, hid.it,
    CASE WHEN NOT hid.it THEN r.answer::text END
  FROM replay_asker(seeing, 'replayed') w JOIN replay_request r ON r.asked_by_id = w.account AND r.organisation_id = w.organisation
    AND r.role = w.role
  JOIN account a ON a.id = r.account_id
  CROSS JOIN LATERAL child_for(r.child_id, w.account) c
  CROSS JOIN LATERAL (SELECT (c.shielded OR r.protected) AND NOT (w.role = 'shield_team' AND (w.authority = '' OR EXISTS (
    SELECT FROM shield s WHERE s.child_id = c.number AND s.kept_from_id IS NULL AND s.authority = w.authority))) AS it) hid
  WHERE NOT c.archived
  ORDER BY r.id DESC LIMIT 20;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['ask_replay(uuid, text, uuid, timestamptz, text)', 'replays_asked(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
