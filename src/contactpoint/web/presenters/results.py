"""The words of the results page."""

from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.answers import Closeness, ResultCard, SearchAnswer
from contactpoint.web.presenters.words import (
    age_words,
    birth_date_words,
    counted,
    listed,
    sex_words,
    telephone_link,
)

SIMILAR = "Similar children: check first name and birth date"
BY_NAME_ALONE = "Some records can be found only by name, date of birth or number. Try those alone."
MORE_FIT_LESS_WELL = "More children match less well. They are not listed."
NARROW_WORDS = {
    "forename": "first name",
    "surname": "last name",
    "date_of_birth": "date of birth",
    "age": "age",
    "carer_name": "a carer's name",
    "phone": "a telephone number",
    "place": "postcode",
    "postcode": "postcode",
    "school": "school",
    "gp_practice": "GP practice",
    "authority": "authority",
    "number": "a number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One child."""

    number: str
    name: str
    facts: str
    why: str
    protected: bool
    less_likely: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """Cards under one heading; the heading is empty for a plain list."""

    heading: str
    cards: tuple[CardView, ...]
    similar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """A telephone number with whose it is."""

    name: str
    phone: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """The page: heading, and either groups of cards, what to add, or what finding nothing means.

    `unlisted` stands under cards that are not all that match.
    """

    heading: str
    groups: tuple[GroupView, ...]
    narrow: str
    unlisted: str
    none_words: tuple[str, ...]
    referral: tuple[PhoneView, ...]
    desk: PhoneView | None
    by_name_alone: str


def results_view(answer: SearchAnswer, on: date) -> ResultsView:
    """Choose the words for an answer; what is said of nothing is the same whatever the cause."""
    nothing = not answer.cards and not answer.too_many
    return ResultsView(
        heading=_heading(answer),
        groups=_groups(answer.cards, on),
        narrow=_narrow(answer) if answer.too_many else "",
        unlisted=f"{MORE_FIT_LESS_WELL} {_narrow(answer)}" if answer.less_likely_unlisted else "",
        none_words=NONE_WORDS if nothing else (),
        referral=tuple(
            PhoneView(name=name, phone=phone, link=telephone_link(phone)) for name, phone in answer.referral
        )
        if nothing
        else (),
        desk=PhoneView(name="The desk", phone=answer.desk_phone, link=telephone_link(answer.desk_phone))
        if nothing
        else None,
        by_name_alone=BY_NAME_ALONE if answer.used_hidden_field else "",
    )


NONE_WORDS = (
    (
        "This does not mean nobody knows this child. Try an age instead of a date, or another spelling, or "
        "ring the desk."
    ),
    "If you are worried, refer now to children's services where the child is:",
)


def _heading(answer: SearchAnswer) -> str:
    if answer.too_many:
        return "More than 20 children match"
    if not answer.cards:
        return "No record matches"
    if len(answer.cards) == 1 and answer.cards[0].closeness is Closeness.LIKELY:
        return "1 child matches"
    return f"{counted(len(answer.cards), 'child', 'children')} may match"


def _narrow(answer: SearchAnswer) -> str:
    fields = [NARROW_WORDS.get(name, name) for name in answer.narrow_by]
    return f"Add one of: {listed(fields, 'or')}." if fields else "Add something else you know."


def _groups(cards: tuple[ResultCard, ...], on: date) -> tuple[GroupView, ...]:
    """Similar children stand together where the first of them stands; then likely ones, then less likely."""
    groups: list[GroupView] = []
    shown: set[int] = set()
    for closeness, heading in ((Closeness.LIKELY, ""), (Closeness.LESS_LIKELY, "Less likely")):
        plain: list[CardView] = []
        for card in cards:
            if card.closeness is not closeness or card.similar_group in shown:
                continue
            if card.similar_group is None:
                plain.append(_card(card, on))
                continue
            shown.add(card.similar_group)
            alike = tuple(_card(other, on) for other in cards if other.similar_group == card.similar_group)
            groups.append(GroupView(heading=SIMILAR, cards=alike, similar=True))
        if plain:
            groups.append(GroupView(heading=heading if cards else "", cards=tuple(plain), similar=False))
    return tuple(groups)


def _card(card: ResultCard, on: date) -> CardView:
    known_as = f", known as {card.known_as}" if card.known_as and card.known_as != card.name else ""
    facts = [
        age_words(card.date_of_birth, on),
        f"born {birth_date_words(card.date_of_birth)}" if card.date_of_birth else "birth date not known",
        sex_words(card.sex),
    ]
    if card.town:
        facts.append(card.town)
    return CardView(
        number=card.number,
        name=card.name + known_as,
        facts=" · ".join(facts),
        why=" · ".join(card.why),
        protected=card.protected,
        less_likely=card.closeness is Closeness.LESS_LIKELY,
    )
