"""The data folder and its secrets."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from contactpoint.cli import home
from contactpoint.cli.england import configure
from contactpoint.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("named", "user", "reachable", "expected"),
    [
        ("/srv/cp", 0, False, "/srv/cp"),
        ("/srv/cp", 1000, True, "/srv/cp"),
        (None, 1000, False, "{checkout}/.contactpoint"),
        (None, 0, True, "{checkout}/.contactpoint"),
        (None, 0, False, "/var/lib/contactpoint/"),
    ],
)
def test_where_it_is(named, user, reachable, expected, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(home, "open_to_all", lambda _path: reachable)
    if named:
        monkeypatch.setenv("CONTACTPOINT_HOME", named)
    else:
        monkeypatch.delenv("CONTACTPOINT_HOME", raising=False)

    assert str(home.default_home()).startswith(expected.format(checkout=home.CHECKOUT))


def test_a_folder_below_a_shut_one_is_not_open_to_all(tmp_path):
    below = tmp_path / "shut" / "below"
    below.mkdir(parents=True)
    below.parent.chmod(0o700)

    assert not home.open_to_all(below)
    assert home.open_to_all(tmp_path.anchor and home.Path("/"))


def test_everybody_who_asks_at_once_gets_the_same_secret(tmp_path):
    folder = home.make_home(tmp_path / "home")

    with ThreadPoolExecutor(8) as pool:
        given = set(pool.map(lambda _: home.secret(folder, "key"), range(32)))

    assert len(given) == 1
    assert stat.S_IMODE((folder / "secrets" / "key").stat().st_mode) == 0o600
    assert [path.name for path in (folder / "secrets").iterdir()] == ["key"]


@pytest.mark.parametrize(
    ("authorities", "codes"),
    [("3", ("353", "354", "357")), ("353", ("353",)), ("353, 301", ("353", "301"))],
)
def test_authorities_are_a_count_or_codes(authorities, codes):
    assert configure(children=1000, authorities=authorities, seed=1, as_at=None).codes == codes


@pytest.mark.parametrize(
    ("children", "authorities", "why"),
    [
        (50, "1", "at least 100"),
        (1000, "0", "between 1 and"),
        (1000, "999", "999"),
        (1000, "", "one or more"),
        (1000, "x", "x"),
    ],
)
def test_what_makes_no_england_is_bad_input(children, authorities, why):
    with pytest.raises(InvalidInput, match=why):
        configure(children=children, authorities=authorities, seed=1, as_at=None)
