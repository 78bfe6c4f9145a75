"""See who has an account, and how each stands (R3, R56)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.people.asking import Reach, ask_person, ask_reach
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.staff import StaffFilter, StaffMember
from contactpoint.storage.queries import staff


@transaction.atomic
def people(
    *, which: StaffFilter, words: str, skip: int, by: Viewer, at: datetime
) -> tuple[StaffMember, ...] | Refusal:
    """Return a page of the people whose accounts the viewer manages, and one more where there are more."""
    reach = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    record(Action.LISTED_PEOPLE, by=by, at=at, details={"which": which.value, "words": words[:80]})
    return staff.people(
        authority=reach.authority,
        which=which,
        words=words,
        on=at.date(),
        skip=skip,
        limit=staff.A_PAGE + 1,
    )


@transaction.atomic
def person(*, account: UUID, by: Viewer, at: datetime) -> StaffMember | Refusal:
    """Return one account whose standing the viewer keeps.

    Raises:
        NotFound: there is none.
    """
    found = ask_person(account, Permission.MANAGE_PEOPLE, by=by, at=at)
    if not isinstance(found, Refusal):
        record(Action.OPENED_PERSON, by=by, at=at, details={"account": str(account)})
    return found


@transaction.atomic
def may_manage(*, by: Viewer, at: datetime) -> Reach | Refusal:
    """Ask whether the viewer manages accounts, and whose."""
    return ask_reach(by=by, at=at)
