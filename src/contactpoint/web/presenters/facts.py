"""The words of one fact: what it is, who says so, and why that was believed."""

from collections.abc import Callable
from dataclasses import dataclass

from contactpoint.domain.disclosure.answers import (
    Because,
    Provenance,
    SourcedAddress,
    SourcedCarer,
    SourcedText,
)
from contactpoint.domain.people import AddressKind
from contactpoint.web.presenters.words import (
    birth_date_words,
    count_words,
    day_words,
    listed,
    sex_words,
    telephone_link,
)

ADDRESS_WORDS = {
    AddressKind.HOME: "Home",
    AddressKind.SECOND_HOME: "Second home",
    AddressKind.PLACEMENT: "Placement",
    AddressKind.NO_FIXED_ABODE: "No fixed abode",
    AddressKind.NONE_KNOWN: "No address known",
    AddressKind.LEFT_ENGLAND: "Has left England; it is not known whether they will return",
    AddressKind.LEFT_RETURNING: "Has left England; expected back within three years",
    AddressKind.LEFT_FOR_GOOD: "Has left England; not expected back",
    AddressKind.OVERSEAS: "Family lives overseas",
    AddressKind.NOT_SHOWN: "Address not shown",
}
CHOSEN_WORDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "known_as": ("Known as", str),
    "date_of_birth": ("Date of birth", birth_date_words),
    "sex": ("Sex", sex_words),
    "date_of_death": ("Died on", birth_date_words),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """A value, a second line about it, and where it comes from."""

    label: str
    lines: tuple[str, ...]
    phone: str
    phone_link: str
    from_words: str
    contested: str = ""


def provenance_words(provenance: Provenance, *, checked: str = "its check digit is right") -> str:
    """Where a value comes from: source, date, why it was chosen, and which sources agree or differ.

    `checked` says what made it verified, where that decided.
    """
    words = f"From {provenance.source_name}, {day_words(provenance.as_at)}"
    if provenance.because:
        words += f": {_because(provenance, provenance.because, checked)}"
    if provenance.agreeing:
        words += f"; {listed(list(provenance.agreeing))} {_say(provenance.agreeing, 'agrees', 'agree')}"
    if provenance.differing:
        words += f"; {listed(list(provenance.differing))} {_say(provenance.differing, 'differs', 'differ')}"
    return words


def _because(provenance: Provenance, because: Because, checked: str) -> str:
    """Why a value was believed, among how many sources."""
    agreed = 1 + len(provenance.agreeing)
    sources = count_words(agreed + len(provenance.differing))
    match because:
        case Because.ALONE:
            if agreed == 1:
                return "the only source that says"
            return "both sources agree" if agreed == 2 else f"all {sources} sources agree"
        case Because.CHECKED:
            return checked
        case Because.FRESH:
            return "anything else said is out of date"
        case Because.MAIN_HOME:
            return "the main home"
        case Because.AGREED:
            return f"{count_words(agreed)} of {sources} sources agree"
        case Because.NEARER:
            return f"the one of {sources} sources that is believed first about this"
        case Because.NEWER:
            return f"newest of {sources}"
        case Because.TIED:
            return f"one of {sources} that are believed alike"


def _say(who: tuple[str, ...], one: str, many: str) -> str:
    return one if len(who) == 1 else many


def address_view(sourced: SourcedAddress, *, earlier: bool = False) -> FactView:
    """An address, what it is to the child, and where it comes from."""
    address = sourced.address
    label = ADDRESS_WORDS[address.kind]
    if earlier:
        label = f"Earlier address ({label.lower()})"
    elif sourced.main and address.kind is not AddressKind.NOT_SHOWN:
        label = f"{label} (try this first)"
    lines = [part for part in (address.line, address.postcode) if part]
    if address.since:
        lines.append(f"since {day_words(address.since)}")
    return fact_view(label, ", ".join(lines), from_words=provenance_words(sourced.provenance))


def carer_view(sourced: SourcedCarer) -> FactView:
    """A carer, how to ring them, and where that comes from."""
    carer = sourced.carer
    name = " ".join(part for part in (carer.forename, carer.surname) if part) or "Name not known"
    return fact_view(
        (carer.relationship or "Carer").capitalize(),
        name,
        phone=carer.phone or "",
        from_words=provenance_words(sourced.provenance),
    )


def text_view(label: str, sourced: SourcedText) -> FactView:
    """A text and where it comes from."""
    return fact_view(label, sourced.value, from_words=provenance_words(sourced.provenance))


def chosen_view(field: str, sourced: SourcedText) -> FactView:
    """A fact of the record's head, in words, and why it was believed."""
    label, worded = CHOSEN_WORDS[field]
    from_words = provenance_words(sourced.provenance, checked="the whole date is known")
    return fact_view(label, worded(sourced.value), from_words=from_words)


def fact_view(label: str, line: str, *, phone: str = "", from_words: str) -> FactView:
    """A label, one line, perhaps a telephone number, and where they come from."""
    return FactView(
        label=label,
        lines=(line,) if line else (),
        phone=phone,
        phone_link=telephone_link(phone) if phone else "",
        from_words=from_words,
    )
