"""Signs somebody in whom their organisation vouches for: invited people of that organisation, nobody else.

At the first sign-in an account is bound to what the issuer calls its owner; from then on only that counts.
What such a session may do is what the account may for that organisation, and no more.
"""

import time
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from contactpoint.access import sessions
from contactpoint.access.audit import note_by_organisation, note_not_by_organisation, note_own
from contactpoint.access.middleware import LOCKED
from contactpoint.access.organisation.asking import get_json, post_form
from contactpoint.access.organisation.keys import our_key
from contactpoint.access.organisation.provider import NotProven, Proven, Started, StrictProvider
from contactpoint.access.signals import request_id
from contactpoint.domain.audit.events import Action
from contactpoint.domain.errors import NotFound
from contactpoint.storage import sign_in_providers as stored

STARTED: Final = "organisation_sign_in"
_GOOD_FOR: Final = 600  # seconds in which an answer has to come back
_BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
_log = structlog.get_logger("contactpoint.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An organisation one may sign in with."""

    code: str
    name: str


def choices() -> tuple[Choice, ...]:
    """The organisations that sign their own people in, by name."""
    return tuple(Choice(code=code, name=name) for code, name in stored.organisations())


def begin(request: HttpRequest, code: str, *, again: bool, then: str = "") -> str:
    """Begin a sign-in, and return where the browser goes; `then` is the page that waits for it.

    Raises:
        NotFound: that organisation does not sign its people in.
    """
    provider = _provider(code)
    started = Started.fresh(again=again)
    kept = {"code": code, "at": time.time(), "then": then, **asdict(started)}
    request.session[STARTED] = kept
    return provider.address(started, _back())


def finish(request: HttpRequest) -> str | None:
    """Sign somebody in by the answer that came back, once; return the page that waits, "" for none.

    None where it proves nothing, or nobody who was invited; it is recorded, and the log says what it was.
    """
    kept: dict[str, Any] = request.session.pop(STARTED, None) or {}
    code = str(kept.get("code", ""))
    try:
        started = _started(kept)
        proven = _ask(_provider(code), request, started)
        account = _account_of(proven, code, request)
    except (NotProven, NotFound) as fault:
        _log.warning("organisation_sign_in_refused", organisation=code, because=str(fault))
        note_not_by_organisation(code, request_id=request_id(request))
        return None
    _sign_in(request, account, code)
    return str(kept["then"])


def _started(kept: dict[str, Any]) -> Started:
    if not kept or time.time() - kept["at"] > _GOOD_FOR:
        raise NotProven("No sign-in was begun here just now.")
    return Started(**{name: kept[name] for name in ("state", "nonce", "verifier", "again")})


def _ask(provider: StrictProvider, request: HttpRequest, started: Started) -> Proven:
    sent = {name: str(value) for name, value in request.GET.items()}
    code = provider.code_in(sent, started)
    form = provider.exchange(code, started, _back(), our_key(), time.time())
    answer = post_form(provider.token_endpoint, form)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NotProven("The provider gave no ID token.")
    return provider.proven_by(token, get_json(provider.jwks_uri), started, time.time())


def _account_of(proven: Proven, code: str, request: HttpRequest) -> UUID:
    """The account bound to a subject; at its first sign-in, the invited one of the verified address."""
    account = stored.bound_account(proven.issuer, proven.subject)
    if account is None:
        account = _bind(proven, code, request)
    if not stored.acts_for(account, code):
        raise NotProven("The account does not act for that organisation.")
    return account


def _bind(proven: Proven, code: str, request: HttpRequest) -> UUID:
    account = stored.invited(proven.email, code, issuer=proven.issuer) if proven.email else None
    if account is None:
        raise NotProven("Nobody of that address was invited there, or they are bound already.")
    try:
        with transaction.atomic():
            stored.bind(account, proven.issuer, proven.subject, timezone.now())
            note_own(
                Action.BOUND_SIGN_IN, account, request_id=request_id(request), details={"organisation": code}
            )
    except IntegrityError:
        raise NotProven("They were bound meanwhile.") from None
    return account


def _sign_in(request: HttpRequest, account: UUID, code: str) -> None:
    user = stored.account_row(account)
    request.session.pop(LOCKED, None)
    login(request, user, backend=_BACKEND)
    request.session[sessions.BY_ORGANISATION] = code
    request.session[sessions.PROVED] = time.time()
    request.session.pop(sessions.MEMBERSHIP, None)
    note_by_organisation(account, code, request_id=request_id(request))
    sessions.begin(request, timezone.now())
    request.session.cycle_key()
    sessions.renew(request)


def _provider(code: str) -> StrictProvider:
    found = stored.provider_of(code)
    if found is None:
        raise NotFound("That organisation does not sign its people in here. Sign in with your password.")
    return StrictProvider(
        issuer=found.issuer,
        client_id=found.client_id,
        authorization_endpoint=found.authorization_endpoint,
        token_endpoint=found.token_endpoint,
        jwks_uri=found.jwks_uri,
        algorithms=frozenset(found.algorithms),
        acr=frozenset(found.acr),
        amr=frozenset(found.amr),
    )


def _back() -> str:
    return f"{settings.ORIGIN}{reverse('organisation_answer')}"
