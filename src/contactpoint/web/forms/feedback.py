"""The forms of what people say of the directory: how it went, what nearly went wrong, and the answer."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeVar

from django import forms

from contactpoint.domain.feedback import (
    LONGEST,
    Doing,
    Feedback,
    FeedbackKind,
    FeedbackState,
    Harm,
    Hindrance,
    Miss,
    Worked,
    what_may_name_a_child,
)
from contactpoint.web.govuk.fields import TextField

DOING_WORDS: Final = {
    Doing.FIND: "Find a child and who is in contact",
    Doing.CONTACT: "Get in touch with somebody",
    Doing.OWN_WORD: "Say that I work with a child",
    Doing.CORRECT: "Have something corrected",
    Doing.TEAM: "Work of my team",
    Doing.OTHER: "Something else",
}
WORKED_WORDS: Final = {Worked.YES: "Yes", Worked.PARTLY: "Partly", Worked.NO: "No"}
HINDERED_WORDS: Final = {
    Hindrance.NOTHING: "Nothing",
    Hindrance.SLOW: "It was slow",
    Hindrance.UNCLEAR: "I did not understand what it said",
    Hindrance.NOT_FOUND: "I did not find whom I looked for",
    Hindrance.WRONG_DATA: "What it said was wrong",
    Hindrance.SIGN_IN: "Signing in",
    Hindrance.OTHER: "Something else",
}
MISS_WORDS: Final = {
    Miss.WRONG_CHILD: "The wrong child was opened or rung about",
    Miss.SAW_TOO_MUCH: "Somebody saw what they should not",
    Miss.TOLD_TOO_MUCH: "Somebody was told what they should not know",
    Miss.NOT_REACHED: "Nobody could be reached when it mattered",
    Miss.NOT_FOUND: "A child who is here was not found",
    Miss.OTHER: "Something else",
}
HARM_WORDS: Final = {
    Harm.NONE: "No: nobody could have been harmed",
    Harm.COULD: "It could have harmed somebody",
    Harm.DID: "It did harm somebody",
}
STATE_WORDS: Final = {
    FeedbackState.NEW: "Not read yet",
    FeedbackState.SEEN: "Read",
    FeedbackState.DONE: "Something was done",
}
Code = TypeVar("Code", bound=StrEnum)
_TEXT_HINT: Final = "At most 500 characters. No names, numbers, dates, addresses or anything else of a child."


def _choice(label: str, words: Mapping[Code, str], missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(value.value, text) for value, text in words.items()],
        widget=forms.RadioSelect(attrs={"legend": "govuk-fieldset__legend--s"}),
        error_messages={"required": missing, "invalid_choice": missing},
    )


def _text(label: str) -> TextField:
    return TextField(
        label=label,
        help_text=_TEXT_HINT,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class _NoChild(forms.Form):
    """A form with one text in which nothing may say who a child is."""

    text = _text("Anything else?")

    def clean_text(self) -> str:
        """Say what has to be taken out."""
        text = " ".join(str(self.cleaned_data["text"]).split())
        if found := what_may_name_a_child(text):
            raise forms.ValidationError(f"Take out {found[0]}: nothing here may say who a child is")
        return text


class SayForm(_NoChild):
    """A form of what people say of a kind: `coded` are its own fields, each with what its answers are."""

    kind: ClassVar[FeedbackKind]
    coded: ClassVar[Mapping[str, type[StrEnum]]]
    doing = _choice("What were you trying to do?", DOING_WORDS, "Choose what you were trying to do")

    def said(self) -> Feedback:
        """What was said, once the form is valid."""
        data = self.cleaned_data
        answers: dict[str, Any] = {name: answer(data[name]) for name, answer in self.coded.items()}
        return Feedback(kind=self.kind, doing=Doing(data["doing"]), text=data["text"], **answers)


class HowForm(SayForm):
    """How something went."""

    kind = FeedbackKind.HOW
    coded = MappingProxyType({"worked": Worked, "hindered": Hindrance})
    worked = _choice("Did it work?", WORKED_WORDS, "Choose whether it worked")
    hindered = _choice("What got in the way most?", HINDERED_WORDS, "Choose what got in the way most")
    field_order = ("doing", "worked", "hindered", "text")


class NearMissForm(SayForm):
    """What nearly went wrong."""

    kind = FeedbackKind.NEAR_MISS
    coded = MappingProxyType({"miss": Miss, "harm": Harm})
    miss = _choice("What nearly went wrong?", MISS_WORDS, "Choose what nearly went wrong")
    harm = _choice("Could somebody have been harmed?", HARM_WORDS, "Choose how bad it could have been")
    field_order = ("doing", "miss", "harm", "text")


class AnswerForm(_NoChild):
    """What the national team says to it."""

    text = _text("What do you say to whoever wrote it?")
    state = _choice(
        "What became of it?",
        {one: STATE_WORDS[one] for one in (FeedbackState.SEEN, FeedbackState.DONE)},
        "Choose what became of it",
    )
    field_order = ("state", "text")
