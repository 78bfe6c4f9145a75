"""Two profiles in, a level for each comparison out. Symmetric: the order of the two never matters."""

from typing import Final

from rapidfuzz.distance import JaroWinkler

from contactpoint.linking.model.levels import (
    Birth,
    Carer,
    Context,
    Forename,
    Home,
    Middle,
    Other,
    Same,
    Surname,
    Verified,
)
from contactpoint.linking.model.normalise import Name, Profile
from contactpoint.linking.names import (
    HONORIFICS,
    are_surname_variants,
    is_initial,
    is_nickname,
    same_forename_spelling_group,
)

CLOSE: Final = 0.92
SOUNDS: Final = 0.80
SIMILAR: Final = 0.80
"""Jaro-Winkler similarities (Winkler, 1990) from which names are close, may sound alike, are similar."""

LEAST_PREFIX: Final = 3
LEAST_CODE: Final = 6


def compare(one: Profile, two: Profile, context: Context = Context.UNKNOWN) -> tuple[int, ...]:
    """Return the level of every comparison, in the order of `levels.COMPARISONS`."""
    forename, surname = compare_names(one, two)
    return (
        int(forename),
        int(compare_middle(one, two, forename)),
        int(surname),
        int(compare_births(one.birth, two.birth)),
        int(same(one.sex, two.sex)),
        int(compare_homes(one, two)),
        int(compare_carers(one, two)),
        int(same(one.phone, two.phone)),
        int(same(one.email, two.email)),
        int(compare_verified(one.nhs_number, two.nhs_number, one.nhs_verified, two.nhs_verified)),
        int(compare_verified(one.upn, two.upn, one.upn_verified, two.upn_verified)),
        int(compare_identifiers(one, two)),
        int(same(one.birth_order, two.birth_order) if one.multiple and two.multiple else Same.MISSING),
        int(same(one.suffix, two.suffix)),
        int(
            Same.MISSING
            if (0, 0, 0) in (one.death, two.death)
            else Same.SAME
            if one.death == two.death
            else Same.DIFFERENT
        ),
        int(context),
    )


def same(one: str, two: str) -> Same:
    """Compare two plain values."""
    if not one or not two:
        return Same.MISSING
    return Same.SAME if one == two else Same.DIFFERENT


def compare_names(one: Profile, two: Profile) -> tuple[Forename, Surname]:
    """Compare forenames and surnames together, because they may stand in each other's place."""
    forename = compare_forenames(one.forename, two.forename)
    surname = _nearest_surname(one, two)
    if surname == Surname.EXACT and one.single.text and two.single.text:
        return Forename.EXACT, Surname.MISSING
    if forename >= Forename.SIMILAR or forename == Forename.MISSING:
        if _exchanged(one, two):
            return Forename.SWAPPED, Surname.SWAPPED
        if _known_as(one, two):
            forename = Forename.KNOWN_AS
        elif _middle_as_forename(one, two):
            forename = Forename.MIDDLE
    return forename, surname


def _exchanged(one: Profile, two: Profile) -> bool:
    """Forename and surname stand in each other's boxes, one of them perhaps misspelt.

    A single name may stand in either box.
    """
    if one.forename.joined == one.surname.joined or two.forename.joined == two.surname.joined:
        return False
    first = one.forename.joined == two.surname.joined
    second = one.surname.joined == two.forename.joined
    if first and second:
        return True
    return (first and is_near(one.surname, two.forename)) or (second and is_near(one.forename, two.surname))


def is_near(one: Name, two: Name) -> bool:
    """Say whether two different names are spelt or sound nearly the same."""
    if not one.text or not two.text:
        return False
    likeness = likeness_of(one.joined, two.joined)
    return likeness >= CLOSE or (likeness >= SOUNDS and bool(set(one.sounds) & set(two.sounds)))


def _known_as(one: Profile, two: Profile) -> bool:
    mine, yours = one.known_as.joined, two.known_as.joined
    return bool((mine and mine in (two.forename.joined, yours)) or (yours and yours == one.forename.joined))


def _middle_as_forename(one: Profile, two: Profile) -> bool:
    return (bool(one.forename.joined) and one.forename.joined in two.middle.words) or (
        bool(two.forename.joined) and two.forename.joined in one.middle.words
    )


