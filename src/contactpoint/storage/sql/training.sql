-- Training (domain/training.py): pages read which keys are trusted; a statement sets the date of whoever is signed in, once.
-- Whether its signature is right, pages say: the whole text is kept, so that it can be verified again by anybody.
REVOKE ALL ON training_key, training_statement FROM contactpoint_web, contactpoint_worker, contactpoint_auditor;
GRANT SELECT ON training_key TO contactpoint_web;

CREATE OR REPLACE FUNCTION keep_training(whose uuid, of_key text, which uuid, said text, good_until date) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT is_signed_in(whose) OR good_until > current_date + 366 THEN RETURN 'not_now'; END IF;
  INSERT INTO training_statement (id, account_id, key_id, text, until, at)
    SELECT which, whose, k.kid, said, good_until, clock_timestamp() FROM training_key k WHERE k.kid = of_key AND k.ended_at IS NULL
    ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN coalesce((SELECT CASE WHEN s.account_id = whose THEN 'again' ELSE 'used' END FROM training_statement s WHERE s.id = which),
      'not_now');
  END IF;
  UPDATE account SET trained_until = greatest(trained_until, good_until) WHERE id = whose;
  RETURN 'kept';
END $$;
REVOKE ALL ON FUNCTION keep_training(uuid, text, uuid, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_training(uuid, text, uuid, text, date) TO contactpoint_web;
