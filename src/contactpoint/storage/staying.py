"""Consents to stay until 25: one in force at a time, and the day that pages ask for (R16)."""

from datetime import date, datetime
from uuid import UUID

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
