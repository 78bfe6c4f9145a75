"""What the search index should say of a child, worked out plainly: the oracle of the fast way."""

from contactpoint.actions.find import coding
from contactpoint.domain.people import PersonFacts, Statement
from contactpoint.domain.survivorship import identity_of, main_address
from contactpoint.linking.names import joined, name_of
from contactpoint.storage.queries.statements import addresses_in, carers_in
from contactpoint.storage.search_index import KeyKind


def statement_of(told) -> Statement:
    """The whole of what a source says."""
    return Statement(
        source=told.source,
        source_name=told.source_name,
        contract=told.contract,
        authority=told.authority or None,
        local_id=told.local_id,
        as_at=told.as_at,
        recorded_at=told.recorded_at,
        facts=PersonFacts.from_mapping(told.facts),
        addresses=addresses_in(told.facts),
        carers=carers_in(told.facts),
        gp_practice=told.facts.get("gp_practice"),
        record=told.record,
    )


def ways_of(statements):
    """(sound of last name, of first name, birth date, postcode, first name): one for each row."""
    who, home = identity_of(statements), main_address(statements)
    main = home.postcode if home else None
    ways = [(who.forename, who.surname, who.date_of_birth, main)]
    for one in statements:
        facts = one.facts
        surname = facts.surname or who.surname
        born = facts.date_of_birth or who.date_of_birth
        codes = [address.postcode for address in one.addresses] or [main]
        ways += [(facts.forename, surname, born, code or main) for code in codes]
        if facts.known_as:
            ways.append((facts.known_as, surname, who.date_of_birth, main))
        if facts.former_surname:
            ways.append((facts.forename or who.forename, facts.former_surname, who.date_of_birth, main))
    found = {}
    for forename, surname, born, code in ways:
        if not name_of(forename) and not name_of(surname):
            continue
        sk, fk = coding.sound_of(surname or ""), coding.sound_of(forename or "")
        postcode = coding.sectors_of(code)[0] or ""
        surnames, forenames = coding.stored_sounds(surname or ""), coding.stored_sounds(forename or "")
        pairs = [(sk, fk), *((part, fk) for part in surnames[1:]), *((sk, part) for part in forenames[1:])]
        for pair in pairs:
            row = (*map(coding.code, pair), born or "", postcode, joined(name_of(forename)))
            found.setdefault(row, (forename or "", surname or "", who.sex or ""))
    return list(found.items())[:16]


def keys_of(statements):
    """(kind, key) of numbers, telephones, carers, GP practices and addresses."""
    pairs = set()
    for one in statements:
        facts = one.facts
        pairs.add((KeyKind.NHS_NUMBER, coding.identifier_key(KeyKind.NHS_NUMBER, facts.nhs_number)))
        pairs.add((KeyKind.UPN, coding.identifier_key(KeyKind.UPN, facts.upn)))
        pairs.add((KeyKind.PHONE, coding.phone_key(facts.phone)))
        pairs.add((KeyKind.GP_PRACTICE, coding.organisation_key(one.gp_practice)))
        for carer in one.carers:
            pairs.add((KeyKind.PHONE, coding.phone_key(carer.phone)))
            pairs |= {(KeyKind.CARER, key) for key in coding.carer_keys(carer.surname)}
        for address in one.addresses:
            pairs |= {(KeyKind.ADDRESS, key) for key in coding.address_keys(address.line)}
    return {(int(kind), key) for kind, key in pairs if key is not None}
