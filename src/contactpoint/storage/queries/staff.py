"""People with accounts and the bodies they act for, as those who manage accounts read and change them.

Every change goes through storage/sql/people.sql, which asks anew who makes it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.staff import AskedRole, Body, NewPerson, StaffFilter, StaffMember, StaffRole
from contactpoint.domain.standing import (
    AGREEMENT_LASTS_YEARS,
    CHECK_LASTS_YEARS,
    FACTOR_LASTS_YEARS,
    IDLE_DAYS,
    TOLD_BEFORE,
    Standing,
)
from contactpoint.storage.asking import fetch
from contactpoint.storage.sealed_involvements import pseudonyms

A_PAGE: Final = 50
_VOUCHED: Final = """EXISTS (SELECT FROM sign_in_binding s JOIN sign_in_provider p ON p.issuer = s.issuer
    WHERE s.account_id = a.id AND p.ended_at IS NULL)"""
_COLUMNS: Final = f"""
    SELECT a.id, a.name, a.email, a.job_title, a.phone, a.is_active, a.suspended_for, a.manager_id,
        coalesce(b.name, ''), i.invited_at, i.told_at, a.last_login IS NOT NULL, r.roles::text, a.checked_on,
        a.trained_until, a.agreement_signed_on, a.last_seen_at, a.suspended_at, f.since, a.renew_by,
        {_VOUCHED}
    FROM account a LEFT JOIN account b ON b.id = a.manager_id LEFT JOIN invitation i ON i.account_id = a.id
    LEFT JOIN LATERAL (SELECT max(x.created_at) AS since FROM mfa_authenticator x
        WHERE x.user_id = a.id AND x.type IN ('totp', 'webauthn')) f ON true
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_array(m.organisation_id, o.name, o.authority, m.role, m.services,
            o.accredited_until) ORDER BY m.id) AS roles
        FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.account_id = a.id AND m.ended_at IS NULL) r ON true
"""  # noqa: S608 - constants of this file
_IN_REACH: Final = """
    EXISTS (SELECT FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.account_id = a.id AND (m.ended_at IS NULL OR NOT a.is_active)
            AND (%(authority)s::text IS NULL OR o.authority = %(authority)s
                OR 'at:' || o.code = %(authority)s)
            AND (%(body)s::text IS NULL OR o.code = %(body)s))
"""
_WORDS: Final = "(a.name ILIKE %(like)s OR a.email ILIKE %(like)s)"
# The last good days of `Standing`, for the lists; a test holds the two together.
_YEARS_ON: Final = (
    "greatest({day} + interval '{years} years', {day} - 1 + interval '{years} years' + '1 day')::date"
)
CHECKED_UNTIL: Final = _YEARS_ON.format(day="a.checked_on", years=CHECK_LASTS_YEARS)
AGREED_UNTIL: Final = _YEARS_ON.format(day="a.agreement_signed_on", years=AGREEMENT_LASTS_YEARS)
_FACTOR: Final = _YEARS_ON.format(
    day="(f.since AT TIME ZONE 'Europe/London')::date", years=FACTOR_LASTS_YEARS
)
_SEEN: Final = "(a.last_seen_at AT TIME ZONE 'Europe/London')::date"
_FILTERS: Final = {
    StaffFilter.ALL: "a.is_active",
    StaffFilter.NOT_YET: "a.is_active AND a.last_login IS NULL",
    StaffFilter.LEFT: "NOT a.is_active",
    StaffFilter.KEPT_OUT: (
        f"a.is_active AND (a.suspended_at IS NOT NULL OR coalesce({CHECKED_UNTIL}, %(on)s) <= %(on)s"
        f" OR coalesce({AGREED_UNTIL}, %(on)s) <= %(on)s"
        " OR a.trained_until IS NULL OR a.trained_until < %(on)s OR a.renew_by < %(on)s"
        f" OR %(on)s - {_SEEN} > {IDLE_DAYS}"
        f" OR (a.last_login IS NOT NULL AND NOT {_VOUCHED} AND coalesce({_FACTOR}, %(on)s) <= %(on)s))"
    ),
    StaffFilter.ENDS_SOON: (
        f"a.is_active AND ({CHECKED_UNTIL} - 1 BETWEEN %(on)s AND %(soon)s"
        f" OR {AGREED_UNTIL} - 1 BETWEEN %(on)s AND %(soon)s"
        f" OR (NOT {_VOUCHED} AND {_FACTOR} - 1 BETWEEN %(on)s AND %(soon)s)"
        " OR a.trained_until BETWEEN %(on)s AND %(soon)s"
        " OR a.renew_by BETWEEN %(on)s AND %(soon)s)"
    ),
}
_BODIES: Final = """
    SELECT o.code, o.name, o.kind, o.authority, o.accredited_until, (
        SELECT count(DISTINCT m.account_id) FROM membership m
        WHERE m.organisation_id = o.code AND m.ended_at IS NULL), o.closed_on
    FROM organisation o WHERE (%(authority)s::text IS NULL OR o.authority = %(authority)s
                OR 'at:' || o.code = %(authority)s)
        AND (%(code)s::text IS NULL OR o.code = %(code)s)
        AND (o.name ILIKE %(like)s OR o.code ILIKE %(like)s)
        AND (NOT %(ending)s OR o.accredited_until IS NULL OR o.accredited_until <= %(soon)s)
    ORDER BY {order} LIMIT %(limit)s OFFSET %(skip)s
