"""The words of what people say of the directory."""

from dataclasses import dataclass
from typing import Final

from contactpoint.domain.feedback import FeedbackKind, Given, Harm
from contactpoint.domain.here import HERE
from contactpoint.web.forms.feedback import (
    DOING_WORDS,
    HARM_WORDS,
    HINDERED_WORDS,
    MISS_WORDS,
    STATE_WORDS,
    WORKED_WORDS,
)
from contactpoint.web.presenters.words import moment_words

NO_WAVE: Final = "In no wave"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    """One thing that was said."""

    number: int
    title: str
    grave: bool
    lines: tuple[str, ...]
    text: str
    who: str
    became: str
    answer: str


def feedback_view(one: Given) -> FeedbackView:
    """Choose the words of one."""
    said = one.said
    near = said.kind is FeedbackKind.NEAR_MISS
    lines = [f"About: {DOING_WORDS[said.doing]}"]
    if said.miss and said.harm:
        lines += [MISS_WORDS[said.miss], HARM_WORDS[said.harm]]
    if said.worked and said.hindered:
        lines += [f"It worked: {WORKED_WORDS[said.worked]}", f"In the way: {HINDERED_WORDS[said.hindered]}"]
    return FeedbackView(
        number=one.number,
        title="A near miss" if near else "How it went",
        grave=said.harm is Harm.DID,
        lines=tuple(lines),
        text=said.text,
        who=f"{one.by}, {one.organisation}, {moment_words(one.at.astimezone(HERE))}. {one.wave or NO_WAVE}.",
        became=STATE_WORDS[one.state],
        answer=one.answer,
    )
