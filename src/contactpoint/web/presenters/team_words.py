"""The words of what a team wrote down of a child itself."""

from dataclasses import dataclass
from typing import Final

from contactpoint.domain.people import AddressKind
from contactpoint.domain.team_words import StandingWord, WordKind
from contactpoint.web.forms.team_words import KNOWN_WORDS
from contactpoint.web.presenters.facts import ADDRESS_WORDS
from contactpoint.web.presenters.words import birth_date_words, day_words

BACK_DONE = "Recorded. What you wrote down counts no longer; how the record came to be still tells it."


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPage:
    """The words of one page: what it is about, what writing it down and taking it back will do."""

    page: str
    take_back: str
    title: str
    means: str
    back: str
    button: str
    done: str


DIED: Final = WordPage(
    page="died",
    take_back="take_death_back",
    title="This child has died",
    means=(
        "Write it down where no source has told it, so that nobody rings the family about the child. The "
        "record says so at once, as the word of your team, and is archived a year after the day of death. It "
        "can be taken back."
    ),
    back=(
        "If it was a mistake, take it back at once. What sources say of the child then counts as before. If "
        "only the day is wrong, take it back and write it down anew."
    ),
    button="Record that the child has died",
    done=(
        "Recorded. The record says that the child died, and is archived a year after that day. "
        "You can take it back here until then."
    ),
)
LEFT: Final = WordPage(
    page="left",
    take_back="take_leaving_back",
    title="This child has left England",
    means=(
        "The record says so as the word of your team, and no address here counts since that day, until you "
        "take it back. It is archived one year after a child left who is not expected back, and otherwise "
        "after three. Your authority stays responsible until then."
    ),
    back=(
        "If the child is back, or it was a mistake, take it back. What sources say of the home then counts "
        "as before."
    ),
    button="Record that the child has left England",
    done="Recorded. The record says that the child has left England. You can take it back here.",
)


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