"""
_ASKED: Final = """
    SELECT g.id, a.id, a.name, g.role, o.code, o.name, o.kind, o.authority, b.id, b.name, g.asked_at
    FROM role_grant g JOIN account a ON a.id = g.account_id JOIN organisation o ON o.code = g.organisation_id
    JOIN account b ON b.id = g.asked_by_id
    WHERE g.agreed_at IS NULL AND g.ended_at IS NULL
        AND (%s::text IS NULL OR %s IN (o.authority, 'at:' || o.code)) ORDER BY g.id
"""


def people(
    *,
    authority: str | None,
    which: StaffFilter = StaffFilter.ALL,
    words: str = "",
    body: str | None = None,
    on: date,
    skip: int = 0,
    limit: int = A_PAGE,
) -> tuple[StaffMember, ...]:
    """Return people who act for a body of an authority, by name; None for the bodies of all."""
    query = f"""{_COLUMNS} WHERE {_IN_REACH} AND {_WORDS} AND {_FILTERS[which]}
        ORDER BY a.name, a.id LIMIT %(limit)s OFFSET %(skip)s"""
    values = {
        "authority": authority, "body": body, "like": _like(words), "on": on, "soon": on + TOLD_BEFORE,
        "skip": skip, "limit": limit,
    }  # fmt: skip
    return tuple(_member(row) for row in fetch(query, **values))


def count_ending(authority: str | None, on: date) -> int:
    """Count the people of whose account something ends within four weeks."""
    rows = people(authority=authority, which=StaffFilter.ENDS_SOON, on=on, limit=1000)
    return len(rows)


def person(account: UUID) -> StaffMember | None:
    """Return one of them, None if there is none."""
    found = fetch(f"{_COLUMNS} WHERE a.id = %(account)s", account=account)
    return _member(found[0]) if found else None


def managed_by(manager: UUID, body: str) -> tuple[StaffMember, ...]:
    """Return who names somebody as manager and acts for a body, by name."""
    query = f"""{_COLUMNS} WHERE a.manager_id = %(manager)s AND a.is_active AND EXISTS (
        SELECT FROM membership m
        WHERE m.account_id = a.id AND m.organisation_id = %(body)s AND m.ended_at IS NULL)
        ORDER BY a.renew_by NULLS LAST, a.name, a.id"""
    return tuple(_member(row) for row in fetch(query, manager=manager, body=body))


def open_accounts(after: UUID | None, limit: int) -> tuple[StaffMember, ...]:
    """Return open accounts that act for somebody, a piece at a time in the order of their ids."""
    query = f"""{_COLUMNS} WHERE a.is_active AND r.roles IS NOT NULL
        AND (%(after)s::uuid IS NULL OR a.id > %(after)s) ORDER BY a.id LIMIT %(limit)s"""
    return tuple(_member(row) for row in fetch(query, after=after, limit=limit))


def bodies(
    *,
    authority: str | None,
    words: str = "",
    code: str | None = None,
    ending: bool = False,
    on: date,
    skip: int = 0,
    limit: int = A_PAGE,
) -> tuple[Body, ...]:
    """Return bodies of an authority, or all, by name; those whose accreditation ends soon in that order."""
    order = "o.accredited_until NULLS FIRST, o.name, o.code" if ending else "o.name, o.code"
    values = {
        "authority": authority, "like": _like(words), "code": code, "ending": ending, "skip": skip,
        "soon": on + TOLD_BEFORE, "limit": limit,
    }  # fmt: skip
    names = ("code", "name", "kind", "authority", "accredited_until", "people", "closed_on")
    rows = fetch(_BODIES.format(order=order), **values)
    return tuple(Body(**dict(zip(names, row, strict=True))) for row in rows)


def asked_roles(authority: str | None) -> tuple[AskedRole, ...]:
    """Return roles that wait for a second person, oldest first."""
    names = (
        "id", "account", "name", "role", "organisation", "organisation_name", "organisation_kind",
        "authority", "asked_by", "asked_by_name", "asked_at",
    )  # fmt: skip
    found = [dict(zip(names, row, strict=True)) for row in fetch(_ASKED, authority, authority)]
    return tuple(AskedRole(**{**one, "role": Role(one["role"])}) for one in found)


def accredit_body(seeing: UUID, body: str, until: date) -> bool:
    """Accredit a body until a day."""
    return _said("SELECT accredit_body(%s, %s, %s)", seeing, body, until)


def invite_person(seeing: UUID, new: NewPerson, *, account: UUID, manager: UUID | None) -> bool:
    """Make an account nobody can sign in to yet; False where the e-mail address has one."""
    unusable = make_password(None)
    values = (
        seeing, account, new.email, new.name, new.job_title, new.phone, manager, unusable, new.organisation,
        new.checked_on, new.trained_until, new.agreement_signed_on,
    )  # fmt: skip
    return _said("SELECT invite_person(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", *values)


def invite_again(seeing: UUID, account: UUID) -> bool:
    """Let them be told again how to sign in; False where they have signed in."""
    return _said("SELECT invite_again(%s, %s)", seeing, account)


def give_role(seeing: UUID, account: UUID, body: str, role: Role, services: Sequence[str]) -> bool:
    """Give a role that one person may give; False where they have it."""
    provides = json.dumps(list(services))
    return _said("SELECT give_role(%s, %s, %s, %s, %s)", seeing, account, body, role.value, provides)


def ask_role(seeing: UUID, account: UUID, body: str, role: Role, services: Sequence[str]) -> bool:
    """Ask for a role that two people give; False where it is held or asked for."""
    provides = json.dumps(list(services))
    return _said(
        "SELECT ask_role(%s, %s, %s, %s, %s) IS NOT NULL", seeing, account, body, role.value, provides
    )


def agree_role(seeing: UUID, which: int) -> bool:
    """Agree to a role as the second person."""
    return _said("SELECT agree_role(%s, %s)", seeing, which)


def refuse_role(seeing: UUID, which: int) -> bool:
    """Let a role that was asked for be."""
    return _said("SELECT refuse_role(%s, %s)", seeing, which)


def record_standing(
    seeing: UUID,
    account: UUID,
    *,
    checked_on: date | None = None,
    trained_until: date | None = None,
    agreement_signed_on: date | None = None,
    manager: UUID | None = None,
) -> bool:
    """Record what somebody brought proof of; None leaves what stands."""
    values = (seeing, account, checked_on, trained_until, agreement_signed_on, manager)
    return _said("SELECT record_standing(%s, %s, %s, %s, %s, %s)", *values)


def suspend_person(seeing: UUID, account: UUID) -> bool:
    """Suspend an account; False where it is."""
    return _said("SELECT suspend_person(%s, %s)", seeing, account)


def reinstate_person(seeing: UUID, account: UUID) -> bool:
    """Open an account again; False where a review closed it."""
    return _said("SELECT reinstate_person(%s, %s)", seeing, account)


def renew_account(seeing: UUID, account: UUID, body: str) -> bool:
    """Say that an account is needed for another year."""
    return _said("SELECT renew_account(%s, %s, %s)", seeing, account, body)


def end_memberships(seeing: UUID, account: UUID, body: str, *, to: UUID | None, moves: bool) -> bool:
    """End all that somebody does for a body and hand their work to a colleague; False where they do none."""
    query, leaving, taking = (
        "SELECT end_memberships(%s, %s, %s, %s, %s, %s, %s)",
        pseudonyms(account, body),
        pseudonyms(to, body),
    )
    return _said(query, seeing, account, body, to, moves, leaving, taking)


def may_give_password(seeing: UUID, account: UUID) -> bool:
    """Make sure that the account is theirs to give a password for one use."""
    return _said("SELECT may_give_password(%s, %s)", seeing, account)


def begin_invitation(account: UUID, hashed: str, at: datetime) -> bool:
    """Give whoever was invited a first password, as the worker tells them; False where it is too late."""
    return _said("SELECT begin_invitation(%s, %s, %s)", account, hashed, at)


def _member(row: Sequence[Any]) -> StaffMember:
    roles = tuple(_roles(json.loads(row[12] or "[]")))
    checked_on, trained_until, signed_on, seen_at, suspended_at, factor_since, renew_by, vouched = row[13:]
    return StaffMember(
        account=row[0],
        name=row[1],
        email=row[2],
        job_title=row[3],
        phone=row[4],
        is_open=row[5],
        suspended_for=row[6],
        manager=row[7],
        manager_name=row[8],
        invited_at=row[9],
        told_at=row[10],
        has_signed_in=row[11],
        roles=roles,
        standing=Standing(
            accredited_until=roles[0].accredited_until if roles else None,
            checked_on=checked_on,
            trained_until=trained_until,
            agreement_signed_on=signed_on,
            last_seen=_day(seen_at),
            suspended_on=_day(suspended_at),
            factor_since=_day(factor_since),
            renew_by=renew_by,
            vouched_for=vouched,
        ),
    )


def _roles(listed: Iterable[Sequence[Any]]) -> Iterable[StaffRole]:
    for code, name, authority, role, services, until in listed:
        yield StaffRole(
            organisation=code,
            organisation_name=name,
            authority=authority,
            role=Role(role),
            services=tuple(services),
            accredited_until=date.fromisoformat(until) if until else None,
        )


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _like(words: str) -> str:
    escaped = words.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _said(query: str, *values: Any) -> bool:  # noqa: ANN401 - what functions take
    return bool(fetch(query, *values)[0][0])
