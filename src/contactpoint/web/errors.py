"""The one exception tree, mapped once to pages (rule 10 of the house)."""

from http import HTTPStatus

from contactpoint.domain import errors
from contactpoint.web.presenters.messages import FIND_AGAIN, MessagePage

_PAGES: tuple[tuple[type[errors.ContactPointError], HTTPStatus, str], ...] = (
    (errors.InvalidInput, HTTPStatus.BAD_REQUEST, "That could not be read"),
    (errors.NotFound, HTTPStatus.NOT_FOUND, "That is not here"),
    (errors.Conflict, HTTPStatus.CONFLICT, "That has been done already"),
    (errors.NoRoom, HTTPStatus.INSUFFICIENT_STORAGE, "There is no room left here"),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE, "ContactPoint is starting again"),
    (errors.Throttled, HTTPStatus.TOO_MANY_REQUESTS, "Too many in a short time"),
)


def page_of(error: errors.ContactPointError) -> tuple[MessagePage, HTTPStatus]:
    """The page and status of an error; one that no page can be about is a fault of the service."""
    for kind, status, title in _PAGES:
        if isinstance(error, kind):
            return MessagePage(title=title, lines=(str(error),), links=(FIND_AGAIN,)), status
    return (
        MessagePage(title="Something is set up wrongly", lines=("Tell whoever runs ContactPoint.",)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
