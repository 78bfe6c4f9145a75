"""A small family, drawn whole: twins, a nickname, a later source, and what a person said."""

import numpy as np
import polars as pl
import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking import Levels, default_model, propose
from contactpoint.linking.engine.results import in_order

AMELIA = {
    "forename": "Amelia",
    "surname": "O'Brien",
    "date_of_birth": "2015-03-04",
    "sex": "F",
    "address": "12 High Street",
    "postcode": "BL1 2CI",
}
SOPHIE = {**AMELIA, "forename": "Sophie"}
JACK = {**AMELIA, "forename": "Jack", "surname": "Smith", "date_of_birth": "2012-03-04", "sex": "M"}


def records(*rows, **children):
    """One record a (source, facts) pair, numbered from 10; children={record: child} are already published."""
    return pl.DataFrame(
        [
            {
                "record": number,
                "child": children.get(f"r{number}"),
                "source": source,
                "local_id": f"{source}-{number}",
                **facts,
            }
            for number, (source, facts) in enumerate(rows, start=10)
        ],
        schema_overrides={"child": pl.Int64},
        infer_schema_length=None,
    )


def clusters(frame, **options):
    links = propose(frame, default_model(), **options).links
    found = {}
    for record, cluster in links.select("record", "cluster").iter_rows():
        found.setdefault(cluster, set()).add(record)
    return sorted(map(sorted, found.values()))


def test_records_of_one_child_join_and_twins_stay_two():
    frame = records(
        ("nhs", {**AMELIA, "nhs_number": "9000000009"}),
        ("nhs", SOPHIE),
        ("school", {**AMELIA, "surname": "OBrien", "address": "12, HIGH STREET", "postcode": "bl12ci"}),
        ("school", {**SOPHIE, "forename": "Sofie"}),
        ("gp", JACK),
    )
    assert clusters(frame) == [[10, 12], [11, 13], [14]]


def test_the_order_of_rows_changes_nothing():
    frame = records(("nhs", AMELIA), ("nhs", SOPHIE), ("school", AMELIA), ("school", SOPHIE), ("gp", JACK))
    there, back = (propose(rows, default_model()) for rows in (frame, frame.reverse()))
    assert there.links.equals(back.links)
    assert there.reviews.equals(back.reviews)


def test_a_link_tells_its_partner_weight_and_levels_and_a_new_child_tells_none():
    links = propose(records(("nhs", AMELIA), ("school", AMELIA)), default_model()).links.to_dicts()
    assert links[0] == {
        "record": 10, "cluster": -1, "decision": "new", "partner": None, "weight": None, "levels": None,
    }  # fmt: skip
    assert (links[1]["decision"], links[1]["partner"]) == ("linked", 10)
    assert links[1]["weight"] > default_model().thresholds.link
    assert Levels.unpack(links[1]["levels"]).codes[0] == 1


def test_a_new_record_joins_the_published_child():
    links = propose(records(("nhs", AMELIA), ("school", AMELIA), r10=500), default_model()).links
    assert links["cluster"].to_list() == [500, 500]
    assert links["decision"].to_list() == ["kept", "linked"]


def test_published_children_are_never_joined_but_the_pair_is_shown_to_a_person():
    proposal = propose(records(("nhs", AMELIA), ("school", AMELIA), r10=500, r11=501), default_model())
    assert proposal.links["cluster"].to_list() == [500, 501]
    assert proposal.reviews["kind"].to_list() == ["possible_same_child"]


def test_a_published_child_that_holds_two_is_never_parted_but_shown_to_a_person():
    proposal = propose(records(("nhs", AMELIA), ("school", JACK), r10=500, r11=500), default_model())
    assert proposal.links["cluster"].to_list() == [500, 500]
    assert proposal.reviews["kind"].to_list() == ["possible_two_children"]


def test_a_person_said_two_children():
    frame = records(("nhs", AMELIA), ("school", AMELIA))
    assert clusters(frame) == [[10, 11]]
    assert clusters(frame, apart=pl.DataFrame({"a": [11], "b": [10]})) == [[10], [11]]


def test_what_was_said_of_records_that_are_not_here_changes_nothing():
    frame = records(("nhs", AMELIA), ("school", AMELIA))
    apart = pl.DataFrame({"a": [11, 99, 10, None], "b": [99, 98, 9, 10]})
    assert clusters(frame, apart=apart) == [[10, 11]]


def test_what_was_kept_apart_does_not_return_through_a_third_record():
    frame = records(("nhs", AMELIA), ("school", AMELIA), ("gp", AMELIA))
    apart = pl.DataFrame({"a": [10], "b": [11]})
    together = [cluster for cluster in clusters(frame, apart=apart) if {10, 11} <= set(cluster)]
    assert together == []


@pytest.mark.parametrize("column", ["nhs_number", "upn"])
def test_verified_identifiers_that_differ_forbid_a_link(column):
    numbers = {"nhs_number": ("9000000009", "9000000017"), "upn": ("B801200005001", "Q801200005002")}[column]
    frame = records(*(("nhs" if n else "gp", {**AMELIA, column: value}) for n, value in enumerate(numbers)))
    assert clusters(frame) == [[10], [11]]


def test_one_source_lists_nobody_twice():
    assert clusters(records(("nhs", AMELIA), ("nhs", AMELIA))) == [[10], [11]]


def test_no_records_no_links():
    empty = pl.DataFrame(schema={"record": pl.Int64, "source": pl.String, "local_id": pl.String})
    apart = pl.DataFrame({"a": [1], "b": [2]})
    assert propose(empty, default_model(), apart=apart).links.is_empty()


@pytest.mark.parametrize(
    "numbers", [[], [7], [2, 0, 1], [-5, 3, -4], [10**15, 3, -(10**15)], [9, 1, 8, 2], [0, 100]]
)
def test_places_come_in_the_order_of_their_numbers(numbers):
    numbers = np.array(numbers, dtype=np.int64)
    assert (numbers[in_order(numbers)] == np.sort(numbers)).all()


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"record": [1], "source": ["a"]}),
        pl.DataFrame({"record": [1, 1], "source": ["a", "b"], "local_id": ["1", "2"]}),
        pl.DataFrame({"record": [1, None], "source": ["a", "b"], "local_id": ["1", "2"]}),
    ],
)
def test_records_that_cannot_be_told_apart_are_refused(frame):
    with pytest.raises(InvalidInput):
        propose(frame, default_model())
