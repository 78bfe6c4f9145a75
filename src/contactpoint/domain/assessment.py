"""The assessment of Training England: ten questions on the rules that people broke (R3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the assessment: what may be answered, which is right (counted from 0), and why."""

    key: str
    asks: str
    answers: tuple[str, ...]
    right: int
    why: str


QUESTIONS: Final = (
    Question(
        key="relative",
        asks="Your sister asks whether her son is in the directory. What do you do?",
        answers=(
            "I look quickly, and tell her",
            "I tell her how a family asks, and do not look",
            "I ask a colleague to look",
        ),
        right=1,
        why="Nobody looks up relatives, nor does a colleague. A family asks the authority (R51, R53)",
    ),
    Question(
        key="testing",
        asks="You want to see whether the search copes with an unusual name. Whose do you try?",
        answers=("My neighbour's child's", "A child's in the news", "One in Training England"),
        right=2,
        why="Real records are opened for work with that child alone. Tries belong here (R8, R53)",
    ),
    Question(
        key="reason",
        asks="You are asked why you look, and none of the reasons quite fits. What do you choose?",
        answers=("The first", "Another reason, and I write which", "The one that asks least"),
        right=1,
        why="It is recorded beside your name and read by reviewers: it has to be the true one (R8, R9)",
    ),
    Question(
        key="nothing",
        asks="The search finds nobody. What does that tell you?",
        answers=(
            "Nobody is in contact with the child",
            "Only that nothing fits what I typed: a record may be protected, or not here",
            "The child lives outside England",
        ),
        right=1,
        why="What is not shown may be there all the same: never take it for proof (R10)",
    ),
    Question(
        key="shield",
        asks="A record says that all but the name is protected. You need the address. What do you do?",
        answers=(
            "I ring the desk that the page names",
            "I search by the school until I find it",
            "I ask somebody who worked there before",
        ),
        right=0,
        why="Somebody may be in hiding. The desk decides, and rings your organisation back (R26, R33)",
    ),
    Question(
        key="override",
        asks="When may a protection be overridden?",
        answers=(
            "When I am in a hurry",
            "When a child may come to serious harm before the desk could answer, and I am ready to say why",
            "When my manager has a good reason",
        ),
        right=1,
        why="Each is told to the shield desk at once and looked into by somebody else (R33)",
    ),
    Question(
        key="sensitive",
        asks="A child tells you that they see a drug service. Do you enter that service?",
        answers=(
            "Yes, it is useful for others",
            "No: the service does, and only if the child, or a parent or carer who may, agrees",
            "Yes, if nobody objects",
        ),
        right=1,
        why="They are shown only while whoever may has agreed; not even their absence is told (R36-R39)",
    ),
    Question(
        key="sharing",
        asks="May a colleague use your account while you fetch coffee?",
        answers=("Yes, if I trust them", "No, never: I lock the screen", "Yes, for the same child"),
        right=1,
        why="Everything done with your account is recorded under your name (R4, R51)",
    ),
    Question(
        key="proof",
        asks="A record says that a child lives at an address. What is that?",
        answers=("Proof", "A place to try: sources differ and are late", "The address of both parents"),
        right=1,
        why="Each fact says where it comes from and since when. Treat it as a place to try",
    ),
    Question(
        key="concern",
        asks="Five services are in contact with a child. What does that mean?",
        answers=(
            "The child is at risk",
            "The family is difficult",
            "Nothing by itself: being in contact is no sign of concern",
        ),
        right=2,
        why="Every child has a school and a GP. The directory says who, never why (R17)",
    ),
)


def wrong_answers(answered: Mapping[str, int]) -> tuple[Question, ...]:
    """The questions that were answered wrongly, or not at all."""
    return tuple(one for one in QUESTIONS if answered.get(one.key) != one.right)
