"""What a practitioner is told of their own children gives away nothing that is hidden (R27, R36-R41).

As in test_non_inference, one world is made twice, and a practitioner works with its children. Between two of
their looks every source delivers again, and what is hidden changes otherwise in one world than in the other.
"""

import re
from datetime import date, timedelta

import pytest
from tests.factories.directory import acting_as_role, build_account
from tests.factories.signed_in import sign_in
from tests.factories.supply import BEN, CONTRACT, LATER, NOW, build_sources, child_of, feed, load
from tests.factories.two_worlds.hidden import CARERS, IDENTIFIERS, PLACES, SERVICES
from tests.factories.two_worlds.making import for_a_while
from tests.factories.viewers import KEISHA, PRIYA, WORRIED, viewer

from contactpoint.actions.contribute.already_said import already_said
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.keep_involvement import correct_involvement, open_own_child
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.history import history
from contactpoint.domain.disclosure.answers import OwnChild
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.storage.models import Membership, Organisation
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.web.presenters.keeping import change_words

pytestmark = pytest.mark.django_db
NURSE, COLLEAGUE = viewer(), viewer(account_id=PRIYA, name="Priya Nair")
SOON, AT_LAST = NOW + timedelta(hours=1), LATER + timedelta(hours=1)
CORRECTED = {"role": "Matron", "phone": "0161 496 0102", "start": date(2026, 8, 1), "assessment_held": True}
ELSEWHERE = {
    "place": PLACES[2],
    "carer": CARERS[1],
    "identifiers": IDENTIFIERS[1],
    "services": {"harbour", "child-health"},
    "since": "2024-09-01",
}
WHO = {"local_id": "A1", "forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F"}
# Ben is in every source in every world, so that each has something to deliver.
BEN_SAID = {
    "births": (BEN,),
    "nhs-demographics": (BEN,),
    "school-census": ({**BEN, "service": "school", "organisation": "105734"},),
    "gp-registrations": ({**BEN, "service": "gp", "organisation": "P85001"},),
    "child-health": ({**BEN, "service": "school_nurse", "organisation": "bridgewater-nhs"},),
    "childrens-services-353": ({**BEN, "service": "send", "organisation": "la-353"},),
    "mental-health": (
        {**BEN, "service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"},
    ),
    "harbour": ({**BEN, "service": "family_support", "organisation": "harbour-recovery"},),
}
NOTHING = {"place": {}, "carer": {}, "identifiers": {}, "services": set(), "since": "2020-01-01"}
EVERYTHING = {
    "place": PLACES[0],
    "carer": CARERS[0],
    "identifiers": IDENTIFIERS[0],
    "services": set(SERVICES),
    "since": "2021-09-01",
}
_IDS = re.compile(r"\b((involvement_)?id)=\d+")


@pytest.fixture(autouse=True)
def directory(db):
    build_sources()
    Organisation.objects.update(accredited_until="2099-01-01")
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair")):
        build_account(identity, name)
        Membership.objects.create(
            account_id=identity,
            organisation_id="bridgewater-nhs",
            role="practitioner",
            services=["school_nurse"],
        )
        sign_in(identity)


def only(source, row):
    """The columns of a row that the source's contract has."""
    names = CONTRACTS[CONTRACT[source]].names
    return {name: value for name, value in row.items() if name in names}


def shielded_world(secret):
    """Everybody's Ben, and Amina, whose health record is restricted, with these hidden values."""
    who = {**WHO, **secret["place"], **secret["carer"], **secret["identifiers"]}
    said = {source: list(rows) for source, rows in BEN_SAID.items()}
    said["nhs-demographics"].append({**who, "restricted": "Y"})
    said["births"].append(who)
    for source in secret["services"]:
        since = {"start_date": secret["since"], "involvement_id": "I1"}
        said[source].append({**who, **SERVICES[source], **since})
    return said


# Each of two worlds draws its own child numbers, all of one length; these say nothing.
def alike(text, numbers):
    """The text with children's numbers replaced by the names they stand for."""
    for child, number in numbers.items():
        text = text.replace(number, f"NUMBER OF {child}")
    return text


def deliver(folder, said, at):
    files = [
        feed(folder, source, *(only(source, row) for row in said.get(source, ())), as_at=str(at.date()))
        for source in CONTRACT
    ]
    load(*files, at=at)


def work_with(number):
    said = {
        "service": "school_nurse",
        "role": "School nurse",
        "phone": "0161 496 0101",
        "start": date(2026, 9, 1),
        "lead_practitioner": True,
        "assessment_held": True,
    }
    made = record_involvement(number=number, by=NURSE, at=SOON, **said).involvement_id
    confirm_involvement(involvement_id=made, by=COLLEAGUE, at=SOON)
    return made


