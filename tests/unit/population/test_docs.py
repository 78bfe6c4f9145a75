"""docs/population.md states every rate the generator uses; a rate changed in one place only fails here."""

from pathlib import Path

import pytest

from contactpoint.population.circumstances import RATES
from contactpoint.population.contracts import HABITS
from contactpoint.population.errors import ERRORS, SECOND
from contactpoint.population.second import DEPRIVATION, GROUPS
from contactpoint.population.traditions import TRADITIONS

PAGE = (Path(__file__).parents[3] / "docs" / "population.md").read_text(encoding="utf-8")


def percent(share):
    return f"{100 * share:.3g} %"


@pytest.mark.parametrize("kind", ERRORS + SECOND, ids=lambda k: k.code)
def test_every_error_stands_with_its_rate_and_source(kind):
    rate = "-" if kind.pair_rate is None else percent(kind.pair_rate)

    assert f"| `{kind.code}` | {kind.field} | {rate} | {kind.group or '-'} | {kind.source} |" in PAGE


@pytest.mark.parametrize("name", RATES)
def test_every_circumstance_stands_with_its_rate_and_source(name):
    rate = RATES[name]

    assert f"| {name.replace('_', ' ')} | {percent(rate.share)} | {rate.source} |" in PAGE


@pytest.mark.parametrize("name", HABITS)
def test_every_source_stands_with_its_habits(name):
    h = HABITS[name]

    assert f"| {name} | x {h.errors} | {percent(h.stale_address)} | {percent(h.stale_surname)} |" in PAGE


@pytest.mark.parametrize("tradition", TRADITIONS, ids=lambda t: t.name)
def test_every_group_difference_is_stated(tradition):
    row = f"| {tradition.name} | x {tradition.misspelt} | x {tradition.misdated} | x {tradition.reordered} |"

    assert row in PAGE


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_difference_of_the_second_model_is_stated(name):
    group = GROUPS[name]

    assert f"| {name} | x {group.ear} | x {group.script} | x {group.clerk} |" in PAGE


def test_what_deprivation_multiplies_is_stated():
    assert ", ".join(f"x {factor}" for factor in DEPRIVATION) in PAGE
