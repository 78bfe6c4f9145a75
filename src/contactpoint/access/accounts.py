"""Reads accounts and memberships, and makes viewers of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.standing import Standing
from contactpoint.storage.incidents import is_shut_for
from contactpoint.storage.models.accounts import Account, Membership
from contactpoint.storage.queries.rollout import gate_of
from contactpoint.storage.sign_in_providers import is_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingAs:
    """One thing an account may act as: a role for an organisation."""

    membership_id: int
    role: Role
    organisation_name: str
    organisation_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is signed in: as what, in which standing; no viewer while the choice of role is open."""

    viewer: Viewer | None
    standing: Standing | None
    choices: tuple[ActingAs, ...]


def second_factors(account_id: UUID) -> tuple[str, ...]:
    """The kinds of second factor set up for the account, one entry each: "totp", "webauthn" (R4)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    rows = Authenticator.objects.filter(user_id=account_id, type__in=kinds).order_by("type", "pk")
    return tuple(rows.values_list("type", flat=True))


def factor_since(account_id: UUID) -> date | None:
    """The day on which the newest second factor was set up, None where there is none (R4)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    rows = Authenticator.objects.filter(user_id=account_id, type__in=kinds).order_by("-created_at")
    return _day(rows.values_list("created_at", flat=True).first())


def signed_in(
    account_id: UUID,
    *,
    membership_id: int | None,
    request_id: str,
    on: date,
    by_organisation: str | None = None,
) -> SignedIn:
    """Work out what an account acts as now.

    `membership_id` is what the person chose in this session; somebody with one membership need not choose.
    Whom an organisation signed in acts for that organisation alone, for as long as it signs its people in.
    """
    if by_organisation is not None and not is_in_force(by_organisation):
        return SignedIn(viewer=None, standing=None, choices=())
    account = Account.objects.get(pk=account_id)
    memberships = list(
        Membership.objects.filter(account_id=account_id)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=timezone.now()))
        .filter(Q(organisation_id=by_organisation) if by_organisation is not None else Q())
        .select_related("organisation")
        .order_by("id")
    )
    choices = tuple(
        ActingAs(
            membership_id=row.pk,
            role=Role(row.role),
            organisation_name=row.organisation.name,
            organisation_code=row.organisation_id,
        )
        for row in memberships
    )
    chosen = memberships if len(memberships) == 1 else [row for row in memberships if row.pk == membership_id]
    if not chosen:
        return SignedIn(viewer=None, standing=None, choices=choices)
    standing = _standing(account, chosen[0], vouched_for=by_organisation is not None)
    viewer = _viewer(account, chosen[0], standing, request_id=request_id, on=on)
    return SignedIn(viewer=viewer, standing=standing, choices=choices)


def note_use(account_id: UUID, at: datetime) -> None:
    """Remember that the account was used today, at most one write a day; an idle account stays idle."""
    start_of_day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    Account.objects.filter(pk=account_id).filter(
        Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=start_of_day)
    ).update(last_seen_at=at)


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _standing(account: Account, membership: Membership, *, vouched_for: bool) -> Standing:
    waits, opens_on = (
        gate_of(membership.organisation_id) if membership.role == Role.PRACTITIONER else (False, None)
    )
    return Standing(
        accredited_until=membership.organisation.accredited_until,
        checked_on=account.checked_on,
        trained_until=account.trained_until,
        agreement_signed_on=account.agreement_signed_on,
        last_seen=_day(account.last_seen_at),
        suspended_on=_day(account.suspended_at),
        factor_since=factor_since(account.pk),
        renew_by=account.renew_by,
        vouched_for=vouched_for,
        shut=is_shut_for(membership.organisation_id),
        waits=waits,
        opens_on=opens_on,
    )


def _viewer(
    account: Account, membership: Membership, standing: Standing, *, request_id: str, on: date
) -> Viewer:
    organisation = membership.organisation
    return Viewer(
        account_id=account.pk,
        name=account.name,
        role=Role(membership.role),
        organisation_code=organisation.code,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        authority=organisation.authority or None,
        job_title=account.job_title or None,
        phone=account.phone or None,
        services=tuple(membership.services),
        lapses=standing.lapses(on),
        request_id=request_id,
    )
