"""Each journey in the browser says of itself: given what, when what is done, then what comes of it."""

import ast
import re
from pathlib import Path

import pytest

SYSTEM = Path(__file__).parents[1] / "system"
WORDED = re.compile(r"(R\d[R\d, -]*: g|G)iven .+, when .+", re.DOTALL)
JOURNEYS = [
    (file.name, node.name, ast.get_docstring(node) or "")
    for file in sorted(SYSTEM.glob("test_*.py"))
    for node in ast.parse(file.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
]


def test_there_are_journeys():
    assert len(JOURNEYS) > 100


@pytest.mark.parametrize(("file", "name", "words"), JOURNEYS, ids=[f"{one[0]}:{one[1]}" for one in JOURNEYS])
def test_a_journey_is_worded(file, name, words):
    assert WORDED.match(words), f"{file}: say what {name} begins with, what is done and what comes of it"
