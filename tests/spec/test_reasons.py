"""Reasons for looking (R9)."""

import pytest

from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.reasons import words_of

# (rule, code, text, accepted)
REASONS = [
    *(("R9", code, None, code is not PurposeCode.OTHER) for code in PurposeCode),
    ("R9", PurposeCode.OTHER, "A court asked", True),
    ("R9", PurposeCode.OTHER, "   ", False),
    ("R9", PurposeCode.SAFEGUARDING, "x" * 200, True),
    ("R9", PurposeCode.SAFEGUARDING, "x" * 201, False),
]


@pytest.mark.parametrize(("rule", "code", "text", "accepted"), REASONS)
def test_which_reasons_are_accepted(rule, code, text, accepted):
    if accepted:
        assert words_of(Purpose(code=code, text=text)), rule
    else:
        with pytest.raises(InvalidInput):
            Purpose(code=code, text=text)
