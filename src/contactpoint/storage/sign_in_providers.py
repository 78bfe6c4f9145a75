"""Organisations' own sign-in, and which account is whom an issuer names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contactpoint.storage.models.accounts import Account, Membership
from contactpoint.storage.models.sign_in import SignInBinding, SignInProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """How one organisation signs its people in."""

    organisation: str
    issuer: str
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]
    acr: tuple[str, ...]
    amr: tuple[str, ...]


def organisations() -> tuple[tuple[str, str], ...]:
    """Code and name of the organisations that sign their own people in, by name."""
    rows = SignInProvider.objects.filter(ended_at=None).order_by("organisation__name")
    return tuple(rows.values_list("organisation_id", "organisation__name"))


def provider_of(code: str) -> ProviderRow | None:
    """How an organisation signs its people in; None where it does not."""
    row = SignInProvider.objects.filter(organisation_id=code, ended_at=None).first()
    if row is None:
        return None
    return ProviderRow(
        organisation=code,
        issuer=row.issuer,
        client_id=row.client_id,
        authorization_endpoint=row.authorization_endpoint,
        token_endpoint=row.token_endpoint,
        jwks_uri=row.jwks_uri,
        algorithms=tuple(row.algorithms),
        acr=tuple(row.acr),
        amr=tuple(row.amr),
    )


def put_provider(row: ProviderRow, at: datetime) -> None:
    """Let an organisation sign its people in so from now on; what stood before ends."""
    end_provider(row.organisation, at)
    SignInProvider.objects.create(
        organisation_id=row.organisation,
        issuer=row.issuer,
        client_id=row.client_id,
        authorization_endpoint=row.authorization_endpoint,
        token_endpoint=row.token_endpoint,
        jwks_uri=row.jwks_uri,
        algorithms=list(row.algorithms),
        acr=list(row.acr),
        amr=list(row.amr),
        added_at=at,
    )


def end_provider(code: str, at: datetime) -> bool:
    """Let an organisation sign nobody in any more; False where it did not."""
    return SignInProvider.objects.filter(organisation_id=code, ended_at=None).update(ended_at=at) == 1


def is_in_force(code: str) -> bool:
    """Whether an organisation signs its people in now."""
    return SignInProvider.objects.filter(organisation_id=code, ended_at=None).exists()


def bound_account(issuer: str, subject: str) -> UUID | None:
    """The account that is whom an issuer names so."""
    rows = SignInBinding.objects.filter(issuer=issuer, subject=subject)
    return rows.values_list("account_id", flat=True).first()


def acts_for(account: UUID, code: str) -> bool:
    """Whether an open account acts for an organisation now."""
    return _acting(code).filter(account_id=account, account__is_active=True).exists()


def invited(email: str, code: str, *, issuer: str) -> UUID | None:
    """The open account of an address that acts for an organisation and is bound to nobody of the issuer."""
    bound = SignInBinding.objects.filter(account_id=OuterRef("pk"), issuer=issuer)
    acting = _acting(code).filter(account_id=OuterRef("pk"))
    rows = Account.objects.filter(Exists(acting), ~Exists(bound), email=email, is_active=True)
    return rows.values_list("pk", flat=True).first()


def bind(account: UUID, issuer: str, subject: str, at: datetime) -> None:
    """Bind an account to whom an issuer names so."""
    SignInBinding.objects.create(account_id=account, issuer=issuer, subject=subject, bound_at=at)


def forget(account: UUID) -> int:
    """Unbind an account, for whoever runs the service: its next sign-in binds it anew."""
    return SignInBinding.objects.filter(account_id=account).delete()[0]


def account_row(account: UUID) -> Account:
    """The row that the framework signs in."""
    return Account.objects.get(pk=account)


def _acting(code: str) -> QuerySet[Membership]:
    now = Q(ended_at__isnull=True) | Q(ended_at__gt=timezone.now())
    return Membership.objects.filter(now, organisation_id=code)
