-- Known pairs (domain/known_pairs.py): what reviewers say of records of children who were made up. Each reads their own
-- words; of all words of an area, or of England, a team reads who said what by a number that names nobody.
REVOKE ALL ON known_answer FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;

-- Keeps what whoever is written down says; what they said first stands.
CREATE OR REPLACE FUNCTION say_known(seeing uuid, of_round text, which text, said text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['answered_known_pair'], ARRAY['authority_team', 'national_team']);
  INSERT INTO known_answer (round, pair, by_id, organisation_id, verdict, at)
    VALUES (of_round, which, who.account, who.organisation, said, who.at) ON CONFLICT DO NOTHING;
END $$;

-- All that was said in a round, of one's area or of England; which of it is one's own.
CREATE OR REPLACE FUNCTION known_words(seeing uuid, of_round text)
RETURNS TABLE (person bigint, own boolean, pair text, verdict text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE who record;
BEGIN
  SELECT * INTO who FROM acting(seeing, ARRAY['listed_known_pairs', 'answered_known_pair'], ARRAY['authority_team', 'national_team']);
  RETURN QUERY SELECT dense_rank() OVER (ORDER BY k.by_id), k.by_id = who.account, k.pair::text, k.verdict::text
    FROM known_answer k JOIN organisation o ON o.code = k.organisation_id
    WHERE k.round = of_round AND (who.role = 'national_team' OR o.authority = who.authority OR k.by_id = who.account)
    ORDER BY 1, k.id;
END $$;

REVOKE ALL ON FUNCTION say_known(uuid, text, text, text), known_words(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION say_known(uuid, text, text, text), known_words(uuid, text) TO contactpoint_web;
