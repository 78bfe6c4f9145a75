"""The frozen table of what may be set: what each means, by which rule, how far it goes, what loosens."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.disclosure.purpose import PURPOSE_WORDS, PurposeCode
from contactpoint.domain.errors import InvalidInput


class Looser(StrEnum):
    """In which direction a setting protects less."""

    MORE = "more"
    LESS = "less"


class Area(StrEnum):
    """What a setting is about, as the page groups them."""

    SEARCHING = "searching"
    OPENING = "opening"
    REVIEW = "review"
    KEEPING = "keeping"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that may be set: what it means, by which rule, and how far it goes.

    `most` and `least` are the bounds; a setting from 0 to 1 is a yes or a no. One of `words` is no number at
    all but what a page says; to change those takes two people, whatever they become.

    Raises:
        InvalidInput: its own default is out of bounds.
    """

    key: str
    area: Area
    name: str
    means: str
    unit: tuple[str, str]
    rule: str
    default: int
    least: int
    most: int
    looser: Looser = Looser.MORE
    words: str = ""

    def __post_init__(self) -> None:
        """Refuse a setting that starts where it may not be."""
        if not self.least <= self.default <= self.most or (self.least == self.most) is not bool(self.words):
            raise InvalidInput(f"{self.key} starts out of its bounds.")

    @property
    def shipped(self) -> int | str:
        """What holds until somebody sets it."""
        return self.words or self.default

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is a policy that holds or does not."""
        return (self.least, self.most) == (0, 1)


_SEARCHES_A_DAY: Final[Mapping[PurposeCode, tuple[int, int, int]]] = MappingProxyType(
    {
        PurposeCode.SAFEGUARDING: (300, 100, 600),
        PurposeCode.COORDINATING: (300, 100, 600),
        PurposeCode.MISSING_EDUCATION: (300, 100, 600),
        PurposeCode.TRANSFER: (200, 50, 400),
        PurposeCode.CORRECTING: (200, 50, 400),
        PurposeCode.SHIELD_DECISION: (100, 30, 200),
        PurposeCode.FAMILY_ASKS: (60, 20, 120),
        PurposeCode.OTHER: (60, 10, 60),
    }
)
_SEARCHES, _RECORDS = ("search", "searches"), ("record", "records")


# Danger to a child, and what fits no other, are always reasons; two more belong to a desk's own work.
_RETIRABLE: Final = (
    PurposeCode.COORDINATING,
    PurposeCode.MISSING_EDUCATION,
    PurposeCode.TRANSFER,
    PurposeCode.CORRECTING,
)
SHORTEST_WORDS, LONGEST_WORDS = 5, 80


def wording(code: PurposeCode) -> str:
    """The key of what a reason is called."""
    return f"reason_words.{code.value}"


def offering(code: PurposeCode) -> str:
    """The key of whether a reason is offered."""
    return f"reason_offered.{code.value}"


def searches_for(code: PurposeCode) -> str:
    """The key of how many searches a day one reason explains."""
    return f"searches_a_day.{code.value}"


_TEAM: Final = "somebody of a team that answers for others"
_OTHER: Final = "somebody who says “something else”"
_EVERYBODY: Final = "all people of one organisation together"
# Key, name, who opens, as shipped, least, most: one is asked again before one is stopped, whatever is set.
_OPENED_A_DAY: Final = (
    ("records_asked_from", "Records in a day: asked again", "a practitioner", 40, 10, 60),
    ("records_stopped_at", "Records in a day: stopped", "a practitioner", 120, 61, 200),
    ("team_records_asked_from", "Records in a day, a team: asked again", _TEAM, 120, 30, 200),
    ("team_records_stopped_at", "Records in a day, a team: stopped", _TEAM, 400, 201, 600),
    ("other_records_asked_from", "Records in a day, something else: asked again", _OTHER, 15, 5, 20),
    ("other_records_stopped_at", "Records in a day, something else: stopped", _OTHER, 60, 21, 80),
    ("organisation_records_asked_from", "Records in a day, an organisation", _EVERYBODY, 3000, 300, 6000),
)


# The same of searches, for whatever reasons.
_SEARCHED_A_DAY: Final = (
    ("searches_asked_from", "Searches in a day: asked again", "a practitioner", 150, 30, 300),
    ("searches_stopped_at", "Searches in a day: stopped", "a practitioner", 500, 301, 1000),
    ("team_searches_asked_from", "Searches in a day, a team: asked again", _TEAM, 450, 90, 900),
    ("team_searches_stopped_at", "Searches in a day, a team: stopped", _TEAM, 1500, 901, 3000),
    (
        "organisation_searches_asked_from",
        "Searches in a day, an organisation",
        _EVERYBODY,
        10000,
        1000,
        20000,
    ),
)


def _of_a_day(area: Area, key: str, name: str, who: str, default: int, least: int, most: int) -> Setting:
    """A limit on records opened, or on searches made, in a day."""
    asks = key.endswith("asked_from")
    then = "they say once more why" if asks else "their account is suspended until a reviewer has looked"
    does = f"records {who} may open" if area is Area.OPENING else f"searches {who} may make"
    return Setting(
        key=key,
        area=area,
        name=name,
        means=f"How many {does} in a day before {then}.",
        unit=_RECORDS if area is Area.OPENING else _SEARCHES,
        rule="R53",
        default=default,
        least=least,
        most=most,
    )


_ALL: Final = (
    Setting(
        key="searches_a_minute",
        area=Area.SEARCHING,
        name="Searches in a minute",
        means="How many searches one person may make in a minute: nobody copies a directory by searching it.",
        unit=_SEARCHES,
        rule="R53",
        default=60,
        least=10,
        most=120,
    ),
    *(
        Setting(
            key=searches_for(code),
            area=Area.SEARCHING,
            name=f"Searches in a day: {PURPOSE_WORDS[code][:1].lower()}{PURPOSE_WORDS[code][1:]}",
            means="How many searches in a day one practitioner can have this reason for. A team that answers "
            "for others has three times as many, except for something else.",
            unit=_SEARCHES,
            rule="R9" if code is PurposeCode.OTHER else "R53",
            default=default,
            least=least,
            most=most,
        )
        for code, (default, least, most) in _SEARCHES_A_DAY.items()
    ),
    *(_of_a_day(Area.SEARCHING, *row) for row in _SEARCHED_A_DAY),
    *(_of_a_day(Area.OPENING, *row) for row in _OPENED_A_DAY),
    Setting(
        key="review_sampled_one_in",
        area=Area.REVIEW,
        name="Explained looks that are reviewed all the same",
        means="Of looks that work explains, one in so many goes to a reviewer; nobody can tell which.",
        unit=("look", "looks"),
        rule="R54",
        default=100,
        least=5,
        most=200,
    ),
    Setting(
        key="match_by_two",
        area=Area.KEEPING,
        name="Two people join or part records",
        means="Whether records are joined or parted only once two people have said the same of them. To keep "
        "them as they are takes one.",
        unit=("", ""),
        rule="R20",
        default=0,
        least=0,
        most=1,
        looser=Looser.LESS,
    ),
    Setting(
        key="involvement_asked_every_days",
        area=Area.KEEPING,
        name="Time until “still involved?” is asked",
        means="How long after somebody last said so a practitioner is asked whether they still work with a "
        "child.",
        unit=("day", "days"),
        rule="R45",
        default=90,
        least=30,
        most=120,
    ),
    Setting(
        key="shield_confirmed_within_hours",
        area=Area.KEEPING,
        name="Time to confirm a temporary protection",
        means="How long a temporary protection waits at the shield desk of its authority before the national "
        "desk has it as well. The record stays protected meanwhile.",
        unit=("hour", "hours"),
        rule="R26",
        default=24,
        least=1,
        most=48,
    ),
    Setting(
        key="shield_lift_waits_days",
        area=Area.KEEPING,
        name="Time in which a lifting can be stopped",
        means="How long a protection stays after two people agreed to lift it; until then it can be stopped.",
        unit=("day", "days"),
        rule="R31",
        default=7,
        least=3,
        most=28,
        looser=Looser.LESS,
    ),
    Setting(
        key="urgent_contact_minutes",
        area=Area.KEEPING,
        name="Time to answer “as soon as possible”",
        means="How long a service has to take on a request that is urgent before the desk sees it as well.",
        unit=("minute", "minutes"),
        rule="R44",
        default=30,
        least=10,
        most=60,
    ),
    *(
        Setting(
            key=offering(code),
            area=Area.REASONS,
            name=f"Is it a reason: {PURPOSE_WORDS[code][:1].lower()}{PURPOSE_WORDS[code][1:]}",
            means="Whether somebody who looks for a child may give this reason. One that is retired starts "
            "no search; what was done for it keeps it.",
            unit=("", ""),
            rule="R9",
            default=1,
            least=0,
            most=1,
        )
        for code in _RETIRABLE
    ),
    *(
        Setting(
            key=wording(code),
            area=Area.REASONS,
            name=f"Words of a reason: {code.value.replace('_', ' ')}",
            means="What this reason is called wherever it is chosen or read, of what was done before too. "
            "What it stands for stays.",
            unit=("", ""),
            rule="R8",
            default=0,
            least=0,
            most=0,
            words=PURPOSE_WORDS[code],
        )
        for code in PurposeCode
    ),
)
SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType({one.key: one for one in _ALL})
