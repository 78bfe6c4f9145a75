"""`contactpoint family-report`: which families wait for an answer, for whoever runs the service (R60).

It tells of nobody: what is held of a child is shown to those who answer families, on their pages, and to no
technical administrator (R57).
"""

from contactpoint.cli.accounts import acting_as
from contactpoint.cli.messages import say


def list_waiting() -> bool:
    """Print who waits for an answer, the soonest due first; whether nobody waits for too long."""
    with acting_as("owner"):
        return _list()


def _list() -> bool:
    from django.utils import timezone

    from contactpoint.actions.account.family_requests import families_waiting
    from contactpoint.domain.disclosure.actors import system_viewer

    at = timezone.localtime()
    waiting = families_waiting(by=system_viewer("command line"), at=at)
    for one in waiting:
        late = "LATE: " if one.due_on < at.date() else ""
        say(f"{late}request {one.request}, {one.organisation}, asked on {one.received_on}, due {one.due_on}")
    overdue = sum(one.due_on < at.date() for one in waiting)
    say(f"{len(waiting)} families wait for an answer, {overdue} of them for too long.")
    return overdue == 0
