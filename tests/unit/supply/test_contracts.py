"""What contracts may and may not hold, and the pages written from them."""

from pathlib import Path

import pytest

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.supply import docs
from contactpoint.supply.columns import COLUMNS
from contactpoint.supply.contracts import CONTRACTS, contract_named

DOCS = Path(__file__).parents[3] / "docs" / "feeds"
SENSITIVE = {code for code, service in SERVICES.items() if service.kind is ServiceKind.SENSITIVE}


def test_the_committed_pages_are_those_that_the_contracts_give():
    found = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert found == docs.pages()


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_every_contract_names_the_child_and_begins_with_its_key(contract):
    assert contract.names[0] == "local_id"
    assert {"forename", "surname", "date_of_birth"} <= set(contract.names)
    assert len(set(contract.names)) == len(contract.names)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_sensitive_services_come_only_where_consent_can_r37(contract):
    assert bool(SENSITIVE & set(contract.services)) == contract.may_consent


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_involvement_columns_stand_where_services_may_be_reported(contract):
    assert bool(contract.services) == ("service" in contract.names)


def test_every_identity_column_of_the_directory_can_be_declared():
    assert set(PERSON_COLUMNS) <= set(COLUMNS)


def test_there_is_no_column_for_notes_or_concern_r17_r18():
    assert not {name for name in COLUMNS if "note" in name or "concern" in name or "risk" in name}


def test_an_unknown_contract_is_refused_by_name():
    with pytest.raises(DeliveryRefused, match="no contract called tea_leaves"):
        contract_named("tea_leaves")
