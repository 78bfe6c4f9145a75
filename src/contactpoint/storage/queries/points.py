"""The service directory: how services are reached; changed through functions alone."""

from collections.abc import Collection, Mapping
from uuid import UUID

from contactpoint.domain.directory import ContactPoint, PointInQuestion, Reached
from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Organisation, ServicePoint
from contactpoint.storage.queries.organisations import NamedCode

Points = Mapping[tuple[str, str], Reached]


def reached_at(organisations: Collection[str]) -> Points:
    """Return how the services of some organisations are reached, by organisation and service."""
    rows = ServicePoint.objects.filter(organisation_id__in=sorted(organisations))
    return {(row.organisation_id, row.service): _reached(row) for row in rows}


def point_of(organisation: str, service: str) -> tuple[ContactPoint, PointInQuestion] | None:
    """Return one contact point, and what the rules ask of it; None where there is no such organisation."""
    body = Organisation.objects.filter(pk=organisation).first()
    if body is None:
        return None
    row = (
        ServicePoint.objects.filter(organisation_id=organisation, service=service)
        .select_related("confirmed_by")
        .first()
    )
    asked = PointInQuestion(
        organisation=organisation,
        service=service,
        authority=body.authority or None,
        discreet=body.kind in DISCREET_KINDS,
    )
    return _point(organisation, body.name, service, row), asked


def own_points(organisation: str, name: str, services: Collection[str]) -> tuple[ContactPoint, ...]:
    """Return the contact points of these services of one organisation, known or not."""
    rows = {
        row.service: row
        for row in ServicePoint.objects.filter(
            organisation_id=organisation, service__in=sorted(services)
        ).select_related("confirmed_by")
    }
    return tuple(_point(organisation, name, service, rows.get(service)) for service in sorted(services))


def points_in(seeing: UUID) -> tuple[ContactPoint, ...]:
    """Return how all services are reached that somebody provides in the authority of the team that looks."""
    query = "SELECT organisation, organisation_name, service FROM points_in(%s)"
    services = fetch(query, seeing)
    rows = {
        (row.organisation_id, row.service): row
        for row in ServicePoint.objects.filter(
            organisation_id__in=sorted({code for code, _, _ in services})
        ).select_related("confirmed_by")
    }
    return tuple(_point(code, name, service, rows.get((code, service))) for code, name, service in services)


def bodies_to_reach(authority: str, code: str) -> tuple[NamedCode, ...]:
    """Return the open bodies of an authority, or the one of a code, by name; no place that is not named."""
    rows = Organisation.objects.filter(closed_on=None).exclude(kind__in=DISCREET_KINDS)
    rows = rows.filter(authority=authority) if authority else rows.filter(pk=code)
    return tuple(NamedCode(code=row.code, name=row.name) for row in rows.order_by("name", "code"))


def keep_point(seeing: UUID, organisation: str, service: str, said: Reached) -> bool:
    """Keep how a service is reached; False where whoever is written down may not say so."""
    query = "SELECT keep_point(%s, %s, %s, %s, %s, %s, %s)"
    values = (said.phone, said.hours, said.night, said.holidays)
    return bool(fetch(query, seeing, organisation, service, *values)[0][0])


def confirm_point(seeing: UUID, organisation: str, service: str) -> bool:
    """Note that a contact point still holds; False where there is none, or they may not say so."""
    return bool(fetch("SELECT confirm_point(%s, %s, %s)", seeing, organisation, service)[0][0])


def end_point(seeing: UUID, organisation: str, service: str) -> bool:
    """Take a contact point away; False where there is none, or they may not say so."""
    return bool(fetch("SELECT end_point(%s, %s, %s)", seeing, organisation, service)[0][0])


def doubt_point(seeing: UUID, organisation: str, service: str) -> bool:
    """Note that somebody rang the number of a contact point and found it wrong; False where there is none."""
    return bool(fetch("SELECT doubt_point(%s, %s, %s)", seeing, organisation, service)[0][0])


def _point(code: str, name: str, service: str, row: ServicePoint | None) -> ContactPoint:
    return ContactPoint(
        organisation=code,
        organisation_name=name,
        service=service,
        reached=_reached(row) if row else None,
        confirmed_by=row.confirmed_by.name if row else "",
    )


def _reached(row: ServicePoint) -> Reached:
    return Reached(
        phone=row.phone,
        hours=row.hours,
        night=row.night,
        holidays=row.holidays,
        confirmed_on=row.confirmed_on,
        doubted_on=row.doubted_on,
    )
