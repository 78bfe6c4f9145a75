"""A model that somebody hands in: each fault is said by itself, and what can be used stays as it is."""

import json
from copy import deepcopy

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.matching_models import MOST_BYTES
from contactpoint.linking import default_model
from contactpoint.linking.model.checking import check_model
from contactpoint.linking.model.weights import shipped_text
from contactpoint.linking.tool.handed_in import check_any_model
from contactpoint.linking.tool.splink import to_splink

SHIPPED = json.loads(shipped_text())


def changed(*path, to):
    """The model that comes with the project with one thing changed, or taken out where `to` is Ellipsis."""
    body = deepcopy(SHIPPED)
    place = body
    for name in path[:-1]:
        place = place[name]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return json.dumps(body).encode()


def test_the_model_of_the_project_can_be_handed_in_as_it_is():
    checked = check_model(shipped_text().encode())
    assert checked.model == default_model()
    assert checked.text == shipped_text()


def test_what_an_estimate_writes_can_be_handed_in():
    written = default_model().for_population(1000).to_json()
    assert check_model(written.encode()).model.version == "england-2026.2+1000"


def test_a_model_from_before_some_levels_were_told_apart_can_be_handed_in():
    old = changed("comparisons", "twins_seen", "left_4", to=...)
    assert check_model(old).model.probabilities == default_model().probabilities


PROBABILITIES = ("comparisons", "sex", "same")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON (line 1)"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[]", "it must be a JSON object"),
        (b"1" * 5000, "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (MOST_BYTES + 1), "larger than 4 MB"),
        (b'{"format": 1, "format": 1}', "says something twice"),
        (changed("format", to=2), "reads models of format 1"),
        (changed("format", to=True), "reads models of format 1"),
        (changed("thresholds", to=...), "says nothing of “thresholds”"),
        (changed("version", to="a b"), "The version is a name of at most 32"),
        (changed("version", to="x" * 33), "The version is a name of at most 32"),
        (changed("version", to=7), "The version is a name of at most 32"),
        (changed("about", to="\0"), "cannot be kept"),
        (changed("about", to=3), "“about” must be a text"),
        (changed("sources", to=[3]), "“sources” must be a list of texts"),
        (changed("population", to=0), "whole number from 1"),
        (changed("population", to=2.5), "whole number from 1"),
        (changed("population", to="many"), "whole number from 1"),
        (changed("others", to=[]), "“others” must say twin and sibling"),
        (changed("others", "twin", to=0), "“twin” must be a number above 0"),
        (changed("thresholds", "link", to="5"), "“link” must be a number of bits"),
        (changed("thresholds", "link", to=float("nan")), "“link” must be a number of bits"),
        (changed("thresholds", "link", to=float("inf")), "“link” must be a number of bits"),
        (changed("thresholds", "link", to=10**400), "“link” must be a number of bits"),
        (changed("thresholds", "review", to=6), "must not be above “link”"),
        (changed("thresholds", "tie", to=-1), "must not be below 0"),
        (changed("thresholds", "wide", to=1), "must say link, review and tie, and nothing else"),
        (changed("rarity", to=[]), "must hold the tables of names"),
        (changed("rarity", "together", to=1.5), "“together” must be a whole number"),
        (changed("rarity", "forename", to={"a": "amy"}), "How rare a name is must be a whole number"),
        (changed("rarity", "surname", to={"60": ["smith"]}), "The table of names “surname”"),
        (changed("comparisons", to=3), "must hold the comparisons of format 1"),
        (changed("comparisons", "shoes", to={}), "a comparison “shoes” that this release does not know"),
        (changed("comparisons", "sex", to=...), "lacks the comparison “sex”"),
        (changed("comparisons", "sex", to=[]), "“sex” must hold its levels"),
        (changed(*PROBABILITIES, to=...), "“sex” lacks the level “same”"),
        (changed("comparisons", "sex", "odd", to=[1, 1, 1, 1]), "“sex” has a level “odd” that"),
        (changed(*PROBABILITIES, to=[1, 1, 1]), "“same” of “sex” needs 4 numbers"),
        (changed(*PROBABILITIES, to=[1, 1, 1, "1"]), "holds what is not a number"),
        (changed(*PROBABILITIES, to=[1, 1, 1, None]), "holds what is not a number"),
        (changed(*PROBABILITIES, to=[1, 1, 1, True]), "holds what is not a number"),
        (changed(*PROBABILITIES, to=[1, 1, 1, float("nan")]), "holds what is not a number"),
        (changed(*PROBABILITIES, to=[1, 1, 1, 0]), "probabilities above 0"),
        (changed(*PROBABILITIES, to=[1, 1, 1, 2]), "probabilities above 0"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_a_sentence_of_its_own(data, said):
    with pytest.raises(InvalidInput) as fault:
        check_model(data)
    assert said in str(fault.value)


def test_settings_that_splink_trained_become_a_model_named_after_them():
    settings = to_splink(default_model()).encode()
    checked = check_any_model(settings)
    assert checked.model.version.startswith("splink-")
    assert check_any_model(settings) == checked
    assert check_any_model(shipped_text().encode()).text == shipped_text()
    with pytest.raises(InvalidInput, match="no Splink settings"):
        check_any_model(b'{"comparisons": [{}]}')
    with pytest.raises(InvalidInput, match="are no list"):
        check_any_model(changed("comparisons", to=[]))
