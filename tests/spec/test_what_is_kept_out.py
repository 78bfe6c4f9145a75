"""What the directory cannot hold or show, by table: R2, R5, R14, R15, R17, R18, R29.

Everything that can come in is a column of a contract, everything kept is a column of a table, everything that
leaves is a field of an answer. Each of the three is looked through for what no rule lets in.
"""

import inspect
import re
from dataclasses import fields, is_dataclass
from datetime import date

import pytest
from tests.factories.feeds import AMINA, feed_text

from contactpoint.domain import coverage, homes, involvement, people
from contactpoint.domain.disclosure import answers, history
from contactpoint.domain.disclosure.permissions import (
    PERMISSIONS,
    SERVES,
    Permission,
    does_it_serve_a_legal_purpose,
    may_this_role_ask,
)
from contactpoint.domain.disclosure.purpose import LegalPurpose
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.survivorship import responsible_authority
from contactpoint.storage.sensitivity import COLUMNS
from contactpoint.supply.columns import COLUMNS as DECLARED
from contactpoint.supply.columns import Form
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.read import read_table
from contactpoint.supply.validate import validate

SENT = {f"{contract.code}.{name}" for contract in CONTRACTS.values() for name in contract.names}
KEPT = {f"{table}.{column}" for table, columns in COLUMNS.items() for column in columns}
SHOWN = {
    f"{kind.__name__}.{field.name}"
    for module in (answers, history, people, homes, involvement, coverage)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__ and is_dataclass(kind)
    for field in fields(kind)
}

# (rule, words no column or field may hold, where such a word means something else)
KEPT_OUT = [
    ("R5", "case_?note|chronology|narrative|case_?file|case_?history|report_text", set()),
    (
        "R14",
        "sibling|brother|sister|twin|cousin|grand|spouse|family|relative|household|partner",
        # Another record of the same child, or the other side of a case: no relation of the child.
        {"staged_link.partner", "link.partner"},
    ),
    ("R15", "opt_?out|opted|objection|excluded_by|refused_by", set()),
    ("R17", "diagnos|medic|treat|symptom|ethnic|religio|faith|nationalit|immigra|offence|convict", set()),
    ("R17", "benefit_|income|exam|attain|attendance|behaviou?r|sen_need", set()),
    (
        "R17",
        "note|comment|remark|summary|description|details|free_?text",
        # A signed head of the audit, in the C2SP's words.
        {"audit_checkpoint.note"},
    ),
    ("R18", "concern|risk|flag|alert|warn|threat|danger|abuse|neglect|severity|rating|priority", set()),
    ("R29", "adopt|occupation|employer|profession|job", {"account.job_title", "Colleague.job_title"}),
]


def test_there_is_much_to_look_through():
    assert len(SENT) > 150
    assert len(KEPT) > 300
    assert len(SHOWN) > 120


@pytest.mark.parametrize(("rule", "words", "otherwise"), KEPT_OUT, ids=[row[1][:20] for row in KEPT_OUT])
def test_nothing_that_is_sent_kept_or_shown_holds_it(rule, words, otherwise):
    found = {name for name in SENT | KEPT | SHOWN if re.search(words, name.partition(".")[2])}
    assert found == otherwise, rule


# Every column of free text, and what it names: a person, a place, a body, or when a telephone is answered.
TEXT = {
    "names": "forename middle_names surname former_surname known_as suffix mother_former_surname",
    "a carer": "carer_forename carer_surname carer_relationship",
    "another": "carer2_forename carer2_surname carer2_relationship",
    "places": "address other_address gp_practice",
    "contact": "team practitioner practitioner_role contact_hours contact_cover",
    "keys": "involvement_id",
}


def test_r17_every_text_of_a_feed_names_somebody_or_something_and_is_short():
    texts = {name for name, column in DECLARED.items() if column.form in {Form.TEXT, Form.LINE}}
    assert texts == set(" ".join(TEXT.values()).split())
    assert max(DECLARED[name].longest for name in texts) <= 160


def test_r18_the_flags_of_a_feed_are_of_fact_and_of_protection():
    flags = {name for name, column in DECLARED.items() if column.form is Form.FLAG}
    assert flags == {"multiple_birth", "restricted", "lead_practitioner", "assessment"}


@pytest.mark.parametrize(
    ("rule", "code"),
    [(rule, code) for code in sorted(SERVICES) for rule in ("R17", "R18")],
)
def test_a_service_is_named_by_who_gives_it_not_by_what_is_wrong(rule, code):
    """A kind of involvement says whom to ring: none is an enquiry, a plan or a finding."""
    assert not re.search("enquir|section_?\\d|protection_plan|register|suspect|victim|looked_after", code), (
        rule
    )


@pytest.mark.parametrize("home", ["12 Rue Verte, Lille, France", ""], ids=["abroad", "unknown"])
def test_r15_a_pupil_here_is_in_scope_wherever_the_family_lives(tmp_path, home):
    path = tmp_path / "feed.csv"
    row = {**AMINA, "address": home, "postcode": ""}
    path.write_text(feed_text("school_census", row), encoding="utf-8", newline="")
    contract = CONTRACTS["school_census"]
    checked = validate(
        read_table(path, contract), contract, as_at=date(2026, 11, 22), organisations=frozenset({"105734"})
    )
    assert checked.rejections.is_empty()
    assert responsible_authority((), None, None) is None, "and needs no authority to be there"


def test_r15_nobody_can_take_a_child_out():
    assert not [one for one in Permission if re.search("delete|erase|remove|opt|withdraw", one)]


@pytest.mark.parametrize("permission", Permission)
def test_r2_what_may_be_granted_serves_a_purpose_of_the_law(permission):
    assert does_it_serve_a_legal_purpose(permission)
    assert SERVES[permission] <= set(LegalPurpose)


def test_r2_a_permission_that_serves_nothing_is_nobodys(monkeypatch):
    monkeypatch.setitem(SERVES, Permission.SEARCH, frozenset())
    assert not [role for role in PERMISSIONS if may_this_role_ask(role, Permission.SEARCH)]


def test_r2_fighting_crime_is_not_among_the_purposes():
    assert not [
        one for one in LegalPurpose if re.search("crim|police|offen|immigra|tax|fraud", one, re.IGNORECASE)
    ]
