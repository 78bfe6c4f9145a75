"""Whoever runs any statement as the web role learns nothing of what is sealed or may not be shown (ADR 9)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege
from tests.factories.directory import acting_as_role, amina, amina_in_full, build_child, build_reference
from tests.factories.supply import rows

from contactpoint.domain.disclosure.consent import UNREVEALING_CONTRACTS
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.team_words import CONTRACT as TEAM_WORD
from contactpoint.storage.guards import lay_guards
from contactpoint.supply.contracts import CONTRACTS

pytestmark = pytest.mark.django_db
SAID_OF_CHILDREN = ("source_record", "record_version", "involvement")
FUNCTIONS = (
    "statements_shown",
    "involvements_shown",
    "statements_shown_before",
    "involvements_shown_before",
)
PLAN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT * FROM {function}(%s)"
TOUCHED = """
    SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables
    WHERE relname = ANY(%s)
"""
TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize("table", SAID_OF_CHILDREN)
def test_a_plan_over_a_table_is_refused(connect_as, transactional_db, table):
    lay_guards()
    with connect_as("web") as web, pytest.raises(InsufficientPrivilege):
        web.execute(f"EXPLAIN ANALYZE SELECT 1 FROM {table} WHERE id = 1")


@pytest.mark.parametrize("table", SAID_OF_CHILDREN)
def test_the_web_role_reads_no_table_of_what_is_said_of_children(table):
    for verb in ("SELECT", "INSERT", "UPDATE"):
        assert rows("SELECT has_any_column_privilege('contactpoint_web', %s, %s)", table, verb) == [(False,)]
    assert rows("SELECT has_table_privilege('contactpoint_web', %s, 'DELETE')", table) == [(False,)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_plan_for_a_shielded_child_does_not_tell_how_much_is_hidden(function):
    build_reference()
    much, little = build_child(*amina_in_full(), shielded=True), build_child(amina(), shielded=True)
    plans = {}
    with acting_as_role("web"):
        for number in (much, little, much, little):  # the first calls also read the catalogue
            plans[number] = rows(PLAN.format(function=function), number)
    assert plans[much] == plans[little]
    assert "rows=0" in repr(plans[much])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_of_a_shielded_child_is_touched(function):
    build_reference()
    number = build_child(*amina_in_full(), shielded=True)
    with acting_as_role("web"):
        before = rows(TOUCHED, list(SAID_OF_CHILDREN))
        assert rows(f"SELECT * FROM {function}(%s)", number) == []
        assert rows(TOUCHED, list(SAID_OF_CHILDREN)) == before


def test_what_is_counted_as_touched_is_counted():
    build_reference()
    number = build_child(*amina_in_full())
    with acting_as_role("web"):
        before = rows(TOUCHED, list(SAID_OF_CHILDREN))
        assert len(rows("SELECT * FROM statements_shown(%s)", number)) == 5
        assert rows(TOUCHED, list(SAID_OF_CHILDREN)) > before


AGREED = {"consent": "child", "consent_until": None, "consent_withdrawn_at": None}
CONSENTS = [
    ({}, True),
    ({"consent": "carer"}, True),
    ({"consent_until": TODAY + timedelta(days=9)}, True),
    ({"consent": "significant_harm"}, False),
    ({"consent_until": TODAY - timedelta(days=9)}, False),
    ({"consent_withdrawn_at": datetime(2026, 11, 1, tzinfo=UTC)}, False),
]


@pytest.mark.parametrize(("terms", "shown"), CONSENTS, ids=str)
@pytest.mark.parametrize(
    ("source", "service"), [("mental-health", "mental_health"), ("harbour", "substance_misuse")]
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "-12"])
def test_a_sensitive_service_and_its_source_are_given_out_while_consent_allows_it(
    source, service, terms, shown, zone
):
    build_reference()
    contact = {"service": service, "organisation": "harbour-recovery", **AGREED, **terms}
    number = build_child(amina(), amina(source, involvements=[contact]))
    with acting_as_role("web"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        said = {row[0] for row in rows("SELECT source_id FROM statements_shown(%s)", number)}
        services = rows("SELECT (seen).service FROM involvements_shown(%s)", number)
    assert said == ({"nhs-demographics", source} if shown else {"nhs-demographics"})
    assert services == ([(service,)] if shown else [])


def test_of_a_charity_with_two_services_only_the_open_one_is_given_out():
    build_reference()
    hidden = {
        "service": "substance_misuse",
        "organisation": "harbour-recovery",
        "consent": "significant_harm",
    }
    known = {"service": "family_support", "organisation": "harbour-recovery", "start_date": date(2026, 1, 1)}
    record = amina("harbour", involvements=[known, hidden])
    number = build_child(record)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE record_version SET facts = facts || '{"involvements": ["substance_misuse"]}'"""
        )
    with acting_as_role("web"):
        assert rows("SELECT (seen).service FROM involvements_shown(%s)", number) == [("family_support",)]
        told = rows("SELECT facts FROM statements_shown(%s)", number)
    assert "Amina" in repr(told)
    assert "substance" not in repr(told)


def test_the_database_and_the_rules_name_the_same_services_and_contracts():
    sensitive = {code for code in SERVICES if rows("SELECT is_sensitive(%s)", code) == [(True,)]}
    assert sensitive == {one.code for one in SERVICES.values() if one.kind is ServiceKind.SENSITIVE}
    contracts = {*CONTRACTS, TEAM_WORD}
    open_to_all = {one for one in contracts if rows("SELECT holds_nearly_every_child(%s)", one) == [(True,)]}
    assert open_to_all == UNREVEALING_CONTRACTS


def test_nobody_else_may_call_what_pages_call():
    for function, _ in rows(
        "SELECT oid::regprocedure::text, proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND proname = ANY(%s)",
        [*FUNCTIONS, "involvements_waiting", "involvement_to_confirm", "confirm_own_word", "say_own_word"],
    ):
        for role in ("worker", "auditor"):
            allowed = rows(
                "SELECT has_function_privilege(%s, %s, 'EXECUTE')", f"contactpoint_{role}", function
            )
            assert allowed == [(False,)], function
