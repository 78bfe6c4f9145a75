-- Consents to sensitive services (R36-R41): who agreed to what, until when, and what was decided not to share. Steps only
-- grow, and writing one changes what its involvement shows. Pages come by them through these functions alone (ADR 9), which
-- answer whoever provides the service, and the consent desk of its authority (SI 2007/2182 reg 6(4)), and nobody else.

-- What a step does to the involvement, at once (R41). A withdrawal hides whatever any source says of that service of that
-- organisation with the child; what is agreed to anew shows one involvement, the one that was asked about. Where organisations
-- are encrypted, whoever says the step says which others it is of (say_consent).
CREATE OR REPLACE FUNCTION apply_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.what = 'given' THEN
    UPDATE involvement SET consent = NEW.basis, consent_scope = NEW.scope, consent_until = NEW.until,
      consent_withdrawn_at = NULL WHERE id = NEW.involvement_id;
  ELSE
    UPDATE involvement i SET consent_withdrawn_at = NEW.at
      FROM involvement asked JOIN source_record own ON own.id = asked.record_id
      JOIN source_record r ON r.child_id = own.child_id OR r.id = own.id
      WHERE asked.id = NEW.involvement_id AND i.record_id = r.id AND (i.organisation_id = asked.organisation_id OR i.id = asked.id)
        AND i.service = asked.service AND i.consent IN ('child', 'carer') AND i.consent_withdrawn_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER apply_consent AFTER INSERT ON consent_step FOR EACH ROW EXECUTE FUNCTION apply_consent();
