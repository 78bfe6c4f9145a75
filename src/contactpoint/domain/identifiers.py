"""Numbers that name a child or a place, and how to tell a real one from a slip of the key."""

from contactpoint.domain.errors import InvalidIdentifier

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

# Letters a tired reader cannot take for a digit or for one another; a child number ends in one of them.
CHILD_NUMBER_CHECKS = frozenset("ACDEFHJKLMNPRTUVWXY")
CHILD_NUMBER_LETTER = "C"
_CHILD_NUMBER_LENGTH = 11


def _digits_only(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def nhs_number_is_valid(text: str) -> bool:
    """Say whether `text` is ten digits whose last is the NHS modulus 11 check digit (NHS Data Dictionary)."""
    digits = _digits_only(text)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def upn_is_valid(text: str) -> bool:
    """Say whether `text` is a unique pupil number: 13 characters, check letter first (DfE, UPN guide).

    A temporary UPN ends in a letter, which counts with its place in the alphabet the check uses.
    """
    upn = "".join(text.split()).upper()
    if len(upn) != 13 or not upn.isascii() or not upn[1:12].isdigit():
        return False
    if not (upn[12].isdigit() or upn[12] in _UPN_LETTERS):
        return False
    values = [int(character) for character in upn[1:12]]
    values.append(int(upn[12]) if upn[12].isdigit() else _UPN_LETTERS.index(upn[12]))
    total = sum(value * position for position, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % 23] == upn[0]


def child_number_check(body: str) -> str:
    """Return the ISO/IEC 7064 MOD 37-2 check character of `body` (a letter and nine digits).

    A pure system over a prime: it catches every single wrong character and every swap of two neighbours;
    the hybrid MOD 37,36 does not (ADR 3).
    """
    remainder = 0
    for character in body:
        remainder = (2 * remainder + _ALPHANUMERIC.index(character)) % 37
    return _ALPHANUMERIC[(1 - 2 * remainder) % 37]


def child_number(serial: int) -> str | None:
    """Make the child number of a random `serial` in 0..999,999,999.

    Returns None where the check character could be misread; the caller draws again (ADR 0003).
    """
    if not 0 <= serial <= 999_999_999:
        raise InvalidIdentifier("A child number is made from a whole number of at most nine digits.")
    body = f"{CHILD_NUMBER_LETTER}{serial:09d}"
    check = child_number_check(body)
    return body + check if check in CHILD_NUMBER_CHECKS else None


def parse_child_number(text: str) -> str:
    """Read a child number as people type it and return its stored form, `C482915307P`.

    Raises:
        InvalidIdentifier: the form is wrong or the check character does not agree.
    """
    number = _digits_only(text).upper()
    if len(number) == _CHILD_NUMBER_LENGTH:
        number = number[0] + number[1:10].replace("O", "0").replace("I", "1").replace("L", "1") + number[10]
        body = number[:10]
        if number[0] == CHILD_NUMBER_LETTER and body[1:].isascii() and body[1:].isdigit():
            check = child_number_check(body)
            if check == number[10] and check in CHILD_NUMBER_CHECKS:
                return number
    raise InvalidIdentifier(
        "A ContactPoint number is a C, nine digits and a letter, like C 000 000 102 M. Check it."
    )


def format_child_number(number: str) -> str:
    """Show a stored child number in groups: `C 482 915 307 P`."""
    return f"{number[0]} {number[1:4]} {number[4:7]} {number[7:10]} {number[10]}"
