"""What was said of known pairs, through functions alone (storage/sql/known_pairs.sql)."""

from uuid import UUID

from contactpoint.domain.matching import Verdict
from contactpoint.storage.asking import execute, fetch


def say(seeing: UUID, of_round: str, pair: str, verdict: Verdict) -> None:
    """Keep what whoever is written down says of a pair; what they said first stands."""
    query = "SELECT say_known(%(seeing)s, %(round)s, %(pair)s, %(verdict)s)"
    execute(query, seeing=seeing, round=of_round, pair=pair, verdict=verdict.value)


def words(seeing: UUID, of_round: str) -> tuple[dict[str, Verdict], dict[str, dict[str, Verdict]]]:
    """Return one's own words by pair, and everybody's by a number that stands for a person."""
    own: dict[str, Verdict] = {}
    everybody: dict[str, dict[str, Verdict]] = {}
    query = "SELECT person, own, pair, verdict FROM known_words(%s, %s)"
    for person, is_own, pair, verdict in fetch(query, seeing, of_round):
        everybody.setdefault(str(person), {})[pair] = Verdict(verdict)
        if is_own:
            own[pair] = Verdict(verdict)
    return own, everybody