CREATE OR REPLACE TRIGGER consent_step_append_only BEFORE UPDATE OR DELETE ON consent_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER consent_step_no_truncate BEFORE TRUNCATE ON consent_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER not_shared_append_only BEFORE UPDATE OR DELETE ON not_shared FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER not_shared_no_truncate BEFORE TRUNCATE ON not_shared FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whether the newest word on a service of an organisation with a child is that nobody agrees any more: then a source that
-- says it again, under whatever number, does not show it.
CREATE OR REPLACE FUNCTION is_consent_withdrawn(about text, at_organisation text, kind text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE s.what WHEN 'withdrawn' THEN s.at END
  FROM source_record r JOIN involvement i ON i.record_id = r.id JOIN consent_step s ON s.involvement_id = i.id
  WHERE r.child_id = about AND i.organisation_id = at_organisation AND i.service = kind
  ORDER BY s.id DESC LIMIT 1
$$;

-- When two children become one, a withdrawal of either holds for all of them at once, by the same word: the newest (R41).
-- Taking the joining back shows nothing again of itself; whoever agreed is asked.
CREATE OR REPLACE FUNCTION withdraw_for_all(about text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE involvement i SET consent_withdrawn_at = is_consent_withdrawn(about, i.organisation_id, i.service)
  FROM source_record r
  WHERE r.child_id = about AND i.record_id = r.id AND i.consent IN ('child', 'carer') AND i.consent_withdrawn_at IS NULL
    AND is_consent_withdrawn(about, i.organisation_id, i.service) IS NOT NULL
$$;

-- Whose consent desk somebody acts at: an authority's code, empty for the national one, null where they act at none.
DROP FUNCTION IF EXISTS consents_kept(uuid, date), consents_kept_by(uuid), consent_desk_of(uuid);
CREATE OR REPLACE FUNCTION consent_desk_of(seeing uuid, doing text[], as_role text[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN w.role <> 'consent_team' THEN NULL WHEN w.organisation = 'contactpoint' THEN ''
    WHEN w.kind = 'authority' THEN nullif(w.authority, '') END
  FROM acting(seeing, doing, as_role) w
$$;

-- Which sensitive services of which organisations somebody who has been written down keeps the consents of. Of a shielded
-- child only the national desk does (R32).
CREATE OR REPLACE FUNCTION consents_kept_by(seeing uuid, doing text[]) RETURNS TABLE (organisation varchar, services text[], desk_area text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE desk text := consent_desk_of(seeing, doing, ARRAY['consent_team', 'practitioner', 'authority_team']);
BEGIN
  IF desk IS NOT NULL THEN
    RETURN QUERY SELECT o.code, NULL::text[], desk FROM organisation o
      WHERE desk = '' OR (o.authority IN (desk, '') AND NOT is_discreet(o.code));
  ELSE
    RETURN QUERY SELECT m.organisation_id, ARRAY(SELECT jsonb_array_elements_text(m.services)), NULL::text
      FROM written_down(seeing) w JOIN membership m ON m.account_id = w.account AND m.organisation_id = w.organisation
        AND m.ended_at IS NULL AND m.role IN ('practitioner', 'authority_team');
  END IF;
END $$;
REVOKE ALL ON FUNCTION apply_consent(), is_consent_withdrawn(text, text, text), withdraw_for_all(text),
  consent_desk_of(uuid, text[], text[]), consents_kept_by(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_consent_withdrawn(text, text, text), withdraw_for_all(text) TO contactpoint_worker;

-- When a consent was last given, or became known.
CREATE OR REPLACE FUNCTION consent_since(it involvement) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT max(s.at) FROM consent_step s WHERE s.involvement_id = it.id AND s.what = 'given'), it.recorded_at)
$$;
REVOKE ALL ON FUNCTION consent_since(involvement) FROM PUBLIC;

-- Whose area one is: the organisation's, or where that works for many areas the child's, as everybody may find it.
CREATE OR REPLACE FUNCTION area_of(of_organisation text, about text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT nullif(o.authority, '') FROM organisation o WHERE o.code = of_organisation),
    (SELECT min(s.la) FROM search_identity s WHERE s.child_id = about AND NOT s.shielded AND s.la <> ''), '')
$$;
REVOKE ALL ON FUNCTION area_of(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION area_of(text, text) TO contactpoint_web;

-- Current ones that somebody keeps. The national desk keeps those of no area and of places that are not named, and of
-- shielded children, of which it is encrypted whose they are. Who asks is judged first, in a statement of its own: a plan that
-- begins with an empty table asks nobody.
CREATE OR REPLACE FUNCTION consents_kept(seeing uuid, on_day date, doing text[])
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM consents_kept_by(seeing, doing);
  RETURN QUERY SELECT r.child_id, r.source_id, i
  FROM consents_kept_by(seeing, doing) k JOIN organisation o ON o.code = k.organisation
  JOIN involvement i ON i.organisation_id = k.organisation AND i.consent > '' AND is_sensitive(i.service)
  JOIN source_record r ON r.id = i.record_id AND r.withdrawn_at IS NULL AND r.child_id IS NOT NULL
  WHERE (k.services IS NULL OR i.service = ANY (k.services))
    AND CASE WHEN k.desk_area = '' THEN i.sealed OR is_discreet(o.code) OR area_of(o.code, r.child_id) = ''
      ELSE NOT i.sealed AND NOT r.sealed AND (k.desk_area IS NULL OR area_of(o.code, r.child_id) = k.desk_area) END
    AND (i.end_date IS NULL OR i.end_date > on_day)
    AND r.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
  UNION ALL SELECT r.child_id, r.source_id, i
  FROM involvement i JOIN source_record r ON r.id = i.record_id AND r.withdrawn_at IS NULL AND r.child_id IS NOT NULL
  WHERE i.organisation_id IS NULL AND i.consent > '' AND is_sensitive(i.service) AND i.sealed
    AND EXISTS (SELECT FROM consents_kept_by(seeing, doing) k WHERE k.desk_area = '')
    AND (i.end_date IS NULL OR i.end_date > on_day)
    AND r.child_id <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[]);
END $$;
REVOKE ALL ON FUNCTION consents_kept(uuid, date, text[]) FROM PUBLIC;

-- What waits, kind by kind, the most pressing first, and how many of each; not whose. The kinds are those of
-- domain/disclosure/consent_life.py; a test compares them.
CREATE OR REPLACE FUNCTION consent_kind(it involvement, since timestamptz, on_day date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN it.consent_withdrawn_at IS NOT NULL THEN 'withdrawn'
    WHEN it.consent = 'significant_harm' THEN
      CASE WHEN (since AT TIME ZONE 'Europe/London')::date + 182 < on_day THEN 'look_again' ELSE 'suspected' END
    WHEN it.consent_until IS NULL THEN
      CASE WHEN (since AT TIME ZONE 'Europe/London')::date + 365 < on_day THEN 'ask_again' ELSE 'agreed' END
    WHEN it.consent_until < on_day THEN 'ended'
    WHEN it.consent_until <= on_day + 28 THEN 'ends_soon'
    ELSE 'agreed' END
$$;
DROP FUNCTION IF EXISTS consents_to_do(uuid, date, integer);
CREATE OR REPLACE FUNCTION consents_to_do(seeing uuid, on_day date, how_many integer)
RETURNS TABLE (kind text, in_all bigint, which bigint, organisation text, since timestamptz, until date, sealed text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM consents_kept_by(seeing, ARRAY['listed_consents', 'listed_today']);
  RETURN QUERY SELECT t.kind, t.in_all, t.id, t.organisation, t.since, t.until, t.sealed FROM (
    SELECT w.*, count(*) OVER (PARTITION BY w.kind) AS in_all,
      row_number() OVER (PARTITION BY w.kind ORDER BY w.until, w.since, w.id) AS place
    FROM (SELECT (k.seen).id AS id, o.name::text AS organisation, since, (k.seen).consent_until AS until,
        consent_kind(k.seen, since, on_day) AS kind, (k.seen).sealed_said AS sealed
      FROM consents_kept(seeing, on_day, ARRAY['listed_consents', 'listed_today']) k LEFT JOIN organisation o ON o.code = (k.seen).organisation_id
      CROSS JOIN LATERAL consent_since(k.seen) AS since) w
    WHERE w.kind IN ('ended', 'ends_soon', 'ask_again', 'look_again')) t
  WHERE t.place <= how_many ORDER BY t.kind, t.place;
END $$;

-- Those of one child, and one of them, kept still until the transaction ends; where it is sealed, with others of the same service,
-- of which whoever asks finds out whether they are of the same organisation.
CREATE OR REPLACE FUNCTION consents_about(seeing uuid, about text, on_day date)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM consents_kept_by(seeing, ARRAY['listed_consents']);
  RETURN QUERY SELECT k.* FROM consents_kept(seeing, on_day, ARRAY['listed_consents']) k
    WHERE k.child_id = about AND about = ANY ((SELECT w.subjects FROM written_down(seeing) w)::text[]) ORDER BY (k.seen).id;
END $$;
CREATE OR REPLACE FUNCTION consent_at(seeing uuid, which bigint, on_day date)
RETURNS TABLE (child_id varchar, source_id varchar, seen involvement)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE doing text[] := ARRAY['opened_consent', 'recorded_consent', 'withdrew_consent'];
BEGIN
  PERFORM FROM involvement i WHERE i.id = which AND is_sensitive(i.service)
    AND (i.organisation_id IN (SELECT organisation FROM consents_kept_by(seeing, doing))
      OR (i.organisation_id IS NULL AND EXISTS (SELECT FROM consents_kept_by(seeing, doing) k WHERE k.desk_area = ''))) FOR UPDATE;
  RETURN QUERY SELECT k.child_id, k.source_id, k.seen FROM consents_kept(seeing, on_day, doing) k WHERE (k.seen).id = which;
  RETURN QUERY SELECT k.child_id, k.source_id, o FROM consents_kept(seeing, on_day, doing) k
    JOIN source_record r ON r.child_id = k.child_id JOIN involvement o ON o.record_id = r.id AND o.service = (k.seen).service
    WHERE (k.seen).id = which AND (k.seen).sealed AND o.sealed AND o.id <> which AND o.consent IN ('child', 'carer');
END $$;
CREATE OR REPLACE FUNCTION consent_steps(seeing uuid, which bigint, on_day date)
RETURNS TABLE (what text, basis text, scope text, until date, understands boolean, relation text, decided_by text,
  decided_by_title text, without text, by_name text, made_for text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE doing text[] := ARRAY['listed_consents', 'opened_consent', 'recorded_consent', 'withdrew_consent'];
BEGIN
  PERFORM FROM consents_kept_by(seeing, doing);
  RETURN QUERY SELECT s.what::text, s.basis::text, s.scope::text, s.until, s.understands, s.relation::text, s.decided_by::text,
    s.decided_by_title::text, s.without::text, a.name::text, o.name::text, s.at
  FROM consents_kept(seeing, on_day, doing) k JOIN consent_step s ON s.involvement_id = (k.seen).id
  JOIN account a ON a.id = s.by_id JOIN organisation o ON o.code = s.made_for_id
  WHERE (k.seen).id = which ORDER BY s.id;
END $$;
DROP FUNCTION IF EXISTS say_consent(uuid, bigint, date, text, text, text, date, boolean, text, text, text, text);
CREATE OR REPLACE FUNCTION say_consent(seeing uuid, which bigint, on_day date, step text, whose text, how_much text, last_day date,
  understood boolean, who_to_child text, decider text, decider_title text, reason text, beside bigint[] DEFAULT '{}')
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM written_down(seeing);
  PERFORM FROM consents_kept(seeing, on_day, ARRAY[CASE step WHEN 'given' THEN 'recorded_consent' ELSE 'withdrew_consent' END]) k
  WHERE (k.seen).id = which AND k.child_id = ANY (who.subjects)
    AND (step = 'given' OR ((k.seen).consent IN ('child', 'carer') AND (k.seen).consent_withdrawn_at IS NULL));
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO consent_step (involvement_id, what, basis, scope, until, understands, relation, decided_by, decided_by_title,
    without, by_id, made_for_id, at)
  VALUES (which, step, whose, how_much, last_day, understood, who_to_child, decider, decider_title, reason, who.account,
    who.organisation, who.at);
  IF step <> 'given' THEN
    UPDATE involvement i SET consent_withdrawn_at = who.at
      FROM source_record r, involvement asked JOIN source_record own ON own.id = asked.record_id
      WHERE asked.id = which AND i.id = ANY (beside) AND r.id = i.record_id AND r.child_id = own.child_id AND i.sealed
        AND i.service = asked.service AND i.consent IN ('child', 'carer') AND i.consent_withdrawn_at IS NULL;
  END IF;
  RETURN true;
END $$;

-- Writes down a decision not to share, of whomever it is about; says nothing of them. Who reads it: whoever made it, and
-- the consent desk.
CREATE OR REPLACE FUNCTION decide_not_to_share(seeing uuid, about text, kind text, why text, decider text, decider_title text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record; made bigint;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['decided_not_to_share'],
    ARRAY['practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team']);
  IF who.subjects <> ARRAY[about] OR is_kept_from(about, who.account) THEN
    RAISE EXCEPTION 'another child has been written down' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO not_shared (child_id, organisation_id, what, reason, decided_by, decided_by_title, by_id, at)
    VALUES (about, who.organisation, kind, why, decider, decider_title, who.account, who.at) RETURNING id INTO made;
  RETURN made;
END $$;
CREATE OR REPLACE FUNCTION not_shared_by(seeing uuid, how_many integer)
RETURNS TABLE (child_number text, organisation text, what text, reason text, decided_by text, decided_by_title text,
  by_name text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE desk text := consent_desk_of(seeing, ARRAY['listed_not_shared'],
  ARRAY['practitioner', 'authority_team', 'national_team', 'shield_team', 'consent_team']);
BEGIN
  RETURN QUERY SELECT c.number::text, o.name::text, n.what::text, n.reason::text, n.decided_by::text, n.decided_by_title::text,
    a.name::text, n.at
  FROM not_shared n JOIN child c ON c.number = living_number(n.child_id) JOIN organisation o ON o.code = n.organisation_id
  JOIN account a ON a.id = n.by_id
  WHERE CASE WHEN desk IS NULL THEN n.by_id = (SELECT account FROM written_down(seeing))
    WHEN desk = '' THEN c.shielded OR is_discreet(o.code) OR area_of(o.code, c.number) = ''
    ELSE area_of(o.code, c.number) = desk AND NOT c.shielded AND NOT is_discreet(o.code) END
    AND c.number <> ALL ((SELECT kept_from_whom_is_written(seeing))::varchar[])
  ORDER BY n.id DESC LIMIT greatest(0, least(how_many, 200));
END $$;

DO $$
DECLARE called text;
BEGIN
  FOREACH called IN ARRAY ARRAY[
    'consents_to_do(uuid, date, integer)', 'consents_about(uuid, text, date)', 'consent_at(uuid, bigint, date)',
    'consent_steps(uuid, bigint, date)',
    'say_consent(uuid, bigint, date, text, text, text, date, boolean, text, text, text, text, bigint[])',
    'decide_not_to_share(uuid, text, text, text, text, text)', 'not_shared_by(uuid, integer)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contactpoint_web', called);
  END LOOP;
END $$;
