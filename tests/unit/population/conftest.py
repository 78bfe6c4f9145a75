from datetime import date

import pytest

from contactpoint.population import PopulationConfig, generate


@pytest.fixture(scope="session")
def otherwise(tmp_path_factory):
    """The same children, with the mistakes of the second error model."""
    folder = tmp_path_factory.mktemp("otherwise")
    config = PopulationConfig(
        children=4000, authorities=("353", "354"), seed=7, as_at=date(2026, 11, 22), mistakes="second"
    )
    return folder, generate(config, folder)


@pytest.fixture(scope="session")
def england(tmp_path_factory):
    """Four thousand children of Oldham and Rochdale, as files, with the report of making them."""
    folder = tmp_path_factory.mktemp("england")
    config = PopulationConfig(children=4000, authorities=("353", "354"), seed=7, as_at=date(2026, 11, 22))
    return folder, generate(config, folder)
