"""The words of protection: the page that protects a child at once, and the shield desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.domain.disclosure.shield_desk import (
    Attempts,
    BreachOutcome,
    KeptFrom,
    LookBefore,
    LooksBefore,
    NearOutcome,
    NearShield,
    NowKeptFrom,
    ShieldInFull,
    ShieldToDo,
    StepTaken,
)
from contactpoint.domain.disclosure.shield_life import ShieldState, ShieldStep
from contactpoint.domain.here import HERE
from contactpoint.web.forms.shields import (
    ATTEMPT_WORDS,
    CONTACTED_WORDS,
    GROUND_WORDS,
    THREAT_WORDS,
    VIEW_WORDS,
    WAY_WORDS,
)
from contactpoint.web.presenters.activity import ACTION_WORDS, term_words
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.record import protected_view
from contactpoint.web.presenters.words import (
    birth_date_words,
    counted,
    day_words,
    listed,
    moment_words,
    number_words,
    sex_words,
    telephone_link,
)

# The order in which the desk lists what waits: the riskiest first.
KINDS = {
    "escalated": (
        "For the national desk",
        "Nobody confirmed these in time, or somebody stopped their lifting. They stay protected meanwhile.",
        "Decide by",
    ),
    "attempt": (
        "Somebody tried to find a child who is kept from them",
        "They were told that there is no such record. Find out at once what they are after.",
        "",
    ),
    "breach": (
        "Breach decisions",
        "Somebody saw these records before they were protected. Decide whether that is a breach to report.",
        "Decide by",
    ),
    "mixed": (
        "Who saw two children as one",
        (
            "Two children were one record and somebody saw it. The team that parted them decides whether "
            "that is a breach, under “What was decided”. Ask them before the time is up."
        ),
        "Decide by",
    ),
    "temporary": (
        "To confirm",
        "Somebody had these protected at once. They stay protected until you decide.",
        "Confirm by",
    ),
    "near": (
        "Children near protected ones",
        "A child who is not protected shares the address, a carer or a telephone with one who is.",
        "",
    ),
    "lift_asked": (
        "Liftings that wait for a second person",
        "Somebody asked that these be lifted. It takes a second person to agree.",
        "",
    ),
    "lift_waiting": (
        "Liftings that can still be stopped",
        "Two people agreed to these. They are lifted on the day named, unless somebody stops it.",
        "Lifted on",
    ),
    "review": (
        "Reviews due",
        "These were protected six months ago or longer. They stay protected until you decide.",
        "Review by",
    ),
}
STATE_WORDS = {
    ShieldState.TEMPORARY: "Protected at once; waits to be confirmed",
    ShieldState.ESCALATED: "Protected; waits for the national desk to decide",
    ShieldState.CONFIRMED: "Protected",
    ShieldState.LIFT_ASKED: "Protected; a lifting waits for a second person",
    ShieldState.LIFT_WAITING: "Protected; it is about to be lifted",
    ShieldState.LIFTED: "Lifted",
}
KEPT_STATE_WORDS = {
    ShieldState.TEMPORARY: "Kept from them at once; waits to be confirmed",
    ShieldState.ESCALATED: "Kept from them; waits for the national desk to decide",
    ShieldState.CONFIRMED: "Kept from them",
    ShieldState.LIFT_ASKED: "Kept from them; a lifting waits for a second person",
    ShieldState.LIFT_WAITING: "Kept from them; it is about to be lifted",
    ShieldState.LIFTED: "Lifted",
}
STEP_WORDS = {
    ShieldStep.PLACED: "Placed",
    ShieldStep.ESCALATED: "Went on to the national desk: nobody had confirmed it in time",
    ShieldStep.CONFIRMED: "Confirmed",
    ShieldStep.EXTENDED: "Reviewed, and extended",
    ShieldStep.LIFT_ASKED: "Lifting asked for",
    ShieldStep.LIFT_AGREED: "Lifting agreed by a second person",
    ShieldStep.LIFT_STOPPED: "Lifting stopped",
    ShieldStep.LIFTED: "Lifted",
}
# The button, the page's heading, and what will happen, said before it happens.
DECISIONS = {
    ShieldStep.CONFIRMED: (
        "Confirm the protection",
        "The protection stays in force; somebody other than whoever placed it reviews it after six months.",
    ),
    ShieldStep.EXTENDED: (
        "Review and extend",
        "The protection stays in force for another six months, until the next review.",
    ),
    ShieldStep.LIFT_ASKED: (
        "Ask for it to be lifted",
        (
            "The protection stays in force. A second person has to agree, and then it waits for some days in "
            "which anybody of the desk can stop it."
        ),
    ),
    ShieldStep.LIFT_AGREED: (
        "Agree to the lifting",
        (
            "The protection stays in force for some days yet, in which anybody of the desk can stop the "
            "lifting. Then it ends, for everybody or for the one person from whom the record is kept."
        ),
    ),
    ShieldStep.LIFT_STOPPED: (
        "Stop the lifting",
        "The protection stays in force. The national desk decides anew.",
    ),
}
DONE_WORDS = {
    "confirmed": "Recorded. The protection stays in force.",
    "lift_asked": "Recorded. The protection stays in force until a second person has agreed.",
    "lift_waiting": "Recorded. The protection stays in force until the waiting period is over.",
    "escalated": "Recorded. The lifting is stopped and the protection stays in force.",
}
SLUGS = {
    "confirm": ShieldStep.CONFIRMED,
    "extend": ShieldStep.EXTENDED,
    "ask-lifting": ShieldStep.LIFT_ASKED,
    "agree": ShieldStep.LIFT_AGREED,
    "stop": ShieldStep.LIFT_STOPPED,
}
_QUESTIONS = {
    "ground": ("Why", {one.value: words for one, words in GROUND_WORDS.items()}),
    "threat": ("If somebody learnt where", {one.value: words for one, words in THREAT_WORDS.items()}),
    "child": ("The child", {one.value: words for one, words in VIEW_WORDS.items()}),
    "carers": ("The parent or carer", {one.value: words for one, words in VIEW_WORDS.items()}),
    "practitioners": ("Whoever works with them", {one.value: words for one, words in VIEW_WORDS.items()}),
    "contacted": ("Spoken with", {one.value: words for one, words in CONTACTED_WORDS.items()}),
    "way": ("Reached", {one.value: words for one, words in WAY_WORDS.items()}),
    "alone": ("Were alone", {"yes": "Yes", "no": "No"}),
    "agrees": ("Agree", {"yes": "Yes", "no": "No"}),
}


TRIED_WORDS = {"searched": "Searched", "opened": "Asked for the record"}
SHARES_WORDS = {"address": "the address", "carer": "a carer", "phone": "a telephone"}
NEAR_WORDS = {
    NearOutcome.PROTECTED: "Must be protected too: done",
    NearOutcome.NOT_CONNECTED: "Not connected",
}
BREACH_WORDS = {
    BreachOutcome.NO_BREACH: "No breach: everybody who saw it had reason to",
    BreachOutcome.NOT_REPORTABLE: "A breach, without risk to anybody: recorded, not reported",
    BreachOutcome.REPORTED: "A breach: reported to the Information Commissioner",
}
SAW_WORDS = {
    "name": "name",
    "date_of_birth": "birth date",
    "sex": "sex",
    "addresses": "addresses",
    "carers": "carers",
    "names": "names",
    "former_names": "earlier names",
    "date_of_death": "date of death",
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
    "involvements": "who was in contact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NearView:
    """A child near a protected one."""

    near: int
    who: str
    shares: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """One look at a record before it was protected."""

    when: str
    who: str
    what: str
    saw: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoView:
    """One shield that waits; the link's words tell one from the other without saying whose it is.

    What another team decides has no handle.
    """

    handle: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """One kind of work with what waits of it. `more` says how many are not listed."""

    title: str
    means: str
    deadline: str
    rows: tuple[ToDoView, ...]
    count: str
    more: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a shield's life."""

    what: str
    when: str
    by: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A step that the viewer may take."""

    slug: str
    button: str
    will: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldView:
    """One shield in full."""

    heading: str
    facts: tuple[str, ...]
    state: str
    ground: str
    dates: tuple[tuple[str, str], ...]
    steps: tuple[StepView, ...]
    decisions: tuple[DecisionView, ...]
    desk_phone: str
    desk_link: str
    kept_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """What somebody tried who met absence."""

    when: str
    what: str
    typed: tuple[str, ...]
    outcome: str


def protected_now_page(confirm_by: str, record_path: str) -> MessagePage:
    """What was done, and what comes next."""
    by = _moment(datetime.fromisoformat(confirm_by))
    return MessagePage(
        title="This child is protected from now on",
        lines=(
            "Nobody sees any more where this child is, or who works with them. You do not either.",
            f"The shield desk decides by {by}. It may ring you on your organisation's number first.",
            "Until somebody decides, the protection stays in force.",
        ),
        steps=(
            "If the child is in danger now, ring 999.",
            "Do not write down or print where the child is; shred what was printed before.",
        ),
        links=(Link(text="Open the record as it is now", href=record_path),),
    )


def desk_view(waiting: Sequence[ShieldToDo], keep: Callable[[int], str]) -> tuple[KindView, ...]:
    """What waits at the desk, the riskiest kind first."""
    return tuple(
        _kind(kind, [one for one in waiting if one.kind == kind], keep)
        for kind in KINDS
        if any(one.kind == kind for one in waiting)
    )


def shield_view(shield: ShieldInFull, on: date) -> ShieldView:
    """Choose the words of one shield."""
    seen = protected_view(shield.record, on)
    slugs = {step: slug for slug, step in SLUGS.items()}
    return ShieldView(
        heading=seen.heading,
        facts=tuple(seen.facts),
        state=(KEPT_STATE_WORDS if shield.kept_from else STATE_WORDS)[shield.state],
        ground=GROUND_WORDS[shield.ground],
        dates=_dates(shield),
        steps=tuple(_step(one) for one in shield.steps),
        decisions=tuple(
            DecisionView(slug=slugs[step], button=DECISIONS[step][0], will=DECISIONS[step][1])
            for step in shield.may
        ),
        desk_phone=shield.record.desk_phone,
        desk_link=telephone_link(shield.record.desk_phone),
        kept_from=kept_from_words(shield.kept_from) if shield.kept_from else "",
    )


def now_kept_words(done: NowKeptFrom) -> str:
    """What was done, and what comes next."""
    by = _moment(datetime.fromisoformat(done.confirm_by))
    return (
        f"For {done.name} there is no such record from now on. They are not told. "
        f"Somebody else of a shield desk confirms it by {by}."
    )


def kept_from_words(who: KeptFrom) -> str:
    """Who it is, and where they work."""
    return ", ".join(part for part in (who.name, who.organisations) if part)


def attempt_rows(found: Attempts) -> list[AttemptView]:
    """What they tried, newest first."""
    return [
        AttemptView(
            when=_moment(one.at),
            what=f"{TRIED_WORDS[one.how]} for {one.organisation}"
            if one.organisation
            else TRIED_WORDS[one.how],
            typed=tuple(term_words(name, value) for name, value in one.typed),
            outcome=ATTEMPT_WORDS[one.outcome] if one.outcome else "",
        )
        for one in found.found
    ]


def near_rows(found: Sequence[NearShield]) -> list[NearView]:
    """The children who share what is hidden."""
    return [
        NearView(
            near=one.near,
            who=f"{one.name}, born {birth_date_words(one.date_of_birth)}, {number_words(one.number)}",
            shares=listed([SHARES_WORDS[what] for what in one.shares]).capitalize(),
            outcome=NEAR_WORDS[one.outcome] if one.outcome else "",
        )
        for one in found
    ]


def looks_page(found: LooksBefore) -> dict[str, object]:
    """What every list of looks holds: the rows, where the 72 hours stand, and whether to decide."""
    return {
        "looks": look_rows(found),
        "clock": breach_words(found),
        "open": found.decide_by is not None and found.outcome is None,
    }


def look_rows(found: LooksBefore) -> list[LookView]:
    """Who saw a record before it was protected, newest first."""
    return [_look(one) for one in found.looks]


def breach_words(found: LooksBefore) -> str:
    """Where the 72 hours stand."""
    if found.outcome:
        return f"Decided. {BREACH_WORDS[found.outcome]}."
    if found.decide_by is None:
        return ""
    return f"Decide by {_moment(found.decide_by)}, 72 hours after this page was first opened."


def _look(one: LookBefore) -> LookView:
    what = ACTION_WORDS.get(one.action, one.action)
    saw = [SAW_WORDS.get(field, field) for field in one.saw]
    return LookView(
        when=_moment(one.at),
        who=", ".join(part for part in (one.name, one.job_title, one.organisation) if part)
        + (f"; asked by {one.on_behalf_of}" if one.on_behalf_of else ""),
        what=what,
        saw=listed(saw).capitalize() if saw else "Name, age and town, in a list",
        values=tuple(
            (_first_capital(SAW_WORDS.get(name, name)), "; ".join(_value(name, each) for each in told))
            for name, told in one.values
        ),
    )


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _value(name: str, value: str) -> str:
    """One value as the record had it in words."""
    if name in ("date_of_birth", "date_of_death"):
        return birth_date_words(value)
    return sex_words(value) if name == "sex" else value


def _kind(kind: str, waiting: Sequence[ShieldToDo], keep: Callable[[int], str]) -> KindView:
    title, means, deadline = KINDS[kind]
    left = waiting[0].in_all - len(waiting)
    return KindView(
        title=title,
        means=means,
        deadline=deadline,
        rows=tuple(
            ToDoView(
                handle=keep(one.shield) if one.shield is not None else "",
                since=_moment(one.since),
                until=_moment(one.until) if one.until else "",
            )
            for one in waiting
        ),
        count=counted(waiting[0].in_all, "record", "records"),
        more=f"{counted(left, 'more record waits', 'more records wait')} behind these." if left else "",
        opens=waiting[0].shield is not None,
    )


def _dates(shield: ShieldInFull) -> tuple[tuple[str, str], ...]:
    found = [("Protected since", _moment(shield.placed_at))]
    if shield.state is ShieldState.TEMPORARY and shield.confirm_by:
        found.append(("Confirm by", _moment(shield.confirm_by)))
    if shield.state is ShieldState.LIFT_WAITING and shield.lift_at:
        found.append(("Lifted on", _moment(shield.lift_at)))
    if shield.state is ShieldState.CONFIRMED:
        found.append(("Review by", day_words(shield.review_by)))
    return tuple(found)


def _step(taken: StepTaken) -> StepView:
    by = " for ".join(part for part in (taken.by_name, taken.made_for) if part)
    return StepView(
        what=STEP_WORDS[taken.step],
        when=_moment(taken.at),
        by=by or "By itself, or by a source",
        answers=tuple(
            (_QUESTIONS[name][0], _QUESTIONS[name][1].get(code, code))
            for name, code in taken.answers.items()
            if name in _QUESTIONS
        ),
    )


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