def told_in(folder, before, after, *, children=("A1", "B1")):
    """Everything that the practitioner is told after the second delivery, and the news alone in words."""
    with for_a_while():
        deliver(folder, before, NOW)
        numbers = {one: child_of("births", one) for one in children}
        with acting_as_role("web"):
            made = [work_with(number) for number in numbers.values()]
            my_children(by=NURSE, at=SOON)
            for one in made:
                correct_involvement(involvement_id=one, by=NURSE, at=SOON + timedelta(hours=1), **CORRECTED)
        deliver(folder, after, LATER)
        with acting_as_role("web"):
            mine = my_children(by=NURSE, at=AT_LAST)
            told = [mine, *(open_own_child(involvement_id=one, by=NURSE, at=AT_LAST) for one in made)]
            for number in numbers.values():
                told.append(already_said(number=number, by=NURSE, at=AT_LAST))
                told += [
                    history(number=number, purpose=WORRIED, field=field, on=on, by=NURSE, at=AT_LAST)
                    for field in HistoryField
                    for on in (NOW.date(), LATER.date())
                ]
        news = {
            one.name: [change_words(change, AT_LAST.date()) for change in one.changes]
            for one in mine.children
            if isinstance(one, OwnChild)
        }
        return [_IDS.sub(r"\1=N", alike(repr(one), numbers)) for one in told], news


@pytest.mark.parametrize(
    ("one", "other"),
    [((EVERYTHING, ELSEWHERE), (EVERYTHING, EVERYTHING)), ((NOTHING, EVERYTHING), (EVERYTHING, NOTHING))],
    ids=["moved or not", "known more or less"],
)
def test_whatever_happens_to_a_shielded_child_its_practitioner_is_told_the_same(tmp_path, one, other):
    worlds = [
        told_in(tmp_path, shielded_world(before), shielded_world(after)) for before, after in (one, other)
    ]
    assert "ProtectedRecord" in worlds[0][0][0]
    assert worlds[0] == worlds[1]


def open_world(place, sensitive=()):
    """Amina, known to births and the census, perhaps also to a sensitive service that knows more."""
    said = {source: list(rows) for source, rows in BEN_SAID.items()}
    said["births"].append({**WHO, **PLACES[0], **CARERS[0], **IDENTIFIERS[0]})
    said["school-census"].append({**WHO, **place, **SERVICES["school-census"]})
    for source, row in sensitive:
        said[source].append({**WHO, **IDENTIFIERS[0], **SERVICES[source], "involvement_id": "I1", **row})
    return said


def service(source, **row):
    return ((source, row),)


CONSENTS = [
    ("mental-health", {"consent": "child"}),
    ("mental-health", {"consent": "significant_harm"}),
    ("harbour", {"consent": "carer"}),
    ("harbour", {"consent": "child", "consent_until": "2026-12-01"}),
]


@pytest.mark.parametrize(("source", "consent"), CONSENTS, ids=str)
def test_no_news_comes_of_a_sensitive_service_whoever_agrees(tmp_path, source, consent):
    """Also while it may be shown on the record: that it came, went or told something is told to nobody."""
    knew = service(source, **PLACES[0], **CARERS[0], **consent)
    knows = service(source, **PLACES[1], **CARERS[1], known_as="Mina", lead_practitioner="Y", **consent)
    worlds = {
        "without": (open_world(PLACES[0]), open_world(PLACES[2])),
        "it came": (open_world(PLACES[0]), open_world(PLACES[2], knows)),
        "it moved": (open_world(PLACES[0], knew), open_world(PLACES[2], knows)),
        "it went": (open_world(PLACES[0], knew), open_world(PLACES[2])),
    }
    news = {what: told_in(tmp_path, *world)[1] for what, world in worlds.items()}
    assert news["without"]["Amina Okafor"][0].startswith("Address changed today: now Home, 3 Quarry Bank")
    assert news["without"]["Benedict Whitworth"] == []
    for what, found in news.items():
        assert found == news["without"], what


def test_what_is_open_is_news(tmp_path):
    """So that the tests above compare something."""
    before, after = open_world(PLACES[0]), open_world(PLACES[2])
    after["births"][-1] = {**after["births"][-1], **CARERS[1]}
    after["gp-registrations"].append({**WHO, **PLACES[2], **SERVICES["gp-registrations"]})
    (_, news) = told_in(tmp_path, before, after)
    assert [one.split(" changed")[0] for one in news["Amina Okafor"]] == [
        "Address",
        "Parents and carers",
        "GP practice",
    ]
