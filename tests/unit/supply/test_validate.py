"""Every row is accepted or rejected with line, field and reason (R19)."""

import csv
from datetime import date

import polars as pl
import pytest
from tests.factories.feeds import AMINA, feed_text

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.read import read_table
from contactpoint.supply.stage import source_records
from contactpoint.supply.validate import validate, write_rejects

ORGANISATIONS = frozenset({"la-353", "bridgewater-nhs"})
HELP = {"involvement_id": "I1", "service": "send", "organisation": "la-353", "start_date": "2025-09-01"}
CARE = {**HELP, "service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}


def check(tmp_path, contract, *rows):
    path = tmp_path / "feed.csv"
    path.write_text(feed_text(contract, *rows), encoding="utf-8", newline="")
    known = CONTRACTS[contract]
    return validate(read_table(path, known), known, as_at=date(2026, 11, 22), organisations=ORGANISATIONS)


# contract, what the row says, the field and reason of its rejection
REJECTED = [
    ("births", {"date_of_birth": "09/05/2016"}, "date_of_birth", "Write it as year-month-day"),
    ("births", {"date_of_birth": "2015-02-29"}, "date_of_birth", "not a date"),
    ("births", {"date_of_birth": "2016-13"}, "date_of_birth", "not a date"),
    ("births", {"date_of_birth": "16"}, "date_of_birth", "not a date"),
    ("births", {"date_of_birth": "2026-11-23"}, "date_of_birth", "after 2026-11-22"),
    ("births", {"date_of_birth": "2027"}, "date_of_birth", "after 2026-11-22"),
    ("births", {"date_of_birth": "2000-11-21"}, "date_of_birth", "Nobody older than 25"),
    ("births", {"date_of_birth": ""}, "date_of_birth", "must not be blank"),
    ("births", {"date_of_death": "2016-05-08"}, "date_of_death", "before the date of birth"),
    ("births", {"date_of_death": "2030-01-01"}, "date_of_death", "after 2026-11-22"),
    ("births", {"local_id": ""}, "local_id", "must not be blank"),
    ("births", {"local_id": "x" * 41}, "local_id", "longer than 40"),
    ("births", {"forename": "", "surname": ""}, "surname", "first name or a last name"),
    ("births", {"forename": "x" * 81}, "forename", "longer than 80"),
    ("births", {"forename": "Am\tina"}, "forename", "invisible"),
    ("births", {"forename": "Am\nina"}, "forename", "invisible"),
    ("births", {"forename": "Am\u202eina"}, "forename", "invisible"),
    ("births", {"address": "14 Mill\x07 Lane"}, "address", "invisible"),
    ("births", {"sex": "female"}, "sex", "M, F"),
    ("births", {"postcode": "OLD1 4AB"}, "postcode", "not a postcode"),
    ("births", {"nhs_number": "9000000008"}, "nhs_number", "check digit"),
    ("births", {"nhs_number": "900000000"}, "nhs_number", "check digit"),
    ("births", {"birth_order": "0"}, "birth_order", "1 to 99"),
    ("births", {"multiple_birth": "yes"}, "multiple_birth", "Y or blank"),
    ("nhs_demographics", {"uprn": "1234567890123"}, "uprn", "twelve digits"),
    ("nhs_demographics", {"uprn": "12A"}, "uprn", "twelve digits"),
    ("nhs_demographics", {"address_kind": "castle"}, "address_kind", "no_fixed_abode"),
    ("nhs_demographics", {"phone": "call me"}, "phone", "telephone"),
    ("nhs_demographics", {"email": "amina"}, "email", "mail address"),
    ("nhs_demographics", {"restricted": "S"}, "restricted", "Y or blank"),
    ("school_census", {"upn": "G353573416001"}, "upn", "check letter"),
    ("childrens_services", {**HELP, "service": "school"}, "service", "This source reports only"),
    ("childrens_services", {**HELP, "service": ""}, "service", "which service"),
    ("childrens_services", {**HELP, "organisation": ""}, "organisation", "which organisation"),
    ("childrens_services", {**HELP, "organisation": "la-999"}, "organisation", "not known here"),
    ("childrens_services", {"placed_by": "999"}, "placed_by", "authority known here"),
    ("childrens_services", {"placed_by": "la-353"}, "placed_by", "authority known here"),
    ("childrens_services", {**HELP, "end_date": "2025-08-31"}, "end_date", "before the first day"),
    ("childrens_services", {**HELP, "start_date": "2026-12-01"}, "start_date", "after 2026-11-22"),
    ("charity", {**HELP, "service": "mental_health"}, "consent", "R37"),
    ("mental_health", {**CARE, "consent": ""}, "consent", "R37"),
    ("mental_health", {**CARE, "consent": "neighbour"}, "consent", "significant_harm"),
]


@pytest.mark.parametrize(("contract", "said", "field", "reason"), REJECTED)
def test_a_row_is_rejected(tmp_path, contract, said, field, reason):
    checked = check(tmp_path, contract, {**AMINA, **said}, {**AMINA, "local_id": "A2"})
    (rejection,) = checked.rejections.rows()
    assert rejection[0] == 2
    assert rejection[1] == field
    assert reason in rejection[2]
    assert checked.accepted["local_id"].to_list() == ["A2"]


ACCEPTED = [
    ("births", {"date_of_birth": "2016-05"}),
    ("births", {"date_of_birth": "2016"}),
    ("births", {"date_of_birth": "2000-11-22"}),
    ("births", {"forename": "", "surname": "Singh"}),
    ("births", {"nhs_number": "900 000 0009"}),
    ("births", {"postcode": "ol14ab"}),
    ("births", {"forename": "Zoë-Mae O’Shea"}),
    ("births", {"forename": "محمد"}),
    ("births", {"address": "Flat 1\r\n14 Mill Lane"}),
    ("nhs_demographics", {"phone": "+44 161 496 0353 ext. 12", "email": "a.b+c@school.example"}),
    ("school_census", {"upn": "f353573416001"}),
    ("childrens_services", {**HELP, "end_date": "2027-08-31", "team": "=cmd|' /C calc'!A0"}),
    ("childrens_services", {}),
    ("mental_health", {**CARE, "consent": "significant_harm"}),
    ("charity", {**CARE, "consent_until": "2027-01-01"}),
]


@pytest.mark.parametrize(("contract", "said"), ACCEPTED)
def test_a_row_is_accepted(tmp_path, contract, said):
    checked = check(tmp_path, contract, {**AMINA, **said})
    assert checked.rejections.rows() == []
    assert checked.accepted.height == 1


def test_rows_of_one_local_id_that_disagree_about_who_it_is_are_all_rejected(tmp_path):
    other = {**AMINA, **HELP, "involvement_id": "I2", "surname": "Okoro", "sex": ""}
    checked = check(
        tmp_path, "childrens_services", {**AMINA, **HELP}, other, {**AMINA, **HELP, "local_id": "A2"}
    )
    assert checked.rejections["line"].to_list() == [2, 3]
    assert checked.rejections["field"].unique().to_list() == ["local_id"]
    assert checked.rejections["reason"][0].endswith("differ in surname, sex.")


def test_rows_of_one_local_id_stand_or_fall_together(tmp_path):
    bad = {**AMINA, **HELP, "involvement_id": "I2", "organisation": "la-999"}
    checked = check(tmp_path, "childrens_services", {**AMINA, **HELP}, bad)
    assert checked.accepted.is_empty()
    assert checked.rejections.rows()[0] == (
        2, "local_id", "Line 3 of this local_id was rejected, and they stand together.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "field"), [("childrens_services", "involvement_id"), ("births", "local_id")]
)
def test_the_same_record_twice_is_rejected_and_says_which_line_came_first(tmp_path, contract, field):
    said = {**AMINA, **(HELP if field == "involvement_id" else {})}
    checked = check(tmp_path, contract, said, said)
    assert (3, field, "Line 2 gives this already.") in checked.rejections.rows()


def test_two_services_of_one_child_are_one_record_with_two_involvements(tmp_path):
    second = {**AMINA, **HELP, "involvement_id": "I2", "service": "disability"}
    checked = check(tmp_path, "childrens_services", {**AMINA, **HELP}, second)
    records = source_records(checked, CONTRACTS["childrens_services"])
    assert records.height == 1
    assert records["involvements"][0].count('"service"') == 2


def test_a_school_is_its_own_key_so_that_a_change_of_school_ends_one_and_begins_another(tmp_path):
    said = {**AMINA, "service": "school", "organisation": "la-353"}
    records = source_records(check(tmp_path, "school_census", said), CONTRACTS["school_census"])
    assert '"involvement_id":"la-353"' in records["involvements"][0]


def test_the_order_of_rows_and_of_columns_does_not_change_a_fingerprint(tmp_path):
    rows = [{**AMINA, **HELP}, {**AMINA, **HELP, "involvement_id": "I2"}]
    one, other = (
        source_records(check(tmp_path, "childrens_services", *order), CONTRACTS["childrens_services"])
        for order in (rows, rows[::-1])
    )
    assert one["fingerprint"].to_list() == other["fingerprint"].to_list()


def test_text_that_looks_like_an_empty_member_survives(tmp_path):
    tricky = ',"known_as":null,}{,'
    records = source_records(
        check(tmp_path, "childrens_services", {**AMINA, "address": tricky}), CONTRACTS["childrens_services"]
    )
    decoded = pl.Series([records["facts"][0]]).str.json_decode(pl.Struct({"address": pl.String}))
    assert decoded.struct.field("address")[0] == tricky


def test_a_rejected_record_comes_along_so_that_it_is_not_withdrawn(tmp_path):
    checked = check(tmp_path, "births", {**AMINA, "sex": "girl"})
    records = source_records(checked, CONTRACTS["births"])
    assert records.select("local_id", "rejected").rows() == [("A1", True)]


def test_rejects_that_cannot_be_written_refuse_the_file(tmp_path):
    checked = check(tmp_path, "births", {**AMINA, "sex": "girl"})
    with pytest.raises(DeliveryRefused, match="cannot be written"):
        write_rejects(checked, tmp_path / "no such folder" / "rejected.csv")


RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("first", RUN_BY_SPREADSHEETS, ids=lambda one: f"U+{ord(one):04X}")
@pytest.mark.parametrize("before", ["", " ", "'", "\t"], ids=["", "a space", "an apostrophe", "a tab"])
def test_no_cell_of_the_rejects_runs_in_a_spreadsheet(tmp_path, before, first):
    hostile = f"{before}{first}HYPERLINK(1)"
    row = {**AMINA, "sex": "girl", "forename": hostile, "address": hostile, "local_id": hostile}
    text = feed_text("births", row) + f'"{hostile}",too few\n'
    path = tmp_path / "feed.csv"
    path.write_text(text, encoding="utf-8", newline="")
    births = CONTRACTS["births"]
    write_rejects(validate(read_table(path, births), births, as_at=date(2026, 11, 22)), tmp_path / "rejects")
    with (tmp_path / "rejects").open(encoding="utf-8-sig", newline="") as file:
        header, *rejected = csv.reader(file)
    assert header[:2] == ["local_id", "forename"]
    assert len(rejected) == 2
    assert [cell for row in rejected for cell in row if cell.startswith(RUN_BY_SPREADSHEETS)] == []
    assert all("HYPERLINK(1)" in row[0] for row in rejected)


def test_rejects_can_be_mended_and_sent_again(tmp_path):
    checked = check(
        tmp_path, "births", {**AMINA, "forename": "=HYPERLINK(1)", "surname": "'=x", "sex": "girl"}
    )
    path = tmp_path / "births_2026-11-22_delta.rejected.csv"
    write_rejects(checked, path)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith(",rejected_line,rejected_field,rejected_reason")
    assert "'=HYPERLINK" in text
    path.write_text(text.replace(",girl,", ",F,"), encoding="utf-8")
    births = CONTRACTS["births"]
    again = validate(read_table(path, births), births, as_at=date(2026, 11, 22))
    assert again.rejections.is_empty()
    assert again.accepted.select("forename", "surname").rows() == [("=HYPERLINK(1)", "'=x")]
