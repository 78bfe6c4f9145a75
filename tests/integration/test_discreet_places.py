"""Refuges, secure homes and hospital schools: neither named nor placed, wherever a child is shown (R34)."""

import json
from datetime import date

import pytest
from django.db import connection
from tests.factories.directory import (
    NOW,
    TODAY,
    acting_as_role,
    amina,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, WITH_ME, WORRIED, viewer

from contactpoint.actions.contact.ask import whom_to_ask
from contactpoint.actions.find.history import fields_of, history
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.actions.link.cases import evidence_of
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.discreet import DISCREET_KINDS, NOT_SHOWN_NAME, DiscreetPlace, DiscreetPlaces
from contactpoint.domain.people import AddressKind
from contactpoint.linking.model.levels import HOME, PHONE, Home, Levels, Same
from contactpoint.storage.models import Organisation, Source
from contactpoint.supply.columns import COLUMNS

pytestmark = pytest.mark.django_db
NURSE = viewer()
REFUGE = {"address": "12 Lantern Street, Oldham", "postcode": "OL9 7ZZ"}
TELEPHONE = "0161 496 0812"
NAMES = {"refuge": "Lantern House", "secure_home": "Lantern Lodge", "hospital_school": "Lantern School"}
TELLS = ("Lantern", "OL9", "lantern", "0812", "Ivy", "12 ")


@pytest.fixture(params=sorted(DISCREET_KINDS))
def number(request):
    """Amina lives at Lantern House, which has a feed of its own, and somebody of it works with her."""
    build_reference()
    build_account(KEISHA)
    kind = request.param
    Organisation.objects.create(
        code="lantern", name=NAMES[kind], kind=kind, authority="354", phone=TELEPHONE, **REFUGE
    )
    Source.objects.create(
        code="lantern", name=NAMES[kind], contract="charity", organisation_id="lantern", authority="354"
    )
    service = "school" if kind == "hospital_school" else "family_support"
    involvement = {
        "service": service,
        "organisation": "lantern",
        "team": "Lantern team",
        "practitioner": "Ivy Lind",
        "contact_phone": TELEPHONE,
        "start_date": date(2026, 1, 5),
    }
    there = {**REFUGE, "carer_phone": TELEPHONE, "phone": "01614960812"}
    return build_child(
        amina(**there),
        amina(
            "lantern",
            **{**there, "address": "Flat 2, Lantern House, 12 Lantern St"},
            involvements=[involvement],
        ),
    )


def as_web(act, **asked):
    with acting_as_role("web"):
        return act(purpose=WORRIED, by=NURSE, at=NOW, **asked)


def test_the_record_says_that_there_is_one_and_neither_which_nor_where(number):
    shown = as_web(open_record, number=number, how=WITH_ME)
    assert [one.address.kind for one in shown.addresses] == [AddressKind.NOT_SHOWN]
    (contact,) = shown.contacts
    assert contact.organisation == NOT_SHOWN_NAME
    assert contact.phone == "0808 157 0192", "whoever needs them rings the national desk"
    assert NOT_SHOWN_NAME in repr(shown.sources)
    assert not [word for word in TELLS if word in repr(shown)]


def test_how_the_record_came_to_be_says_no_more(number):
    for field in fields_of(NURSE):
        told = as_web(history, number=number, field=field, on=TODAY)
        assert not [word for word in TELLS if word in repr(told)], field


def test_nobody_is_asked_by_name(number):
    assert as_web(whom_to_ask, number=number).services == ()


@pytest.mark.parametrize(
    "typed",
    [
        {"place": "OL9 7ZZ"},
        {"place": "Lantern Street"},
        {"phone": TELEPHONE},
        {"school": "Lantern"},
        {"school": "lantern"},
        {"authority": "354"},
    ],
    ids=lambda one: " ".join(one.values()),
)
def test_no_search_by_it_leads_to_the_child(number, typed):
    """Neither do the words of a result tell."""
    found = as_web(search, criteria=Criteria(surname="Okafor", age=10, **typed))
    assert not [word for word in TELLS if word in repr(found)]
    if "place" in typed or "phone" in typed or "school" in typed:
        shown = {card.number: card.why for card in found.cards}
        assert not [
            why for why in shown.values() if {"place", "telephone", "school"} & set(repr(why).split())
        ]
    whoever = as_web(search, criteria=Criteria(surname="Okafor", forename="Amina"))
    assert [card.number for card in whoever.cards] == [number]
    assert whoever.cards[0].town is None
    assert rows("SELECT count(*) FROM search_key WHERE kind IN (3, 5, 7)") == [(0,)]


def test_the_database_and_the_rules_keep_back_the_same():
    build_reference()
    places = (
        ("12 Lantern Street, Oldham", "OL9 7ZZ", TELEPHONE),
        ("The Lodge, Hale", "OL8 1AA", ""),
        ("", "", ""),
    )
    for code, (address, postcode, phone) in enumerate(places):
        Organisation.objects.create(
            code=f"d{code}", name="D", kind="refuge", address=address, postcode=postcode, phone=phone
        )
    rules = DiscreetPlaces(DiscreetPlace(*place) for place in places)
    homes = [
        ("12 Lantern Street", "OL9 7ZZ"),
        ("Flat 3, 12 Lantern St", "OL9 7ZZ"),
        ("14 Lantern Street", "OL9 7ZZ"),
        ("Lantern House", "OL9 7ZZ"),
        ("112 Lantern Street", "OL9 7ZZ"),
        ("12 Lantern Street, Oldham", ""),
        ("12 Lantern Street", ""),
        ("12 Lantern Street, Oldham", "OL1 4AB"),
        ("3 High Street", "OL8 1AA"),
        ("", "OL8 1AA"),
        ("", ""),
    ]
    found = []
    for line, postcode in homes:
        for phone in ("", TELEPHONE, "01614960812", "0161 496 0813"):
            facts = {
                name: text
                for name, text in {
                    "address": line, "postcode": postcode, "uprn": "1", "phone": phone, "carer2_phone": phone,
                    "other_address": line, "other_postcode": postcode, "surname": "Okafor",
                }.items()
                if text
            }  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT facts_told(jsonb_object(%s::text[], %s::text[]))",
                    [list(facts), list(facts.values())],
                )
                (told,) = cursor.fetchone()
            assert rules.what_may_be_told(facts) == (told if isinstance(told, dict) else json.loads(told))
        found.append(rules.has_home(line, postcode))
    assert found == [True, True, False, True, False, True, False, False, True, True, False]


def test_the_database_and_the_rules_name_the_same_kinds():
    build_reference()
    for kind in ("refuge", "secure_home", "hospital_school", "school", "charity"):
        Organisation.objects.create(code=f"k-{kind}", name=kind, kind=kind)
    assert {row[0].removeprefix("k-") for row in rows("SELECT code FROM discreet_place")} == DISCREET_KINDS


def test_no_source_may_say_that_an_address_is_kept_back():
    (column,) = (one for one in COLUMNS.values() if one.name == "address_kind")
    assert "not_shown" not in column.codes


def test_how_addresses_compare_is_not_said_of_records_to_check():
    codes = [1] * 15 + [0]
    codes[HOME], codes[PHONE] = Home.SAME, Same.SAME
    packed = Levels(codes=tuple(map(int, codes))).pack()
    told = evidence_of(packed, 1.0, alone=True)
    kept = evidence_of(packed, 1.0, alone=True, unsaid={HOME, PHONE})
    assert len(told.lines) - len(kept.lines) == 2
