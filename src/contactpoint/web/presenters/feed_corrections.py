"""The words of corrections for a feed: on its page, and in the file that goes to whoever keeps the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.answers import CorrectionsOfFeed, FeedCorrection, FeedCorrections
from contactpoint.domain.disclosure.contesting import Basis, Field
from contactpoint.domain.here import HERE
from contactpoint.domain.people_file import safe_cell
from contactpoint.web.forms.corrections import BASIS_WORDS, FIELD_WORDS
from contactpoint.web.presenters.corrections import says_words, still_words
from contactpoint.web.presenters.words import counted, day_words, moment_words

COLUMNS = (
    "your_number",
    "what",
    "you_say",
    "said_to_be_right",
    "how_it_is_known",
    "asked_on",
    "answer_by",
    "you_agreed_and_delivered_on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCorrectionView:
    """A correction that the source of a feed is asked for."""

    correction_id: int
    local_id: str
    field: str
    says: str
    right: str
    basis: str
    asked: str
    answer_by: str
    late: bool
    still: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsOfFeedRow:
    """A feed at which corrections wait."""

    code: str
    name: str
    organisation: str
    waiting: str
    late: str
    answer_by: str


def feed_correction_view(one: FeedCorrection, on: date) -> FeedCorrectionView:
    """One of them."""
    return FeedCorrectionView(
        correction_id=one.correction_id,
        local_id=one.local_id,
        field=FIELD_WORDS[Field(one.field)],
        says=says_words(one),
        right=one.right,
        basis=BASIS_WORDS[Basis(one.basis)],
        asked=moment_words(one.asked_at.astimezone(HERE)),
        answer_by=day_words(one.answer_by),
        late=one.answer_by < on,
        still=still_words(one.delivered_at),
    )


def corrections_of_feed_row(one: CorrectionsOfFeed) -> CorrectionsOfFeedRow:
    """One feed of the list."""
    return CorrectionsOfFeedRow(
        code=one.code,
        name=one.name,
        organisation=one.organisation,
        waiting=counted(one.waiting, "correction waits", "corrections wait"),
        late=f"{one.late} late" if one.late else "",
        answer_by=day_words(one.answer_by),
    )


def correction_rows(found: FeedCorrections) -> Iterator[tuple[str, ...]]:
    """The file: a heading, and a row for each."""
    yield COLUMNS
    for one in found.waiting:
        yield (
            safe_cell(one.local_id),
            FIELD_WORDS[Field(one.field)],
            safe_cell(one.says),
            safe_cell(one.right),
            BASIS_WORDS[Basis(one.basis)],
            one.asked_at.astimezone(HERE).date().isoformat(),
            one.answer_by.isoformat(),
            one.delivered_at.astimezone(HERE).date().isoformat() if one.delivered_at else "",
        )