def compare_forenames(one: Name, two: Name) -> Forename:
    """Compare two forenames alone."""
    if not one.text or not two.text:
        return Forename.MISSING
    if one.joined == two.joined:
        return Forename.INITIAL if is_initial(one.joined) else Forename.EXACT
    if is_nickname(one.joined, two.joined):
        return Forename.NICKNAME
    if same_forename_spelling_group(one.joined, two.joined):
        return Forename.SPELLING
    likeness = likeness_of(one.joined, two.joined)
    alike = bool(set(one.sounds) & set(two.sounds))
    if likeness >= SOUNDS and alike:
        return Forename.SOUNDS
    if likeness >= CLOSE:
        return Forename.CLOSE
    if set(one.words) & set(two.words):
        return Forename.PART
    if _is_beginning(one.joined, two.joined) or _is_beginning(two.joined, one.joined):
        return Forename.INITIAL
    return Forename.SIMILAR if likeness >= SIMILAR or alike else Forename.DIFFERENT


def likeness_of(one: str, two: str) -> float:
    """Return the Jaro-Winkler similarity, 0..1; asked in one order because it is not quite symmetric."""
    return float(JaroWinkler.similarity(min(one, two), max(one, two)))


def _is_beginning(short: str, name: str) -> bool:
    """An initial alone, or at least three letters, that the other name begins with."""
    return (
        (len(short) == 1 or len(short) >= LEAST_PREFIX) and len(short) < len(name) and name.startswith(short)
    )


def compare_surnames(one: Name, two: Name) -> Surname:
    """Compare two last names alone."""
    if not one.text or not two.text:
        return Surname.MISSING
    if one.joined == two.joined:
        return Surname.MISSING if is_initial(one.joined) else Surname.EXACT
    shared = set(one.words) & set(two.words)
    if shared - HONORIFICS:
        return Surname.PART
    if are_surname_variants(one.joined, two.joined):
        return Surname.VARIANT
    likeness = likeness_of(one.joined, two.joined)
    alike = bool(set(one.sounds) & set(two.sounds))
    if likeness >= SOUNDS and alike:
        return Surname.SOUNDS
    if likeness >= CLOSE:
        return Surname.CLOSE
    if likeness >= SIMILAR or alike:
        return Surname.SIMILAR
    return Surname.HONORIFIC if shared else Surname.DIFFERENT


def _nearest_surname(one: Profile, two: Profile) -> Surname:
    level = compare_surnames(one.surname, two.surname)
    if level in (Surname.MISSING, Surname.EXACT):
        return level
    mine, yours = one.surname.joined, two.surname.joined
    if yours == one.former_surname.joined or mine == two.former_surname.joined:
        return Surname.FORMER
    if level > Surname.FAMILY and (
        yours in (one.carer_surname.joined, one.mother_former_surname.joined)
        or mine in (two.carer_surname.joined, two.mother_former_surname.joined)
    ):
        return Surname.FAMILY
    return level


def compare_middle(one: Profile, two: Profile, forename: Forename) -> Middle:
    """Compare middle names; not asked again where one of them already stood for the forename."""
    mine, yours = one.middle, two.middle
    if not mine.text or not yours.text or forename == Forename.MIDDLE:
        return Middle.MISSING
    if mine.joined == yours.joined:
        return Middle.EXACT
    if set(mine.words) & set(yours.words):
        return Middle.SHARED
    lone = len(mine.words[0]) == 1 or len(yours.words[0]) == 1
    return Middle.INITIAL if lone and mine.joined[0] == yours.joined[0] else Middle.DIFFERENT


def compare_births(one: tuple[int, int, int], two: tuple[int, int, int]) -> Birth:
    """Compare two dates of birth given as (year, month, day) with zeros for missing parts."""
    if not one[0] or not two[0]:
        return Birth.MISSING
    if not (one[2] and two[2]):
        return _compare_partial(one, two)
    if one == two:
        return Birth.EXACT_NEW_YEAR if one[1:] == (1, 1) else Birth.EXACT
    if one[0] == two[0] and one[1] == two[2] and one[2] == two[1]:
        return Birth.SWAPPED
    if one_slip(f"{one[0]:04}{one[1]:02}{one[2]:02}", f"{two[0]:04}{two[1]:02}{two[2]:02}"):
        return Birth.ONE_DIGIT
    return _compare_near(one, two)


