"""The words of looking for somebody who has no account."""

from dataclasses import dataclass

from contactpoint.domain.disclosure.mediation import LASTS, Mediation
from contactpoint.domain.here import HERE
from contactpoint.web.presenters.words import moment_words
from contactpoint.web.reasons import purpose_words


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksView:
    """Who asks, and until when."""

    who: str
    reason: str
    until: str
    opened: bool


def asks_view(asks: Mediation) -> AsksView:
    """Choose the words."""
    return AsksView(
        who=f"{asks.name}, {asks.title}, {asks.organisation_name}",
        reason=purpose_words(asks.purpose),
        until=moment_words((asks.asked_at + LASTS).astimezone(HERE)),
        opened=asks.opened is not None,
    )
