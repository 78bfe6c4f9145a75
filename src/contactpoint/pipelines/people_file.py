"""A file of people, taken a piece at a time; cut short, it goes on from there when it comes again."""

from datetime import datetime

from contactpoint.actions.people.by_file import begin_file, take_rows
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal


def take_people_file(*, text: str, by: Viewer, at: datetime) -> int | Refusal:
    """Invite everybody whom a file names rightly, and return its id.

    Raises:
        InvalidInput: the file cannot be read at all.
    """
    begun = begin_file(text=text, by=by, at=at)
    if isinstance(begun, Refusal):
        return begun
    file, good, rows = begun
    while take_rows(file=file, good=good, rows=rows, by=by, at=at):
        pass
    return file
