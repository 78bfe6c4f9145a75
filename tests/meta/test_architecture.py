"""docs/architecture.md and docs/operating.md name what is there: files, functions, commands."""

import re
from pathlib import Path

import pytest
import typer.main

from contactpoint.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("architecture.md", "operating.md")
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*(?:\.(?:py|sql|md|json|html))?/?)(?::(\w+))?`")
LINKED = re.compile(r"\]\(([^)#:]+)\)")
COMMAND = re.compile(r"`contactpoint ((?:[a-z]+(?:-[a-z]+)* ?)+)")


def named(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return sorted({(path, name) for path, name in NAMED.findall(prose) if not path.startswith("/")})


def where(path):
    return ROOT / path if path.startswith(("docs/", "tests/")) else ROOT / "src" / "contactpoint" / path


@pytest.mark.parametrize(("path", "name"), named("architecture.md"))
def test_the_architecture_names_what_is_there(path, name):
    file = where(path)
    assert file.exists(), f"docs/architecture.md names {path}"
    if name:
        assert re.search(rf"^(?:def|class) {name}\b", file.read_text(encoding="utf-8"), re.MULTILINE), (
            f"docs/architecture.md names {path}:{name}"
        )


def test_the_architecture_is_told_with_names():
    assert len(named("architecture.md")) > 60


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    links = LINKED.findall(text)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_operators_page_names_commands_that_there_are():
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    known = set()
    for name, command in typer.main.get_command(app).commands.items():
        known |= {name} | {f"{name} {below}" for below in getattr(command, "commands", {})}
    said = {found.strip() for found in COMMAND.findall(text)}
    assert {"backup", "restore", "upgrade", "doctor", "status", "audit verify"} <= said
    assert said <= known
