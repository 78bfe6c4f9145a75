"""The life of a consent: who decides, what must be said, how it stands on a day, who keeps it (R36-R41)."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from tests.factories.records import NOW, TODAY, agreed, consent, involvement, statement
from tests.factories.viewers import WORRIED, teacher, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent_life import (
    ConsentSaid,
    ConsentState,
    Relation,
    WithoutConsent,
    does_whoever_agreed_decide,
    how_does_it_stand,
    may_it_be_withdrawn,
)
from contactpoint.domain.disclosure.consents import NotSharedSaid, Withheld, WithheldBecause
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, ConsentInQuestion
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import ConsentBasis, ConsentScope, ContactDetails

CHILD, CARER, HARM = ConsentBasis
LISTED, TEAM, DESK = ConsentScope
DAY = timedelta(days=1)
LONG_AGO = TODAY - 400 * DAY

# (rule, who agreed, whether the child understands, whether that counts)
WHO = [
    ("R38", CHILD, True, True),
    ("R38", CHILD, False, False),
    ("R38", CHILD, None, False),
    ("R38", CARER, False, True),
    ("R38", CARER, True, False),
    ("R38", CARER, None, False),
    ("R37", HARM, None, True),
]


@pytest.mark.parametrize(("rule", "basis", "understands", "counts"), WHO)
def test_who_decides(rule, basis, understands, counts):
    assert does_whoever_agreed_decide(basis, understands=understands) is counts, rule
    if understands is None and basis is not HARM:
        return
    said = agreed(basis, **({} if basis is HARM else {"understands": understands}))
    asked = AccessRequest(
        viewer=viewer(services=("mental_health",)), permission=Permission.KEEP_CONSENTS, at=NOW, agreed=said
    )
    decision = authorise(asked)
    assert decision.allowed is counts
    assert counts or decision.rules == ("R38",)


# (rule, what is left out or contradicts itself)
UNSAYABLE = [
    ("R38", {"basis": CHILD}),
    ("R38", {"basis": CHILD, "understands": True, "relation": Relation.MOTHER}),
    ("R38", {"basis": CARER, "understands": False}),
    ("R38", {"basis": CARER, "relation": Relation.FATHER}),
    ("R37", {"basis": HARM}),
    ("R37", {"basis": HARM, "decided_by": "Ruth Cole", "without": WithoutConsent.REFUSED}),
    ("R37", {"basis": HARM, "decided_by": "Ruth Cole", "decided_by_title": "Named doctor"}),
    ("R37", {"basis": HARM, "decided_by": " ", "decided_by_title": "GP", "without": WithoutConsent.REFUSED}),
    ("R37", {"basis": CHILD, "understands": True, "decided_by": "Ruth Cole"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), UNSAYABLE)
def test_a_consent_of_which_nobody_could_say_whose_it_is_cannot_be_made(rule, said):
    with pytest.raises(InvalidInput):
        ConsentSaid(**said)
    assert rule


def test_r37_a_suspicion_shows_nothing_whatever_was_asked_for():
    assert agreed(HARM, scope=LISTED).scope is DESK


# (rule, consent, given so many days ago, how it stands, whether it can be withdrawn)
STANDS = [
    ("R38", consent(), 1, ConsentState.AGREED, True),
    ("R38", consent(), 365, ConsentState.AGREED, True),
    ("R38", consent(), 366, ConsentState.ASK_AGAIN, True),
    ("R38", consent(until=TODAY + 29 * DAY), 400, ConsentState.AGREED, True),
    ("R38", consent(until=TODAY + 28 * DAY), 1, ConsentState.ENDS_SOON, True),
    ("R38", consent(until=TODAY), 1, ConsentState.ENDS_SOON, True),
    ("R38", consent(CARER, until=TODAY - DAY), 1, ConsentState.ENDED, True),
    ("R41", consent(withdrawn_at=NOW), 400, ConsentState.WITHDRAWN, False),
    ("R41", consent(withdrawn_at=NOW, until=TODAY - DAY), 1, ConsentState.WITHDRAWN, False),
    ("R37", consent(HARM), 182, ConsentState.SUSPECTED, False),
    ("R37", consent(HARM), 183, ConsentState.LOOK_AGAIN, False),
]


@pytest.mark.parametrize(("rule", "one", "days", "state", "may_withdraw"), STANDS)
def test_how_it_stands(rule, one, days, state, may_withdraw):
    assert how_does_it_stand(one, since=TODAY - days * DAY, on=TODAY) is state, rule
    assert may_it_be_withdrawn(one) is may_withdraw


@pytest.mark.parametrize(("one", "days"), list(product([row[1] for row in STANDS], (0, 200, 400))), ids=str)
def test_r39_what_stands_ended_withdrawn_or_suspected_is_not_shown(one, days):
    state = how_does_it_stand(one, since=TODAY - days * DAY, on=TODAY)
    hidden = {ConsentState.ENDED, ConsentState.WITHDRAWN, ConsentState.SUSPECTED, ConsentState.LOOK_AGAIN}
    assert one.allows_showing(TODAY) is (state not in hidden)


# (rule, how much was agreed to, what a teacher is shown of the service)
SCOPES = [
    ("R38", LISTED, ("Bridgewater Community Health", "Sam Hale", "0161 496 0177")),
    ("R38", TEAM, ("Bridgewater Community Health", None, "0161 496 0177")),
    ("R39", DESK, None),
]


@pytest.mark.parametrize(("rule", "scope", "shown"), SCOPES)
def test_as_much_is_shown_as_was_agreed_to(rule, scope, shown):
    """Of a team the database gives out no number but the organisation's own; the name falls here as well."""
    service = involvement("mental_health", consent=consent(scope=scope))
    named = ContactDetails(
        organisation_code="bridgewater-nhs",
        organisation_name="Bridgewater Community Health",
        practitioner="Sam Hale",
        practitioner_role="Psychologist",
        phone="0161 496 0177",
    )
    record = KnownRecord(
        number="C000000102M",
        statements=(statement(forename="Amina", surname="Okafor"),),
        involvements=(replace(service, contact=named),),
    )
    contacts = redact(record, teacher(), WORRIED, NOW).contacts
    found = [(one.organisation, one.practitioner, one.phone) for one in contacts]
    assert found == ([shown] if shown else []), rule
    assert scope is LISTED or "Psychologist" not in repr(contacts)


