"""What holds for every mapping: whatever it says is read or refused, and other names change nothing."""

import csv
import io
import json
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contactpoint.domain.source_mappings import MappingFault
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.mapping import FeedMapping
from contactpoint.supply.mapping_file import mapping_of, read_mapping
from contactpoint.supply.opening import GivenFile
from contactpoint.supply.read import read_given

BENEFIT = CONTRACTS["child_benefit"]
SERVICES = CONTRACTS["childrens_services"]
UNHURRIED = settings(deadline=None, max_examples=150)
NAMES = st.sampled_from([*SERVICES.names, "notes", "", "line", "rejected_line"])
WORDS = st.one_of(NAMES, st.text(max_size=8), st.sampled_from(["%d/%m/%Y", "%Y", "Y", "M", "no"]))
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
BODIES = st.dictionaries(
    st.sampled_from(["columns", "dates", "values", "not_sent", "ignore"]),
    st.one_of(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(NAMES, max_size=3), VALUES),
)


def toml(value):
    """A value on one line; what TOML writes as JSON does, but a table."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return json.dumps(value)


def check(text):
    found = read_mapping(text, SERVICES)
    if isinstance(found, FeedMapping):
        header = found.header(SERVICES)
        assert len(set(header)) == len(header)
        assert found.theirs("restricted"), "the mark is never left out"
        given = GivenFile(name="feed.csv", raw=written([header]), sha256="")
        assert read_given(given, SERVICES, mapping=found).size == 0
    else:
        assert found
        assert all(isinstance(one, MappingFault) and one.reason for one in found)


def written(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@UNHURRIED
@given(st.text(max_size=200))
@example("[columns]\nforename = 1979-05-27\n")
@example("[columns.forename]\na = 1\n")
@example("columns.forename = 'A'\n")
@example("[[columns]]\nforename = 'A'\n")
def test_any_text_is_a_mapping_or_is_refused_with_reasons(text):
    check(text)


@UNHURRIED
@given(BODIES)
def test_any_toml_is_a_mapping_or_is_refused_with_reasons(body):
    check("\n".join(f"{key} = {toml(value)}" for key, value in body.items()))


@UNHURRIED
@given(
    st.permutations(BENEFIT.names),
    st.lists(st.dates(date(2005, 1, 1), date(2026, 11, 1)), min_size=1, max_size=5),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%Y%m%d", "%d %b %Y", "%m-%d-%Y"]),
)
def test_other_names_and_dates_mean_what_the_contracts_mean(order, births, form):
    named = {name: f"Their {place}" for place, name in enumerate(order) if place % 2}
    columns = "".join(f"{name} = {json.dumps(theirs)}\n" for name, theirs in named.items())
    mapping = mapping_of(f'[columns]\n{columns}[dates]\ndate_of_birth = "{form}"\n', BENEFIT)
    ours, theirs = [list(BENEFIT.names)], [[named.get(name, name) for name in order]]
    for place, born in enumerate(births):
        row = {name: f"{name} {place}" for name in order}
        ours.append([{**row, "date_of_birth": born.isoformat()}[name] for name in BENEFIT.names])
        theirs.append([{**row, "date_of_birth": born.strftime(form)}[name] for name in order])
    plain = read_given(GivenFile(name="a.csv", raw=written(ours), sha256=""), BENEFIT)
    mapped = read_given(GivenFile(name="b.csv", raw=written(theirs), sha256=""), BENEFIT, mapping=mapping)
    assert mapped.rows.equals(plain.rows)
