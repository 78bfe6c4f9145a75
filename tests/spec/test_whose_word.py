"""Whose word is contested that no feed brought, and what may be answered (R25, R38, R44, R58)."""

import pytest

from contactpoint.domain.disclosure.answering import (
    AskedAs,
    WordAnswer,
    WordInQuestion,
    what_may_be_answered,
    who_is_asked,
)

AUTHOR, COLLEAGUE, TEAM = AskedAs
ALL = (WordAnswer.CORRECTED, WordAnswer.ENDED, WordAnswer.STANDS, WordAnswer.NOT_MINE)


def word(passed_to=None, *, author=True, colleague=True, **more):
    return WordInQuestion(passed_to=passed_to, author_acts=author, colleague_acts=colleague, **more)


# (rule, the word, who is asked about it)
ASKED = [
    ("R44", word(), {AUTHOR}),
    ("R25", word(late=True), {AUTHOR, TEAM}),
    ("R44", word(author=False), {COLLEAGUE}),
    ("R25", word(author=False, late=True), {COLLEAGUE, TEAM}),
    ("R25", word(author=False, colleague=False), {TEAM}),
    ("R44", word(COLLEAGUE), {COLLEAGUE}),
    ("R25", word(COLLEAGUE, colleague=False), {TEAM}),
    ("R25", word(TEAM), {TEAM}),
    ("R25", word(TEAM, late=True), {TEAM}),
    ("R39", word(discreet=True), {AUTHOR}),
    ("R39", word(discreet=True, late=True), {AUTHOR}),
    ("R39", word(discreet=True, author=False, colleague=False), {COLLEAGUE}),
]


@pytest.mark.parametrize(("rule", "asked", "who"), ASKED)
def test_who_is_asked(rule, asked, who):
    assert who_is_asked(asked) == who, rule


# (rule, as whom they are asked, a place that is not named, whether names are shown, what they may not answer)
ANSWERS = [
    ("R25", AUTHOR, False, True, set()),
    ("R25", AUTHOR, True, False, set()),
    ("R25", COLLEAGUE, False, False, set()),
    ("R39", COLLEAGUE, True, True, {WordAnswer.NOT_MINE}),
    ("R58", TEAM, False, True, {WordAnswer.NOT_MINE}),
    ("R38", TEAM, False, False, {WordAnswer.NOT_MINE, WordAnswer.CORRECTED}),
]


@pytest.mark.parametrize(("rule", "asked_as", "discreet", "named", "not_answered"), ANSWERS)
def test_what_may_be_answered(rule, asked_as, discreet, named, not_answered):
    found = what_may_be_answered(asked_as, discreet=discreet, names_shown=named)
    assert found == tuple(one for one in ALL if one not in not_answered), rule
