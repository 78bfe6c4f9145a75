-- Corrections of what a person said of their own work (R25, R44, R61; ADR 52). No feed brought it, so whose word it is are asked,
-- else their colleagues, else the team that answers for the child: the same table as those that go to a feed, asked of others.
-- Nothing of a sealed record or involvement is asked here, nor of a service that may not be shown now.

-- Whether somebody may act for an organisation on a day, as far as its dates and theirs say (domain/standing.py; a test compares).
CREATE OR REPLACE FUNCTION may_still_act(whose uuid, at_organisation text, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM account a JOIN membership m ON m.account_id = a.id JOIN organisation o ON o.code = m.organisation_id
    WHERE a.id = whose AND o.code = at_organisation AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
      AND a.is_active AND a.suspended_at IS NULL AND o.accredited_until >= on_day AND a.trained_until >= on_day
      AND greatest(a.checked_on + interval '3 years', a.checked_on - 1 + interval '3 years' + interval '1 day')::date > on_day
      AND greatest(a.agreement_signed_on + interval '3 years', a.agreement_signed_on - 1 + interval '3 years' + interval '1 day')::date > on_day
      AND coalesce(a.renew_by, on_day) >= on_day
      AND coalesce((a.last_seen_at AT TIME ZONE 'Europe/London')::date, on_day) >= on_day - 90)
$$;

-- Whether somebody answers there for a colleague: who provides that service there; the manager of whose word it is as well,
-- but for a sensitive service.
CREATE OR REPLACE FUNCTION answers_for_colleague(whose uuid, it involvement) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT whose <> it.typed_by_id AND EXISTS (SELECT FROM membership m WHERE m.account_id = whose AND m.organisation_id = it.organisation_id
    AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team')
    AND (m.services @> to_jsonb(it.service::text) OR NOT is_sensitive(it.service)
      AND EXISTS (SELECT FROM account a WHERE a.id = it.typed_by_id AND a.manager_id = whose)))
$$;