def _compare_near(one: tuple[int, int, int], two: tuple[int, int, int]) -> Birth:
    if one[:2] == two[:2]:
        return Birth.NEAR if abs(one[2] - two[2]) <= 1 else Birth.MONTH_YEAR
    if one[1:] == two[1:]:
        return Birth.NEAR if abs(one[0] - two[0]) == 1 else Birth.DAY_MONTH
    if one[0] == two[0]:
        return Birth.NEW_YEAR if (1, 1) in (one[1:], two[1:]) else Birth.YEAR
    return Birth.DIFFERENT


def _compare_partial(one: tuple[int, int, int], two: tuple[int, int, int]) -> Birth:
    if one[0] != two[0]:
        return Birth.DIFFERENT
    if one[1] and two[1]:
        return Birth.PARTIAL_MONTH if one[1] == two[1] else Birth.YEAR
    return Birth.PARTIAL_YEAR


def one_slip(one: str, two: str) -> bool:
    """Say whether one wrong character, or two neighbours exchanged, turns one code into the other."""
    if len(one) != len(two):
        return False
    wrong = [place for place in range(len(one)) if one[place] != two[place]]
    if len(wrong) == 1:
        return True
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    return one[wrong[0]] == two[wrong[1]] and one[wrong[1]] == two[wrong[0]]


def compare_homes(one: Profile, two: Profile) -> Home:
    """Compare two addresses by property number, then by postcode at its levels."""
    if one.uprn and one.uprn == two.uprn:
        return Home.SAME
    mine, yours = one.postcode, two.postcode
    same_house = bool(one.house) and one.house == two.house
    same_street = bool(one.street) and one.street == two.street
    if not mine.full or not yours.full:
        return Home.SLIP if same_house and same_street else Home.MISSING
    if mine.full == yours.full:
        if mine.is_coarse:
            return Home.SAME if same_street else Home.POSTCODE if same_house else Home.SECTOR
        return Home.SAME if same_house or same_street else Home.POSTCODE
    if same_street or (same_house and one_slip(mine.full, yours.full)):
        return Home.SLIP
    for level, a, b in (
        (Home.SECTOR, mine.sector, yours.sector),
        (Home.DISTRICT, mine.district, yours.district),
        (Home.AREA, mine.area, yours.area),
    ):
        if a and a == b:
            return level
    return Home.DIFFERENT


def compare_carers(one: Profile, two: Profile) -> Carer:
    """Compare the names of two carers."""
    forename = compare_forenames(one.carer_forename, two.carer_forename)
    surname = compare_surnames(one.carer_surname, two.carer_surname)
    if forename == Forename.MISSING:
        if surname == Surname.MISSING:
            return Carer.MISSING
        return Carer.SURNAME if surname <= Surname.CLOSE else Carer.DIFFERENT
    near = forename <= Forename.INITIAL
    if forename == Forename.EXACT and surname == Surname.EXACT:
        return Carer.SAME
    if near and surname != Surname.MISSING and surname <= Surname.CLOSE:
        return Carer.SIMILAR
    if near:
        return Carer.FORENAME
    if surname == Surname.MISSING:
        return Carer.DIFFERENT
    return Carer.SURNAME if surname <= Surname.CLOSE else Carer.DIFFERENT


def compare_verified(one: str, two: str, one_verified: bool, two_verified: bool) -> Verified:  # noqa: FBT001
    """Compare two identifiers that carry a check character."""
    if not one or not two:
        return Verified.MISSING
    both = one_verified and two_verified
    if one == two:
        return Verified.SAME if both else Verified.SAME_UNVERIFIED
    if both:
        return Verified.DIFFERENT
    return Verified.ONE_DIGIT if one_slip(one, two) else Verified.UNLIKE


def compare_identifiers(one: Profile, two: Profile) -> Other:
    """Compare identifiers of other schemes: one that agrees outweighs those that do not.

    A slip in a short one says nothing: many have a neighbour.
    """
    yours = dict(two.other_identifiers)
    shared = [(value, yours[scheme]) for scheme, value in one.other_identifiers if scheme in yours]
    if not shared:
        return Other.MISSING
    if any(a == b for a, b in shared):
        return Other.SAME
    slips = any(len(a) >= LEAST_CODE and one_slip(a, b) for a, b in shared)
    return Other.ONE_SLIP if slips else Other.DIFFERENT
