"""What is said of the directory names no child, and is whole (R17)."""

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.feedback import (
    Doing,
    Feedback,
    FeedbackKind,
    Harm,
    Hindrance,
    Miss,
    Worked,
    what_may_name_a_child,
)

HOW = {"kind": FeedbackKind.HOW, "doing": Doing.FIND, "worked": Worked.NO, "hindered": Hindrance.SLOW}
NEAR = {"kind": FeedbackKind.NEAR_MISS, "doing": Doing.FIND, "miss": Miss.WRONG_CHILD, "harm": Harm.COULD}
NAMED = [
    ("It was C 482 915 307 P", "a ContactPoint number"),
    ("C482915307P again", "a ContactPoint number"),
    ("943 476 5919 was not found", "an NHS number"),
    ("9434765919", "an NHS number"),
    ("H801200001001 is wrong", "a unique pupil number"),
    ("born 9.5.2016", "a date"),
    ("born 2016-05-09", "a date"),
    ("born on 9th May", "a date"),
    ("she lives at OL1 4AB", "a postcode"),
    ("she lives at ol14ab", "a postcode"),
    ("ring 0161 496 0123", "a telephone number"),
    ("ring +44 161 496 0123", "a telephone number"),
    ("write to mum@example.org", "an e-mail address"),
]


@pytest.mark.parametrize(("text", "what"), NAMED)
def test_what_could_name_a_child_is_refused_and_named(text, what):
    assert what in what_may_name_a_child(text)
    with pytest.raises(InvalidInput, match="Take out"):
        Feedback(**HOW, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It took 3 minutes to find 2 of 4 children",
        "The page said R39, and 20 results",
        "Since May it is slow",
    ],
)
def test_plain_words_are_kept(text):
    assert Feedback(**HOW, text=text).text == text
    assert Feedback(**NEAR, text=text).text == text


@pytest.mark.parametrize(
    "said",
    [
        {**HOW, "worked": None},
        {**HOW, "miss": Miss.OTHER, "harm": Harm.NONE},
        {**NEAR, "harm": None},
        {**NEAR, "kind": FeedbackKind.HOW},
        {**HOW, "text": "x" * 501},
    ],
)
def test_what_is_not_whole_cannot_be_said(said):
    with pytest.raises(InvalidInput):
        Feedback(**said)
