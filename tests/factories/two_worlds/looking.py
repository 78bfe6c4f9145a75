"""Somebody at a browser: sends requests one after the other, and everything that comes back is noted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import Resolver404, resolve
from tests.factories.proofs import prove
from tests.factories.two_worlds.lookers import ACCOUNTS
from tests.factories.two_worlds.pages import Page, read
from tests.factories.two_worlds.still import Still
from tests.factories.two_worlds.transcript import Transcript

from contactpoint.access.audit import note_sign_in
from contactpoint.storage.models import Account

Typed = Mapping[str, str | list[str]]


@dataclass(slots=True)
class World:
    """One of the two, while it is looked at: what was shown, and what was met so far."""

    still: Still
    seen: Transcript = field(default_factory=Transcript)
    steps: int = 0
    delivered: int = 0
    counts_differ: bool = True
    numbers: tuple[str, ...] = ("",)
    desk: bool = False
    met: dict[str, int] = field(default_factory=dict)
    typed: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    addresses: dict[str, str] = field(default_factory=dict)

    def step(self, who: str) -> str:
        """Begin the next step; its name."""
        self.steps += 1
        self.still.step_to(self.steps, who)
        return f"{self.steps}. {who}"


class Browser:
    """One person who is signed in, or a stranger."""

    def __init__(self, who: str, world: World) -> None:
        self.who = who
        self.world = world
        self._client = Client(raise_request_exception=False)
        self.here, self.page, self.status = "/", Page(), 0
        if who in ACCOUNTS:
            world.step(f"{who} signs in")
            self._client.force_login(Account.objects.get(pk=ACCOUNTS[who]))
            # For as long as anybody looks: a page that asks for a proof would hide what it shows.
            prove(self._client, ACCOUNTS[who], at=9_999_999_999)
            note_sign_in(ACCOUNTS[who], request_id="test")
            self._prove()

    def _prove(self) -> None:
        """Have entered the second factor just now: pages that ask for it are looked at, not what asks."""
        session = self._client.session
        entered = {"method": "mfa", "type": "totp", "at": self.world.still.seconds()}
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [entered]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(ACCOUNTS[self.who])
        session.save()

    def get(self, address: str) -> str:
        """Open an address; where that led."""
        return self._send("GET", address, {})

    def post(self, address: str, typed: Typed) -> str:
        """Send a form, go where it leads; where that was."""
        return self._send("POST", address, typed)

    def _send(self, method: str, address: str, typed: Typed) -> str:
        for _ in range(4):
            what = self.world.step(f"{self.who}: {method} {_route(address)}")
            if method == "GET":
                response = self._client.get(address, dict(typed) or None)
            else:
                response = self._client.post(address, typed)
            self._keep(what, address, response)
            if response.status_code != 302:
                break
            method, address, typed = "GET", response["Location"], {}
        self.here, self.status = address, response.status_code
        return address

    def _keep(self, what: str, address: str, response) -> None:
        headers = [f"{name}: {value}" for name, value in sorted(response.headers.items())]
        cookies = response.cookies.output().splitlines()
        text = (response.content if not response.streaming else b"".join(response.streaming_content)).decode()
        # A page that falls over in every world alike would compare as nothing.
        assert response.status_code < 500, (what, text[:500])
        self.world.seen.show(what, "\n".join([str(response.status_code), *headers, *cookies, "", text]))
        route = _route(address).partition("?")[0]
        self.world.met[route] = self.world.met.get(route, 0) + 1
        self.page = read(text, address) if response["Content-Type"].startswith("text/html") else Page()
        for link in [*self.page.links, *(form.action for form in self.page.forms)]:
            self.world.addresses.setdefault(link, self.who)


def _route(address: str) -> str:
    """The name of an address, with what is asked of it."""
    path, _, asked = address.partition("?")
    try:
        return f"{resolve(path).url_name}{'?' if asked else ''}{asked}"
    except Resolver404:
        return path
