"""Names an organisation's provider by what it publishes of itself, ends it, unbinds an account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from contactpoint.access.organisation.asking import get_json, is_safe
from contactpoint.access.organisation.provider import ALLOWED_ALGORITHMS, NotProven
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.storage import sign_in_providers as stored
from contactpoint.storage.accounts import organisation_exists
from contactpoint.storage.sign_in_providers import ProviderRow

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def name_provider(
    code: str,
    *,
    issuer: str,
    client_id: str,
    acr: tuple[str, ...],
    amr: tuple[str, ...],
    by: Viewer,
    at: datetime,
) -> ProviderRow:
    """Let an organisation sign its people in by the provider that an issuer publishes.

    Raises:
        NotFound: there is no such organisation.
        InvalidInput: the provider does not answer, or cannot do what we ask of it.
    """
    if not organisation_exists(code):
        raise NotFound(f"There is no organisation {code}.")
    try:
        told = get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except NotProven as fault:
        raise InvalidInput(f"{issuer} does not publish how it signs people in. {fault}") from fault
    row = ProviderRow(
        organisation=code,
        issuer=issuer,
        client_id=client_id,
        algorithms=_algorithms(told, issuer),
        acr=acr,
        amr=amr,
        **{name: str(told[name]) for name in _ENDPOINTS},
    )
    with transaction.atomic():
        stored.put_provider(row, at)
        details = {"organisation": code, "issuer": issuer, "client": client_id, "acr": acr, "amr": amr}
        record(Action.NAMED_PROVIDER, by=by, at=at, details=details)
    return row


@transaction.atomic
def end_provider(code: str, *, by: Viewer, at: datetime) -> bool:
    """Let an organisation sign nobody in any more; False where it did not."""
    if not stored.end_provider(code, at):
        return False
    record(Action.NAMED_PROVIDER, by=by, at=at, details={"organisation": code, "issuer": ""})
    return True


@transaction.atomic
def forget_binding(account: UUID, *, by: Viewer, at: datetime) -> bool:
    """Unbind an account; False where it was not bound."""
    if not stored.forget(account):
        return False
    record(Action.NAMED_PROVIDER, by=by, at=at, details={"account": str(account), "forgotten": True})
    return True


def _algorithms(told: dict[str, Any], issuer: str) -> tuple[str, ...]:
    """Check what a provider says of itself, and return the algorithms we take of it."""
    if told.get("issuer") != issuer:
        raise InvalidInput(f"What is published there is of another issuer: {str(told.get('issuer'))[:200]}.")
    unsafe = [name for name in _ENDPOINTS if not is_safe(str(told.get(name, "")))]
    if unsafe:
        raise InvalidInput(f"It has no {unsafe[0]} over TLS.")
    needs = (
        ("code", "response_types_supported"),
        ("S256", "code_challenge_methods_supported"),
        ("private_key_jwt", "token_endpoint_auth_methods_supported"),
    )
    for value, name in needs:
        if value not in told.get(name, ()):
            raise InvalidInput(f"It cannot do {value}, which we need ({name}).")
    found = ALLOWED_ALGORITHMS & set(told.get("id_token_signing_alg_values_supported", ()))
    if not found:
        raise InvalidInput(f"It signs with none of {', '.join(sorted(ALLOWED_ALGORITHMS))}.")
    return tuple(sorted(found))