-- Who is asked first about a word: as who_is_asked in domain/disclosure/answering.py, without those to whom what is late goes as
-- well; a test compares them. Whoever asked answers nothing for a colleague.
CREATE OR REPLACE FUNCTION word_waits_with(it involvement, passed text, asker uuid, on_day date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE
    WHEN passed = '' AND may_still_act(it.typed_by_id, it.organisation_id, on_day) THEN 'author'
    WHEN is_discreet(it.organisation_id) THEN 'colleague'
    WHEN passed <> 'team' AND EXISTS (SELECT FROM membership m WHERE m.organisation_id = it.organisation_id AND m.account_id <> asker
      AND answers_for_colleague(m.account_id, it) AND may_still_act(m.account_id, it.organisation_id, on_day)) THEN 'colleague'
    ELSE 'team' END
$$;
REVOKE ALL ON FUNCTION may_still_act(uuid, text, date), answers_for_colleague(uuid, involvement),
  word_waits_with(involvement, text, uuid, date) FROM PUBLIC;

-- What whoever has been written down is asked, and as whom. Late is what has waited longer than twenty days.
CREATE OR REPLACE FUNCTION words_asked_about(seeing uuid, doing text[])
RETURNS TABLE (asked correction_unsealed, about involvement, asked_as text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; on_day date; kept varchar[] := kept_from_whom_is_written(seeing);
BEGIN
  SELECT * INTO who FROM acting(seeing, doing, ARRAY['practitioner', 'authority_team', 'national_team']);
  on_day := (who.at AT TIME ZONE 'Europe/London')::date;
  RETURN QUERY
    SELECT c, i, mine.asked_as
    FROM correction_unsealed c JOIN involvement i ON i.record_id = c.record_id AND i.typed_by_id IS NOT NULL
    CROSS JOIN LATERAL (SELECT word_waits_with(i, c.passed_to, c.asked_by_id, on_day) AS first,
      (c.asked_at AT TIME ZONE 'Europe/London')::date + 20 < on_day AS late, responsible_now(c.child_id) AS area) AS w
    CROSS JOIN LATERAL (SELECT CASE
      WHEN w.first = 'author' AND i.typed_by_id = who.account AND i.organisation_id = who.organisation THEN 'author'
      WHEN c.asked_by_id = who.account THEN NULL
      WHEN w.first = 'colleague' AND i.organisation_id = who.organisation AND answers_for_colleague(who.account, i) THEN 'colleague'
      WHEN (w.first = 'team' OR w.late) AND NOT is_discreet(i.organisation_id) AND (who.role = 'authority_team' AND who.kind = 'authority'
        AND who.authority <> '' AND who.authority = w.area OR who.role = 'national_team' AND w.area = '') THEN 'team'
      END AS asked_as) AS mine
    WHERE c.contract = 'practitioner' AND c.answer = '' AND mine.asked_as IS NOT NULL AND NOT i.sealed AND i.confirmed_at IS NOT NULL
      AND consent_shows(i) AND c.child_id <> ALL (kept)
    ORDER BY c.id;
END $$;
REVOKE ALL ON FUNCTION words_asked_about(uuid, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION word_corrections(seeing uuid) RETURNS TABLE (asked correction_unsealed, asked_as text, discreet boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.asked, w.asked_as, is_discreet((w.about).organisation_id)
  FROM words_asked_about(seeing, ARRAY['listed_corrections', 'listed_own_children', 'listed_today']) w
$$;

-- The word itself, as its own people know it, or as much as the record shows to the team that answers for the child.
CREATE OR REPLACE FUNCTION word_in_question(seeing uuid, which bigint)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (w.asked).child_id, (w.asked).source_id, CASE w.asked_as WHEN 'team' THEN involvement_told(as_agreed(w.about)) ELSE w.about END
  FROM words_asked_about(seeing, ARRAY['listed_corrections']) w WHERE (w.asked).id = which
$$;

-- Answers one about the child whom the event names: it is right, because; or it is another's, and the next are asked. Or it is
-- corrected, or ended, in the same stroke. False where it does not wait there.
CREATE OR REPLACE FUNCTION answer_word(seeing uuid, which bigint, said_to_it text, why text, who_role text, phone text, since date)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; it record; word involvement;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['answered_correction'], ARRAY['practitioner', 'authority_team', 'national_team']);
  PERFORM FROM correction c WHERE c.id = which FOR UPDATE;
  SELECT w.asked_as, w.about INTO it FROM words_asked_about(seeing, ARRAY['answered_correction']) w
    WHERE (w.asked).id = which AND who.subjects = ARRAY[(w.asked).child_id::text];
  IF NOT FOUND OR said_to_it NOT IN ('stands', 'corrected', 'ended', 'not_mine') THEN
    RETURN false;
  END IF;
  word := it.about;
  IF said_to_it = 'not_mine' THEN
    IF it.asked_as = 'team' OR it.asked_as = 'colleague' AND is_discreet(word.organisation_id) THEN
      RETURN false;
    END IF;
    UPDATE correction SET passed_to = CASE it.asked_as WHEN 'author' THEN 'colleague' ELSE 'team' END WHERE id = which;
    RETURN true;
  END IF;
  IF said_to_it = 'ended' THEN
    PERFORM end_own_involvement(word.id, word.typed_by_id, (who.at AT TIME ZONE 'Europe/London')::date, who.at);
  ELSIF said_to_it = 'corrected' THEN
    IF it.asked_as = 'team' AND is_sensitive(word.service) AND word.consent_scope <> 'listed' THEN
      RETURN false;
    END IF;
    PERFORM correct_own_involvement(word.id, word.typed_by_id, who_role, phone, since, word.assessment, who.at);
  END IF;
  UPDATE correction SET answer = CASE said_to_it WHEN 'stands' THEN 'stands' ELSE 'corrected' END, because = why,
    answered_by_id = who.account, answered_at = who.at WHERE id = which;
  RETURN true;
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY['word_corrections(uuid)', 'word_in_question(uuid, bigint)',
    'answer_word(uuid, bigint, text, text, text, text, date)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
