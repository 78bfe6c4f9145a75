-- Rows that every directory has: the directory's own organisation, and the source of practitioners' own words.
INSERT INTO organisation (code, name, kind, authority, phone, hours, cover, address, postcode)
VALUES ('contactpoint', 'ContactPoint national desk', 'national', '', '0808 157 0192', 'Open 24 hours', '', '', '')
ON CONFLICT (code) DO NOTHING;
INSERT INTO source (code, name, contract, organisation_id, authority, promised_days)
VALUES ('practitioners', 'A practitioner''s own word', 'practitioner', 'contactpoint', '', 1)
ON CONFLICT (code) DO NOTHING;
-- Each authority's team says records by hand under a source of its own (R23); load_reference adds those of new authorities.
INSERT INTO source (code, name, contract, organisation_id, authority, promised_days)
SELECT 'by-hand-' || authority, 'Said by hand, ' || name, 'by_hand', code, authority, 1000
FROM organisation WHERE kind = 'authority' AND authority <> ''
ON CONFLICT (code) DO NOTHING;
