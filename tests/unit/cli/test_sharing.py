"""How workers share the tests: whole files, the browser's tests together, and what takes longest first."""

from types import SimpleNamespace

import pytest
from tests.plugin import pytest_collection_modifyitems, scope_of

BROWSER = "tests/system/test_find.py::test_wide[wide-a::b]"
KILLS = "tests/integration/test_kills.py::test_it"
OTHER = "tests/integration/test_find.py::test_it"
UNIT = "tests/unit/find/test_find.py::test_it[tests/system/]"


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        (BROWSER, "tests/system/"),
        ("tests/system/test_other.py::test_it", "tests/system/"),
        (KILLS, "tests/integration/test_kills.py"),
        (UNIT, "tests/unit/find/test_find.py"),
    ],
)
def test_what_is_costly_to_make_is_made_by_one_worker(nodeid, scope):
    assert scope_of(nodeid) == scope


@pytest.mark.parametrize(
    ("config", "order"),
    [
        (SimpleNamespace(workerinput={}), [BROWSER, KILLS, OTHER, UNIT]),
        (SimpleNamespace(), [UNIT, OTHER, BROWSER, KILLS]),
    ],
)
def test_workers_begin_with_what_takes_longest(config, order):
    items = [
        SimpleNamespace(nodeid=UNIT),
        SimpleNamespace(nodeid=OTHER),
        SimpleNamespace(nodeid=BROWSER),
        SimpleNamespace(nodeid=KILLS),
    ]
    pytest_collection_modifyitems(config, items)
    assert [one.nodeid for one in items] == order
