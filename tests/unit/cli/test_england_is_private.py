"""The England of a directory holds the truth about it, and which records are two halves of one identity."""

import stat

from contactpoint.cli import filling
from contactpoint.cli.filling import England, make_england

SMALL = England(children=100, authorities="1", seed=1)


def mode(folder):
    return stat.S_IMODE(folder.stat().st_mode)


def test_nobody_else_may_enter_it(tmp_path, monkeypatch):
    during = []
    monkeypatch.setattr(filling, "generate_england", lambda folder, **_: during.append(mode(folder)))
    assert mode(make_england(tmp_path / "england", SMALL)) == 0o700
    assert during == [0o700]


def test_one_made_by_an_older_release_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(filling, "generate_england", lambda *_, **__: None)
    folder = make_england(tmp_path / "england", SMALL)
    folder.chmod(0o755)
    assert mode(make_england(folder, None)) == 0o700
