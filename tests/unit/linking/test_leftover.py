"""Two that nearly agree and are left over on both sides are one child, unless something speaks for two."""

import polars as pl
import pytest

from contactpoint.linking import Context, Levels, default_model, explain, propose
from contactpoint.linking.engine import leftover
from contactpoint.linking.model.levels import TWINS
from contactpoint.linking.model.score import weigh

MODEL = default_model()
CHILDREN = 150
LETTERS = "abcdefghijklmno"


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    monkeypatch.setattr(leftover, "ENOUGH", 50)


def everybody(years=1, oldest_in_health=0):
    """Two registers that list the same people, born in so many years and each in a home of its own.

    The benefit lists nobody who was born in the oldest of these years, of whom health alone tells.
    """
    for source in ("health", "benefit"):
        for n in range(CHILDREN):
            if source == "benefit" and n % years < oldest_in_health:
                continue
            day = child(source, n)["date_of_birth"].removeprefix("2015")
            yield child(
                source,
                n,
                date_of_birth=f"{2015 - years + 1 + n % years}{day}",
                forename=f"Ad{'abcdefghij'[n % 10]}m",
                surname=f"Brown{'klmnopqrst'[n // 10 % 10]}y",
            )


def child(source, number, **facts):
    day = number % (12 * 28)
    return {
        "source": source,
        "local_id": f"{source}{number:04}",
        "date_of_birth": f"2015-{1 + day % 12:02}-{1 + day // 12:02}",
        "sex": "M",
        "address": f"{number + 1} High Street",
        "postcode": f"M{number % 40 + 1} {number % 9}{'ABDEF'[number // 40 % 5]}B",
        **facts,
    }


def linked(*more, **ages):
    rows = [{"record": n, **row} for n, row in enumerate((*everybody(**ages), *more))]
    proposal = propose(pl.DataFrame(rows), MODEL)
    return proposal, proposal.links["cluster"].to_list()[-len(more) :]


HOMES = {"health": ("1 Low Road", "LE1 1AB"), "benefit": ("9 Long Lane", "NE3 4CD")}


def moved(source, number=9000, **facts):
    """Jacob Smith of 4 April 2015, who has moved between the two registers."""
    address, postcode = HOMES[source]
    named = {"forename": "Jacob", "surname": "Smith", "date_of_birth": "2015-04-04"}
    return child(source, number, **{"address": address, "postcode": postcode, **named, **facts})


def test_a_common_name_in_another_home_is_one_child_where_neither_register_has_another():
    proposal, (one, other) = linked(moved("health"), moved("benefit"))
    assert one == other
    link = proposal.links.filter(pl.col("levels").is_not_null()).row(-1, named=True)
    levels = Levels.unpack(link["levels"])
    assert levels.codes[TWINS] >= Context.LEFT_4
    assert weigh(levels, MODEL) == pytest.approx(link["weight"], abs=1e-8)
    assert "neither has anybody else" in explain(levels, MODEL).lines[-1].words


def test_few_children_tell_nothing(monkeypatch):
    monkeypatch.setattr(leftover, "ENOUGH", 1_000)
    _, (one, other) = linked(moved("health"), moved("benefit"))
    assert one != other


def test_where_years_are_thin_and_all_ages_listed_alike_everybody_counts_together():
    _, (one, other) = linked(moved("health"), moved("benefit"), years=50)
    assert one == other


def test_where_a_register_has_some_ages_alone_thin_years_tell_nothing():
    _, (one, other) = linked(moved("health"), moved("benefit"), years=50, oldest_in_health=20)
    assert one != other


def test_one_who_is_in_the_register_already_is_nobody_left_over():
    there = moved("benefit", 9001, address="1 Low Road", postcode="LE1 1AB")
    _, (one, other, third) = linked(moved("health"), moved("benefit"), there)
    assert one == third != other


def test_two_that_could_each_be_the_one_are_left_to_a_person():
    second = moved("benefit", 9001, address="7 New Street", postcode="BS5 6EF")
    proposal, found = linked(moved("health"), moved("benefit"), second)
    assert len(set(found)) == 3
    assert proposal.reviews.height


@pytest.mark.parametrize("born", ["2014-11-23", "2015-04-14"])
def test_another_birth_date_and_another_home_are_not_outweighed(born):
    _, (one, other) = linked(moved("health"), moved("benefit", date_of_birth=born))
    assert one != other
