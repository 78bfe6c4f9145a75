"""How somebody comes to ask about a child, in the words of the page that asks (ADR 59)."""

from typing import Final

from contactpoint.domain.disclosure.relationship import Came

CAME_WORDS: Final[dict[Came, str]] = {
    Came.WITH_ME: "The child or their family is with me, or has just been",
    Came.ASKED: "Somebody who works with the child asked me",
    Came.TOLD: "Somebody told me that they worry about the child",
    Came.TAKING_ON: "I am about to work with the child",
    Came.LISTED: "The child stood in a list of work to do",
    Came.OTHER: "Something else",
}


def how_words(said: str) -> str:
    """The words of a code; what was said in other words stands as it was said."""
    return CAME_WORDS[Came(said)] if said in set(Came) else said
