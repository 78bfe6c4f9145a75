"""A page that says one thing: what happened, and what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """Heading, sentences, steps and ways on. `reference` leads whoever is asked about it to the log line."""

    title: str
    lines: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    rules: str = ""
    links: tuple[Link, ...] = ()
    reference: str = ""


FIND_AGAIN = Link(text="Find a child", href="/find/")
SIGN_IN = Link(text="Sign in", href="/account/login/")
TRAINING = Link(text="Enter that you have passed the training", href="/account/training/")
START = Link(text="Go to the start page", href="/")
URGENT = (
    "If a child is in danger now, ring 999. If you are worried about a child, ring the children's services "
    "of the place where the child is."
)
