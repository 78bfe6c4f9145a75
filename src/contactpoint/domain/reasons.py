"""The reasons a person may state, as the national team words and offers them now (R8, R9).

A reason is retired, never deleted; its code stays whatever its words become. What is said of a look of the
past goes by the words of now: the code is what was stated.
"""

from contactpoint.domain.disclosure.purpose import FINDING_PURPOSES, Purpose, PurposeCode
from contactpoint.domain.setting_table import SETTINGS, offering, wording
from contactpoint.domain.settings import AS_SHIPPED, Values


def which_reasons_are_offered(held: Values = AS_SHIPPED) -> tuple[PurposeCode, ...]:
    """What anybody who looks for a child may state now, in the order of the form (R9)."""
    return tuple(code for code in FINDING_PURPOSES if is_it_still_a_reason(code, held))


def is_it_still_a_reason(code: PurposeCode, held: Values) -> bool:
    """A reason that was retired starts no search; danger, and "something else", are always reasons (R9)."""
    key = offering(code)
    return key not in SETTINGS or bool(held[key])


def reason_words(code: PurposeCode, held: Values = AS_SHIPPED) -> str:
    """A reason that is stated, as a person reads it (R8)."""
    return held.words(wording(code))


def words_of(purpose: Purpose, held: Values = AS_SHIPPED) -> str:
    """A stated reason as a person reads it: "something else" in their own words (R9)."""
    own = purpose.text if purpose.code is PurposeCode.OTHER else None
    return own or reason_words(purpose.code, held)
