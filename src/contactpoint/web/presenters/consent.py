"""The words of consent: what waits, one consent and what was said of it, and decisions not to share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.consent_life import (
    ConsentSaid,
    ConsentState,
    ConsentStep,
    Relation,
    WithoutConsent,
)
from contactpoint.domain.disclosure.consents import (
    ChildsConsents,
    ConsentInFull,
    ConsentLine,
    ConsentStepTaken,
    ConsentToDo,
    NotSharedLine,
)
from contactpoint.domain.here import HERE
from contactpoint.domain.involvement import Consent, ConsentBasis, ConsentScope
from contactpoint.web.forms.consent import (
    CONSENT_WORDS,
    RELATION_WORDS,
    SCOPE_WORDS,
    WITHHELD_BECAUSE_WORDS,
    WITHHELD_WORDS,
    WITHOUT_WORDS,
)
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.record import SENSITIVE
from contactpoint.web.presenters.words import day_words, moment_words, number_words

# What waits, the most pressing first: a heading, what it means, and what its date is.
KINDS = {
    ConsentState.ENDED: (
        "Ended",
        "Nobody sees these any more. Ask whether they agree again.",
        "Ended on",
    ),
    ConsentState.ENDS_SOON: (
        "End within four weeks",
        "Others see these until the day named. Ask whether they go on agreeing.",
        "Ends on",
    ),
    ConsentState.ASK_AGAIN: (
        "To ask again after a year",
        "They set no end a year ago. Ask whether they still agree.",
        "",
    ),
    ConsentState.LOOK_AGAIN: (
        "Recorded without consent half a year ago",
        "Significant harm was suspected. Say whether it still is, or who agrees now.",
        "",
    ),
}
STATE_WORDS = {
    ConsentState.ENDED: "Ended: nobody is shown it",
    ConsentState.ENDS_SOON: "Agreed; it ends soon",
    ConsentState.ASK_AGAIN: "Agreed a year ago or longer: ask again",
    ConsentState.LOOK_AGAIN: "Recorded without consent half a year ago or longer: look at it again",
    ConsentState.AGREED: "Agreed",
    ConsentState.SUSPECTED: "Recorded without consent: nobody is shown it",
    ConsentState.WITHDRAWN: "Withdrawn: nobody is shown it",
}
CHANGED_WORDS = {
    ConsentState.WITHDRAWN: "Withdrawn. From now on nobody else is shown it.",
    ConsentState.SUSPECTED: "Recorded. Nobody else is shown it; the desk can pass on a message.",
}
RECORDED = "Recorded. It counts from now on."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoRow:
    """One that waits."""

    organisation: str
    day: str
    since: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """All that wait of one kind."""

    title: str
    means: str
    day: str
    rows: tuple[ToDoRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One sensitive service and how its consent stands."""

    handle: str
    heading: str
    state: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One thing that was said of a consent."""

    what: str
    rows: tuple[tuple[str, str], ...]


def consent_rows(said: ConsentSaid) -> tuple[tuple[str, str], ...]:
    """What was said of a consent, as questions and answers."""
    if said.basis is ConsentBasis.SIGNIFICANT_HARM:
        return _without_rows(said.decided_by, said.decided_by_title, said.without)
    return _agreed_rows(said.basis, said.relation, said.scope, said.until)


def to_do_views(waiting: Sequence[ConsentToDo], keep: Callable[[int], str]) -> tuple[KindView, ...]:
    """What waits, kind by kind; `keep` gives the handle of an involvement."""
    views = []
    for state, (title, means, day) in KINDS.items():
        rows = [one for one in waiting if one.state is state]
        if not rows:
            continue
        views.append(
            KindView(
                title=f"{title}: {rows[0].in_all}",
                means=means,
                day=day,
                rows=tuple(_to_do(one, keep) for one in rows),
                more=f"The first {len(rows)} are shown." if rows[0].in_all > len(rows) else "",
            )
        )
    return tuple(views)


def childs_view(found: ChildsConsents, keep: Callable[[int], str]) -> tuple[LineView, ...]:
    """Those of one child."""
    return tuple(_line(one, keep(one.involvement)) for one in found.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """One consent in full."""

    heading: str
    facts: tuple[str, ...]
    line: LineView
    steps: tuple[StepView, ...]
    unwritten: str
    may_withdraw: bool


def consent_view(found: ConsentInFull, handle: str) -> ConsentView:
    """Whose it is, how it stands, and what was said of it, newest first."""
    protected = ("This record is protected. Ring, do not write.",) if found.protected else ()
    return ConsentView(
        heading=found.child_name,
        facts=(f"ContactPoint number {number_words(found.number)}", *protected),
        line=_line(found.line, handle),
        steps=tuple(_step(one) for one in reversed(found.steps)),
        unwritten="" if found.steps else "The service's own system says so; nobody here wrote down more.",
        may_withdraw=found.may_withdraw,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSharedView:
    """One decision not to share."""

    when: str
    number: str
    what: str
    why: str
    who: str
    written_by: str


def not_shared_view(one: NotSharedLine) -> NotSharedView:
    """Choose its words."""
    return NotSharedView(
        when=moment_words(one.at.astimezone(HERE)),
        number=number_words(one.number),
        what=WITHHELD_WORDS[one.said.what],
        why=WITHHELD_BECAUSE_WORDS[one.said.reason],
        who=f"{one.said.decided_by}, {one.said.decided_by_title}",
        written_by=f"{one.by_name}, {one.organisation}",
    )


def not_shared_page(record: str) -> MessagePage:
    """Written down, in the same words of every child."""
    return MessagePage(
        title="Recorded",
        lines=(
            "That it is not shared is recorded, with why and who decided.",
            "Only you and the consent desk are shown it.",
            "Look at it again when things change: what is right today may not be in a month.",
        ),
        links=(
            Link(text="Go back to the record", href=record),
            Link(text="Decisions not to share", href="/consents/not-shared/"),
        ),
    )


def changed_words(state: str) -> str:
    """What stands now."""
    return CHANGED_WORDS.get(ConsentState(state), RECORDED)


def none_kept() -> str:
    """The same sentence wherever there is none, on every record alike."""
    return f"{SENSITIVE} You keep no consent for this child."


def _to_do(one: ConsentToDo, keep: Callable[[int], str]) -> ToDoRow:
    return ToDoRow(
        organisation=one.organisation,
        day=day_words(one.until) if one.until else "",
        since=day_words(one.since.astimezone(HERE).date()),
        handle=keep(one.involvement),
    )


def _line(one: ConsentLine, handle: str) -> LineView:
    who = (("Who works there with the child", one.practitioner),) if one.practitioner else ()
    return LineView(
        handle=handle,
        heading=f"{one.service}, {one.organisation}",
        state=STATE_WORDS[one.state],
        rows=(*who, *_consent_rows(one.consent)),
    )


def _consent_rows(consent: Consent) -> tuple[tuple[str, str], ...]:
    if consent.basis is ConsentBasis.SIGNIFICANT_HARM:
        return (("Who agreed", CONSENT_WORDS[consent.basis]),)
    rows = _agreed_rows(consent.basis, None, consent.scope, consent.until)
    if consent.withdrawn_at is None:
        return rows
    return (*rows, ("Withdrawn on", moment_words(consent.withdrawn_at.astimezone(HERE))))


def _agreed_rows(
    basis: ConsentBasis, relation: Relation | None, scope: ConsentScope, until: date | None
) -> tuple[tuple[str, str], ...]:
    who = CONSENT_WORDS[basis] + (f": {RELATION_WORDS[relation].lower()}" if relation else "")
    return (
        ("Who agreed", who),
        ("What others see", SCOPE_WORDS[scope]),
        ("Until", day_words(until) if until else "No end set"),
    )


def _without_rows(name: str, title: str, without: WithoutConsent | None) -> tuple[tuple[str, str], ...]:
    return (
        ("Who agreed", CONSENT_WORDS[ConsentBasis.SIGNIFICANT_HARM]),
        ("Who decided", f"{name}, {title}"),
        *((("Why nobody agreed", WITHOUT_WORDS[without]),) if without else ()),
    )


def _step(one: ConsentStepTaken) -> StepView:
    written = ("Written down by", f"{one.by_name}, {one.made_for}, {moment_words(one.at.astimezone(HERE))}")
    if one.step is ConsentStep.WITHDRAWN:
        return StepView(what="Withdrawn", rows=(("By", CONSENT_WORDS[one.basis]), written))
    if one.basis is ConsentBasis.SIGNIFICANT_HARM:
        rows = _without_rows(one.decided_by, one.decided_by_title, one.without)
        return StepView(what="Recorded without consent", rows=(*rows, written))
    understood = ("The child understands what it means", "Yes" if one.understands else "No")
    return StepView(
        what="Agreed",
        rows=(*_agreed_rows(one.basis, one.relation, one.scope, one.until), understood, written),
    )