PROVIDER = viewer(services=("mental_health",))
HERE = viewer(role=Role.CONSENT_TEAM, organisation_code="la-353", authority="353", services=())
ELSEWHERE = viewer(role=Role.CONSENT_TEAM, organisation_code="la-354", authority="354", services=())
NATIONAL = viewer(role=Role.CONSENT_TEAM, organisation_code="contactpoint", authority=None, services=())
# A body without an area is not the national desk because of that.
CHARITY = viewer(role=Role.CONSENT_TEAM, organisation_code="lantern-house", authority=None)
COUNCIL = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", authority="353", services=())
OLDHAMS = ConsentInQuestion(
    organisation="bridgewater-nhs", service="mental_health", authority="353", protected=False
)
NOBODYS = replace(OLDHAMS, organisation="lantern-house", authority=None)
DISCREET = replace(OLDHAMS, discreet=True)
PROTECTED = replace(OLDHAMS, protected=True)

# (rule, who, whose consent, whether they keep it)
KEEPERS = [
    ("R39", PROVIDER, OLDHAMS, True),
    ("R39", viewer(services=("sexual_health",)), OLDHAMS, False),
    ("R39", viewer(services=("mental_health",), organisation_code="harbour-recovery"), OLDHAMS, False),
    ("R39", COUNCIL, OLDHAMS, False),
    ("R39", HERE, OLDHAMS, True),
    ("R39", ELSEWHERE, OLDHAMS, False),
    ("R39", NATIONAL, OLDHAMS, False),
    ("R39", CHARITY, NOBODYS, False),
    ("R39", HERE, NOBODYS, False),
    ("R39", NATIONAL, NOBODYS, True),
    ("R39", PROVIDER, DISCREET, True),
    ("R39", HERE, DISCREET, False),
    ("R39", NATIONAL, DISCREET, True),
    ("R32", PROVIDER, PROTECTED, False),
    ("R32", HERE, PROTECTED, False),
    ("R32", NATIONAL, PROTECTED, True),
    ("R1", viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint"), NOBODYS, False),
    ("R57", viewer(role=Role.AUDITOR), OLDHAMS, False),
]


@pytest.mark.parametrize(("rule", "by", "whose", "keeps"), KEEPERS)
def test_who_keeps_a_consent(rule, by, whose, keeps):
    asked = AccessRequest(viewer=by, permission=Permission.KEEP_CONSENTS, at=NOW, consent=whose)
    assert authorise(asked).allowed is keeps, rule


@pytest.mark.parametrize("role", Role)
def test_r37_whoever_opens_records_may_decide_not_to_share_and_says_why_they_look(role):
    by = viewer(role=role)
    may = authorise(AccessRequest(viewer=by, permission=Permission.WITHHOLD, at=NOW, purpose=WORRIED)).allowed
    assert (
        may
        is authorise(
            AccessRequest(viewer=by, permission=Permission.OPEN_RECORD, at=NOW, purpose=WORRIED)
        ).allowed
    )
    assert not authorise(AccessRequest(viewer=by, permission=Permission.WITHHOLD, at=NOW)).allowed


@pytest.mark.parametrize("nobody", [("", "Head of service"), ("Ruth Cole", " "), ("x" * 121, "Head")])
def test_somebody_answers_for_what_is_not_shared(nobody):
    with pytest.raises(InvalidInput):
        NotSharedSaid(
            what=Withheld.ANSWER,
            reason=WithheldBecause.REFUSED,
            decided_by=nobody[0],
            decided_by_title=nobody[1],
        )
