"""The words of what a team wrote down of a child itself."""

from dataclasses import dataclass

from contactpoint.domain.people import AddressKind
from contactpoint.domain.team_words import StandingWord, WordKind
from contactpoint.web.forms.team_words import KNOWN_WORDS
from contactpoint.web.presenters.facts import ADDRESS_WORDS
from contactpoint.web.presenters.words import birth_date_words, day_words

DIED_DONE = (
    "Recorded. The record says that the child died, and is archived a year after that day. "
    "You can take it back here until then."
)
LEFT_DONE = "Recorded. The record says that the child has left England. You can take it back here."
BACK_DONE = "Recorded. What you wrote down counts no longer; how the record came to be still tells it."


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """What stands written down."""

    words: str
    known: str
    whose: str


def standing_view(standing: StandingWord) -> StandingView:
    """Choose the words of a death or a leaving that is written down."""
    if standing.kind is WordKind.DIED:
        words = f"Died on {birth_date_words(standing.day)}"
    else:
        left = ADDRESS_WORDS[AddressKind(standing.kind.value)]
        words = f"{left}, since {birth_date_words(standing.day)}"
    return StandingView(
        words=words,
        known=KNOWN_WORDS[standing.known_from],
        whose=f"{standing.whose}, since {day_words(standing.since)}",
    )
