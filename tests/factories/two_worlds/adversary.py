"""Somebody with many accounts, who tries whatever comes to mind: moves at random, the same in both worlds.

A move follows a link, sends a form, searches, or opens an address that another of the accounts was shown. Or
time passes: the worker does what waits, a source delivers, the shield desk joins and parts children, and
whoever runs the service types a command. What is shown of that is compared as well.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.factories.two_worlds.commands import DRAWN, type_command
from tests.factories.two_worlds.desk import OPENLY, UNSEEN, decide
from tests.factories.two_worlds.going_round import REASON, kind_of, passed_by, say_how
from tests.factories.two_worlds.lookers import LOOKERS
from tests.factories.two_worlds.looking import Browser, World
from tests.factories.two_worlds.meanwhile import deliver, work
from tests.factories.two_worlds.pages import ways_on
from tests.factories.two_worlds.searches import SEARCHES


class Move(NamedTuple):
    """One move: who, what, and which of those that can be chosen."""

    who: int
    what: str
    which: int


WAYS = (
    *("link", "link", "form", "form", "form", "search", "search", "another's", "work", "deliver"),
    *("command", "desk", "unseen desk", "unseen desk"),
)
_UNSEEN, _OPENLY = tuple(UNSEEN), tuple(OPENLY)


class Adversary:
    """All the accounts, and what they were shown so far."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world, self._folder = world, folder
        self._browsers: dict[str, Browser] = {}

    def play(self, moves: Sequence[Move]) -> None:
        """Make the moves; a move that cannot be made is passed over, in both worlds."""
        for move in moves:
            if move.what == "work":
                work(self._world)
            elif move.what == "deliver":
                deliver(self._world, self._folder, move.which)
            elif move.what == "command":
                type_command(self._world, self._folder, DRAWN[move.which % len(DRAWN)])
            elif move.what == "desk":
                decide(self._world, _OPENLY[move.which % len(_OPENLY)])
            elif move.what == "unseen desk":
                decide(self._world, _UNSEEN[move.which % len(_UNSEEN)])
            else:
                self._ask(self._browser(LOOKERS[move.who % len(LOOKERS)].name), move)

    def _browser(self, who: str) -> Browser:
        if who not in self._browsers:
            self._browsers[who] = Browser(who, self._world)
            self._browsers[who].get("/")
        return self._browsers[who]

    def _ask(self, browser: Browser, move: Move) -> None:
        if move.what == "search":
            searches = list(SEARCHES.values())
            browser.post("/find/", {**REASON, **searches[move.which % len(searches)]})
        elif move.what == "form":
            forms = [one for one in browser.page.forms if self._may_go(browser, one.action)]
            forms = [one for one in forms if one.method == "post"]
            if forms:
                form = forms[move.which % len(forms)]
                browser.post(form.action, form.filled(move.which % 5 - 1, self._world.numbers))
                if move.which % 4:
                    say_how(browser)
        elif ways := [one for one in self._ways(browser, move) if self._may_go(browser, one)]:
            browser.get(ways[move.which % len(ways)])

    def _ways(self, browser: Browser, move: Move) -> list[str]:
        if move.what == "link":
            return list(ways_on(browser.page))
        return [one for one, who in self._world.addresses.items() if who != browser.who]

    def _may_go(self, browser: Browser, address: str) -> bool:
        kind = kind_of(address).partition("?")[0]
        return kind not in passed_by(browser.who, counts_differ=self._world.counts_differ)
