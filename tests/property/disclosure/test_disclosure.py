"""What holds of every request and every record: theorems tried on random worlds."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.factories.records import NAMES, NOW, TODAY, involvement, statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import CHILD_DATA, NO_CHILD_DATA, PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import RULES, AccessRequest, RecordState, Verdict
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.involvement import SERVICES, Consent, ConsentBasis, ServiceKind
from contactpoint.domain.survivorship import derive

few = settings(max_examples=150, deadline=None, derandomize=True)

days = st.dates(date(2023, 1, 1), date(2028, 1, 1))
maybe_day = st.none() | days
viewers = st.builds(
    lambda role, kind, lapses: viewer(role=role, organisation_kind=kind, lapses=tuple(lapses)),
    st.sampled_from(Role),
    st.sampled_from(["gp", "nhs_trust", "school", "authority", "police", "charity", "national", None]),
    st.lists(st.sampled_from(Lapse), max_size=2, unique=True),
)
purposes = st.sampled_from([Purpose(code=code, text="because") for code in PurposeCode])
requests = st.builds(
    AccessRequest,
    viewer=viewers,
    permission=st.sampled_from(Permission),
    at=st.just(NOW),
    purpose=st.none() | purposes,
    number_typed=st.none() | st.sampled_from(["9000000009", "F353573416001", "C000000102M", "x"]),
    record=st.none()
    | st.builds(
        RecordState,
        number=st.just("C000000102M"),
        shielded=st.booleans(),
        born=st.none() | st.dates(date(2005, 1, 1), TODAY),
        died=maybe_day,
    ),
)
consents = st.builds(
    Consent,
    basis=st.sampled_from(ConsentBasis),
    until=maybe_day,
    withdrawn_at=st.none() | st.just(NOW),
)


@st.composite
def involvements(draw):
    found = []
    for place in range(draw(st.integers(0, 6))):
        service = draw(st.sampled_from(sorted(SERVICES)))
        sensitive = SERVICES[service].kind is ServiceKind.SENSITIVE
        start, end = sorted([draw(days), draw(days)])
        found.append(
            involvement(
                service,
                id=place + 1,
                record=draw(st.integers(1, 4)),
                start=start,
                end=end if draw(st.booleans()) else None,
                confirmed=draw(st.booleans()),
                lead_practitioner=draw(st.booleans()),
                consent=draw(consents) if sensitive else None,
            )
        )
    return tuple(found)


@st.composite
def statements(draw):
    words = st.sampled_from(["Amina", "Ameena", "Okafor", "Adeyemi", "Mill Lane", "Sea View", None])
    return tuple(
        statement(
            draw(st.sampled_from(sorted(NAMES))),
            record=place + 1,
            forename=draw(words),
            surname=draw(words),
            known_as=draw(words),
            former_surname=draw(words),
            address=draw(words),
            postcode=draw(st.sampled_from(["OL1 4AB", "M14 5RT", None])),
            nhs_number=draw(st.sampled_from(["9000000009", None])),
            as_at=draw(days),
            since=draw(maybe_day),
        )
        for place in range(draw(st.integers(1, 4)))
    )


records = st.builds(
    KnownRecord, number=st.just("C000000102M"), statements=statements(), involvements=involvements()
)


def says(permits):
    return lambda _request: Verdict(permits=permits, rule="X", because="so", way_on="On.")


@few
@given(requests, st.integers(0, len(RULES)))
def test_forbid_trumps_permit(request, place):
    rules = [*RULES[:place], says(permits=False), *RULES[place:], says(permits=True)]
    assert not authorise(request, rules).allowed


@few
@given(requests)
def test_nothing_is_allowed_that_no_role_permits(request):
    if authorise(request).allowed:
        assert request.permission in PERMISSIONS[request.viewer.role]
        assert not (request.viewer.role in NO_CHILD_DATA and request.permission in CHILD_DATA)


@few
@given(requests)
def test_the_order_of_the_rules_changes_nothing_but_the_sentence(request):
    assert authorise(request).allowed == authorise(request, RULES[::-1]).allowed
    assert set(authorise(request).rules) == set(authorise(request, RULES[::-1]).rules)


@few
@given(requests, st.sampled_from(Lapse))
def test_losing_good_standing_never_widens(request, lapse):
    worse = replace(request, viewer=replace(request.viewer, lapses=(lapse, *request.viewer.lapses)))
    assert authorise(request).allowed or not authorise(worse).allowed


@few
@given(records, viewers, purposes)
def test_only_what_is_held_is_shown(record, by, purpose):
    shown = redact(record, by, purpose, NOW)
    held = {one.id for one in record.involvements}
    assert {one.id for one in (*shown.contacts, *shown.past_contacts)} <= held
    assert sum(one.lead_practitioner for one in shown.contacts) <= 1
    assert not any(one.lead_practitioner for one in shown.past_contacts)


def substance(shown):
    """Every value that a disclosure tells, so that two can be compared as sets."""
    return {
        "involvements": {one.id for one in (*shown.contacts, *shown.past_contacts)},
        "addresses": {
            (one.address.line, one.address.postcode) for one in (*shown.addresses, *shown.past_addresses)
        },
        "names": {one.value for one in (*shown.names, *shown.former_names)},
        "numbers": {(scheme, one.value) for scheme, one in shown.identifiers},
        "sources": {one.source_name for one in shown.sources},
    }


@few
@given(records, viewers, purposes, st.data())
def test_withdrawing_consent_never_widens_disclosure(record, by, purpose, data):
    sensitive = [place for place, one in enumerate(record.involvements) if one.consent]
    assume(sensitive)
    place = data.draw(st.sampled_from(sensitive))
    one = record.involvements[place]
    withdrawn = replace(one, consent=replace(one.consent, withdrawn_at=NOW))
    after = replace(
        record, involvements=(*record.involvements[:place], withdrawn, *record.involvements[place + 1 :])
    )

    before_shown = substance(redact(record, by, purpose, NOW))
    after_shown = substance(redact(after, by, purpose, NOW))

    for kind, told in after_shown.items():
        assert told <= before_shown[kind], kind
    assert withdrawn.id not in after_shown["involvements"]


@few
@given(records, viewers, purposes, st.data())
def test_a_sensitive_service_that_may_not_be_shown_changes_nothing_at_all(record, by, purpose, data):
    service = data.draw(st.sampled_from(["mental_health", "sexual_health", "substance_misuse"]))
    hidden = involvement(
        service,
        id=99,
        record=99,
        start=data.draw(days),
        consent=Consent(basis=ConsentBasis.SIGNIFICANT_HARM),
        lead_practitioner=data.draw(st.booleans()),
    )
    telling = statement("mental_health", record=99, forename="Secret", address="9 Secret Street")
    more = replace(
        record, involvements=(*record.involvements, hidden), statements=(*record.statements, telling)
    )
    assert redact(more, by, purpose, NOW) == redact(record, by, purpose, NOW)


@few
@given(records, viewers, viewers, purposes)
def test_everybody_sees_a_shielded_record_alike(record, one, another, purpose):
    shielded = ShieldedRecord(number=record.number, name="Amina", date_of_birth="2016-05-09", sex="F")
    assert redact(shielded, one, purpose, NOW) == redact(shielded, another, purpose, NOW + timedelta(days=30))


@few
@given(statements(), st.randoms(use_true_random=False))
def test_what_is_known_does_not_depend_on_the_order_of_what_is_said(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    assert derive(said) == derive(shuffled)
