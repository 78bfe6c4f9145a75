"""Domain values for tests that need no database."""

from datetime import UTC, date, datetime

from contactpoint.domain.disclosure.consent_life import ConsentSaid, Relation, WithoutConsent
from contactpoint.domain.involvement import SERVICES, Consent, ConsentBasis, ContactDetails, Involvement
from contactpoint.domain.people import Address, AddressKind, Carer, PersonFacts, Statement

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)

NAMES = {
    "births": "Birth registrations",
    "nhs_demographics": "NHS demographics",
    "school_census": "School census",
    "gp_registrations": "GP registrations",
    "child_benefit": "Child benefit",
    "child_health": "Child health",
    "childrens_services": "Oldham Children's Services",
    "mental_health": "Harbour Recovery",
    "charity": "Lantern House",
    "youth_justice": "Oldham Youth Justice",
}


def statement(contract: str = "nhs_demographics", *, record: int = 1, **said) -> Statement:
    """What one source says; person columns by name, `address` and `postcode` with `kind` and `since`."""
    as_at = said.pop("as_at", date(2026, 11, 1))
    kind, since = said.pop("kind", AddressKind.HOME), said.pop("since", None)
    carers = tuple(Carer(**carer) for carer in said.pop("carers", ()))
    placed_by = said.pop("placed_by", None)
    authority = said.pop("authority", "353" if contract == "childrens_services" else None)
    facts = PersonFacts(**said)
    addresses = ()
    if facts.address or facts.postcode or kind is not AddressKind.HOME:
        addresses = (Address(line=facts.address, postcode=facts.postcode, kind=kind, since=since),)
    return Statement(
        source=contract,
        source_name=NAMES[contract],
        contract=contract,
        authority=authority,
        local_id=f"r{record}",
        as_at=as_at,
        recorded_at=NOW,
        facts=facts,
        addresses=addresses,
        carers=carers,
        placed_by=placed_by,
        record=record,
    )


def consent(basis: ConsentBasis = ConsentBasis.CHILD, **terms) -> Consent:
    """A child's own consent, without an end, unless changed."""
    return Consent(basis=basis, **terms)


def agreed(basis: ConsentBasis = ConsentBasis.CHILD, **changed) -> ConsentSaid:
    """What a person writes down: a child who understands agreed, a mother for one who does not, or nobody."""
    terms = {
        ConsentBasis.CHILD: {"understands": True},
        ConsentBasis.CARER: {"understands": False, "relation": Relation.MOTHER},
        ConsentBasis.SIGNIFICANT_HARM: {
            "decided_by": "Ruth Cole",
            "decided_by_title": "Named doctor",
            "without": WithoutConsent.ASKING_ADDS_RISK,
        },
    }
    return ConsentSaid(basis=basis, **{**terms[basis], **changed})


def involvement(service: str = "school", *, id: int = 1, record: int = 1, **changed) -> Involvement:  # noqa: A002
    """A service in contact since long ago; sensitive ones with the child's consent."""
    kind = SERVICES[service].kind
    values = {
        "contact": ContactDetails(
            organisation_code=f"org-{service}", organisation_name=f"The {service} place"
        ),
        "source": "source",
        "source_name": "Source",
        "start": LONG_AGO,
        "consent": consent() if kind == "sensitive" else None,
    }
    return Involvement(id=id, service=SERVICES[service], record=record, **{**values, **changed})
