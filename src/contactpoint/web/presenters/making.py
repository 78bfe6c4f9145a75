"""The words of making a record by hand."""

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.making import who_was_searched_for
from contactpoint.web.presenters.messages import FIND_AGAIN, Link, MessagePage
from contactpoint.web.presenters.words import day_words


def asked_words(criteria: Criteria) -> tuple[tuple[str, str], ...]:
    """Who was searched for: of whom the record is made."""
    forename, surname = who_was_searched_for(criteria)
    born = day_words(criteria.date_of_birth) if criteria.date_of_birth else ""
    rows = (("First name", forename), ("Last name", surname), ("Date of birth", born))
    return tuple((key, value) for key, value in rows if value)


_MAYBE = (
    "Search again in some minutes. It may be found then as a record of its own, or in one that is here "
    "already, or wait for a person to look at it: you are not told which."
)
_SENT = (
    "What you said is matched with everything that is held, as whatever a source sends is.",
    _MAYBE,
    "It says of itself that it was said by hand. What sources send later joins it.",
)


def corrected_page(back: Link) -> MessagePage:
    """A correction is handed in as well: what becomes of it is what becomes of whatever is sent."""
    lines = (
        "What you corrected is matched with everything that is held, as whatever a source sends is.",
        "Look again in some minutes. What was said before stays in the history of the record.",
    )
    return MessagePage(title="Sent", lines=lines, links=(back,))


def made_page() -> MessagePage:
    """The same whether it is new, joined to a record that is here, or kept for a person (R21)."""
    return MessagePage(title="Sent", lines=_SENT, links=(FIND_AGAIN,))
