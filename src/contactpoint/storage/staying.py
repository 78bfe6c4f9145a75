"""Consents to stay until 25: one in force at a time, and the day that pages ask for (R16)."""

from datetime import date, datetime
from uuid import UUID

from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Child, StayConsent


def keep(number: str, *, given_on: date, until: date, by: UUID | None, at: datetime) -> bool:
    """Keep a consent; False if one is in force."""
    child = Child.objects.select_for_update().get(pk=number)
    if StayConsent.objects.filter(child=child, withdrawn_at=None).exists():
        return False
    StayConsent.objects.create(child=child, given_on=given_on, recorded_at=at, recorded_by_id=by)
    Child.objects.filter(pk=number).update(stays_until=until)
    return True


def withdraw(number: str, *, at: datetime) -> bool:
    """End the consent that is in force; False if there is none."""
    Child.objects.select_for_update().get(pk=number)
    if not StayConsent.objects.filter(child=number, withdrawn_at=None).update(withdrawn_at=at):
        return False
    Child.objects.filter(pk=number).update(stays_until=None)
    return True


def keep_for_team(seeing: UUID, number: str, *, given_on: date, until: date) -> bool:
    """Keep a consent for the team that is written down as recording it; False if one is in force."""
    return bool(fetch("SELECT keep_staying(%s, %s, %s, %s)", seeing, number, given_on, until)[0][0])


def withdraw_for_team(seeing: UUID, number: str) -> bool:
    """End the consent that is in force, for the team that is written down; False if there is none."""
    return bool(fetch("SELECT end_staying(%s, %s)", seeing, number)[0][0])
