"""What teams wrote down of children themselves, as pages write it (storage/sql/team_words.sql)."""

from uuid import UUID

from contactpoint.domain.team_words import TakenBackBecause, TeamWord
from contactpoint.storage.asking import fetch


def write(event: UUID, word: TeamWord) -> bool:
    """Write a word down about the child that the event names; False where one of its kind stands."""
    statement = "SELECT write_team_word(%s, %s, %s, %s, %s)"
    values = (word.kind.value, word.day, word.known_from.value, word.because.value)
    written: bool = fetch(statement, event, *values)[0][0]
    return written


def take_back(event: UUID, because: TakenBackBecause, *, died: bool) -> bool:
    """Take back that the child whom the event names died, or else left; False where nothing stands."""
    statement = "SELECT take_team_word_back(%s, %s, %s)"
    taken: bool = fetch(statement, event, "died" if died else "left", because.value)[0][0]
    return taken
