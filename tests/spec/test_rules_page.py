"""The page of rules says what is so: every place and every test exists and names its rule."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest
from tests.spec.findings import FINDINGS
from tests.spec.rules import PAGE, RULES, page

ROOT = Path(__file__).parents[2]


def find(dotted):
    """The module, class or function of a dotted name."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise AssertionError(dotted)


def names(text, number):
    """Whether a text cites a rule by its number, alone or within a range like R26-R34."""
    ranges = re.findall(r"R(\d+)-R(\d+)", text)
    return bool(re.search(rf"\bR{number}\b", text)) or any(
        int(first) <= number <= int(last) for first, last in ranges
    )


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.rules"


def test_every_rule_stands_once_in_order():
    assert [one.number for one in RULES] == list(range(1, 63))


@pytest.mark.parametrize(
    ("number", "place"), [(one.number, place) for one in RULES for place in one.lives], ids=str
)
def test_where_a_rule_lives_its_docstring_names_it(number, place):
    assert names(inspect.getsource(find(place)), number), place


@pytest.mark.parametrize(
    ("number", "test"), [(one.number, test) for one in RULES for test in one.tests], ids=str
)
def test_what_tests_a_rule_names_it(number, test):
    assert names((ROOT / test).read_text(encoding="utf-8"), number), test


def tables_naming(path, number):
    """The parametrised tests of a file whose name, text or table of rows cites a rule."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    tables = {
        target.id: ast.unparse(one.value)
        for one in body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    for one in body:
        marks = [ast.unparse(mark) for mark in getattr(one, "decorator_list", ())]
        rows = [mark for mark in marks if "parametrize" in mark]
        if not rows or not isinstance(one, ast.FunctionDef):
            continue
        read = [text for name, text in tables.items() for mark in rows if re.search(rf"\b{name}\b", mark)]
        said = [one.name.replace("test_r", "R").replace("_", " "), ast.get_docstring(one) or "", *rows, *read]
        if any(names(text, number) for text in said):
            yield one.name


@pytest.mark.parametrize("one", RULES, ids=lambda one: f"R{one.number}")
def test_every_rule_has_a_table_of_rows_that_names_it(one):
    tables = [test for test in one.tests if test.startswith(("tests/spec/", "tests/vectors/"))]
    assert any(name for test in tables for name in tables_naming(test, one.number)), tables


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.name)
def test_code_cites_only_rules_that_there_are(path):
    cited = {int(number) for number in re.findall(r"\bR(\d{1,2})\b", path.read_text(encoding="utf-8"))}
    assert cited <= {one.number for one in RULES}


def test_every_policy_is_on_the_page():
    from contactpoint.domain.disclosure.policies import RULES as POLICIES

    places = {place for one in RULES for place in one.lives}
    assert {f"{policy.__module__}.{policy.__name__}" for policy in POLICIES} <= places


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.published)
def test_what_follows_from_a_finding_is_there(finding):
    for place in finding.lives:
        assert (ROOT / (place if place.startswith("docs/") else f"src/contactpoint/{place}")).is_file(), place
    for test in finding.tests:
        assert "def test_" in (ROOT / test).read_text(encoding="utf-8"), test
