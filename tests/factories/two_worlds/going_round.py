"""Everybody goes everywhere: follows every link and sends every form that they are shown, before and after.

Nothing here names a page, but those that nothing links to. So whatever is added is gone through as well.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from itertools import islice
from uuid import UUID

from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.utils import timezone
from tests.factories.two_worlds.desk import UNSEEN, decide
from tests.factories.two_worlds.lookers import LOOKERS, Looker
from tests.factories.two_worlds.looking import Browser, World
from tests.factories.two_worlds.meanwhile import work
from tests.factories.two_worlds.pages import Form, ways_on

from contactpoint.web.decisions import DECISIONS, Shows

REASON = {"purpose": "safeguarding"}
# So many addresses are opened of a kind, and so many forms of a kind are sent.
OPENED, SENT = 3, 2
# What ends a session or shuts everything comes last.
ENDS = frozenset(
    {
        "account_logout",
        "lock",
        "locked",
        "end_session",
        "end_all_sessions",
        "shut_access",
        "agree_to_shut",
        "open_access",
    }
)

# What somebody is entitled to see of what these worlds hide, and so is not compared: the national desk passes
# messages on to whoever is in contact (R40).
# Data managers read the archive, or are told which number is in another's (R48).
_HIDDEN = {
    "national": frozenset({"desk_message", "archive"}),
    "council": frozenset({"archive"}),
}
# Whoever runs a feed is told how many rows its own files held; compared where those are as many.
_COUNTS = {who: frozenset({"feed", "feed_rejects"}) for who in ("council", "national")}


def passed_by(who: str, *, counts_differ: bool) -> frozenset[str]:
    """The pages that somebody does not open: what ends everything, and what they are entitled to."""
    counts = _COUNTS.get(who, frozenset()) if counts_differ else frozenset()
    return ENDS | _HIDDEN.get(who, frozenset()) | counts | {""}


def go_round(world: World, searches: Mapping[str, Mapping[str, str]]) -> None:
    """Everybody in turn, each with their searches; then time passes, and everybody looks once more."""
    stranger = Browser("stranger", world)
    for address in ("/", "/find/", "/help/", "/nothing-here/"):
        stranger.get(address)
    rounds = []
    for looker in LOOKERS:
        rounds.append(_Round(Browser(looker.name, world)))
        rounds[-1].everywhere(looker, searches)
    for one in rounds:
        _ask_what_was_seen(one.browser)
    for act in UNSEEN:
        decide(world, act)
    work(world)
    for one in rounds:
        one.again()
    sweep(world, [one.browser for one in rounds])


# Whose use is whose to ask about: the reviewer and the desk of Rochdale, about each other's (R52).
_ASK_ABOUT = {"reviewer": "rochdale", "rochdale": "consents"}


def _ask_what_was_seen(browser: Browser) -> None:
    """Ask of every child what somebody could see of it just now, where that is theirs to ask."""
    if browser.who not in _ASK_ABOUT:
        return
    for number in browser.world.numbers:
        browser.get("/use/could-see/")
        (form,) = (one for one in browser.page.forms if one.action == "/use/could-see/")
        at = timezone.localtime(browser.world.still.now)
        said = {"email": f"{_ASK_ABOUT[browser.who]}@example.org", "child": number, "because": "Asked"}
        day = {"day-day": str(at.day), "day-month": str(at.month), "day-year": str(at.year)}
        browser.post(form.action, {**form.filled(-1), **said, **day, "time": f"{at:%H:%M:%S}"})


def sweep(world: World, browsers: Sequence[Browser]) -> None:
    """Try every address there is, linked or not: one of them opens it, another sends something to it.

    Where an address leads to one thing, that of somebody else is tried if any was met. What ends a session or
    shuts access comes last.
    """
    for place, name in enumerate(sorted(DECISIONS, key=lambda name: (name in ENDS, name))):
        address = _one_of(world, name)
        may = [
            one
            for one in browsers
            if name not in passed_by(one.who, counts_differ=world.counts_differ) - ENDS
        ]
        opens, sends = (may[(place + step) % len(may)] for step in (0, 5))
        opens.get(address)
        sends.post(address, {"form_key": str(UUID(int=place)), "because": "Nobody knows"})


_NOTHING = {
    "handle": "bm90aGluZw",
    "link": "bm90aGluZw",
    "pk": 1,
    "step": "confirm",
    "service": "school_nurse",
    "code": "childrens-services-353",
    "session": UUID(int=1),
    "account": UUID(int=2),
    "file": 1,
    "number": 1,
    "key": "searches_a_minute",
    "kind": "how",
    "correction": 1,
}
# Of a part of an address that is named nowhere above.
_OF_A_KIND = {IntConverter: 1, UUIDConverter: UUID(int=1)}


def _one_of(world: World, name: str) -> str:
    """An address of this name: one that somebody met, or else one that leads nowhere."""
    if met := [one for one in world.addresses if kind_of(one) == name]:
        return met[-1]
    (pattern,) = (one for one in get_resolver("contactpoint.web.urls").url_patterns if one.name == name)
    nowhere = {
        key: _NOTHING.get(key, _OF_A_KIND.get(type(kind), "nothing"))
        for key, kind in pattern.pattern.converters.items()
    }
    return reverse(name, kwargs=nowhere)


class _Round:
    """One person's way through everything."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._passed_by = passed_by(browser.who, counts_differ=browser.world.counts_differ)
        self._opened: Counter[str] = Counter()
        self._sent: Counter[str] = Counter()
        self._known: dict[str, None] = {}  # in the order in which they were met
        self._ways: deque[str] = deque()
        self._forms: deque[Form] = deque()

    def everywhere(self, looker: Looker, searches: Mapping[str, Mapping[str, str]]) -> None:
        """Search, then open and send whatever there is until nothing new is met."""
        self.browser.get("/")
        self._note()
        for typed in islice(searches.values(), looker.searches):
            self.browser.post("/find/", {**REASON, **typed})
            self._note()
        while self._ways or self._forms:
            if self._ways:
                self.browser.get(self._ways.popleft())
            else:
                self._send(self._forms.popleft())
            self._note()

    def again(self) -> None:
        """Look once more at every page that may have changed, but for those on the account itself."""
        for address in self._known:
            kind = kind_of(address)
            shows = DECISIONS.get(kind, Shows.NOTHING)
            if shows not in {Shows.NOTHING, Shows.OWN_ACCOUNT} and address == only_address_of(kind):
                self.browser.get(address)

    def _note(self) -> None:
        for address in ways_on(self.browser.page):
            kind = kind_of(address)
            if (
                kind.partition("?")[0] in self._passed_by
                or address in self._known
                or self._opened[kind] >= OPENED
            ):
                continue
            self._known[address] = None
            self._opened[kind] += 1
            self._ways.append(address)
        for form in self.browser.page.forms:
            kind = kind_of(form.action)
            if kind.partition("?")[0] not in self._passed_by and self._sent[kind] < SENT:
                self._sent[kind] += 1
                self._forms.append(form)

    def _send(self, form: Form) -> None:
        turn = self._sent[kind_of(form.action)] - 1
        if form.method == "get":
            self.browser.get(form.action)
            return
        self.browser.post(form.action, form.filled(turn, self.browser.world.numbers))
        say_how(self.browser)


def say_how(browser: Browser) -> None:
    """Say how one comes to ask, where a record waits for that; it opens then (ADR 59)."""
    for form in browser.page.forms:
        if kind_of(form.action) == "how_come":
            browser.post(form.action, {**form.filled(0), "how": "with_me"})
            return


def kind_of(address: str) -> str:
    """The name of an address and of what is asked of it: of those a few are opened."""
    path, _, asked = address.partition("?")
    try:
        found = resolve(path).url_name or ""
    except Resolver404:
        return ""
    return f"{found}?{asked}" if asked else found


def only_address_of(name: str) -> str | None:
    """The address of a page that has only one."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
