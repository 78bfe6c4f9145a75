"""The words of "Records to check"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.domain.here import HERE
from contactpoint.domain.matching import (
    FIRST_OF_TWO,
    CaseInFull,
    CaseKind,
    CaseLine,
    ComparedField,
    DecidedLine,
    Evidence,
    Said,
    Verdict,
    WouldSay,
)
from contactpoint.domain.work import CHECKED_WITHIN
from contactpoint.web.presenters.words import (
    birth_date_words,
    counted,
    day_words,
    moment_words,
    number_words,
    sex_words,
)

KIND_WORDS = {
    CaseKind.POSSIBLE_TWO: "Two children in one record?",
    CaseKind.CONFLICT: "One child with two identifiers?",
    CaseKind.POSSIBLE_MERGE: "Two records of one child?",
    CaseKind.UNSURE_PAIR: "A new record of a known child?",
}
QUESTIONS = {
    CaseKind.POSSIBLE_TWO: "What sources say in this one record does not hang together.",
    CaseKind.CONFLICT: (
        "All else speaks for one child, but each record has another number of the same kind. One of the "
        "numbers may be wrong."
    ),
    CaseKind.POSSIBLE_MERGE: "These two records may be about one child.",
    CaseKind.UNSURE_PAIR: "A record that came in lately may be about a child who has a record already.",
}
FIELD_WORDS = {
    "name": "Name",
    "forename": "First name",
    "middle_names": "Middle names",
    "surname": "Last name",
    "former_surname": "Former last name",
    "known_as": "Goes by",
    "suffix": "Suffix",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "address": "Address",
    "postcode": "Postcode",
    "phone": "Telephone",
    "email": "E-mail",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
    "carer_forename": "Carer's first name",
    "carer_surname": "Carer's last name",
    "mother_former_surname": "Mother's former last name",
    "birth_order": "Order in a multiple birth",
    "date_of_death": "Date of death",
}
VERDICT_WORDS = {
    Verdict.SAME: "Same child",
    Verdict.DIFFERENT: "Two children",
    Verdict.CANNOT_TELL: "Cannot tell",
}
STATE_WORDS = {"waiting": "Is being carried out", "done": "Done", "undone": "Taken back"}
AGAINST_WORDS = {"twin": "a twin", "sibling": "a brother or sister", "stranger": "somebody else"}
WAITS = " The records follow within a minute, or when a delivery that is on its way in has ended."
NEXT_ONE = "This is the next one."
DONE_WORDS = {
    "same": "Recorded: the same child.",
    "different": "Recorded: two children. They are kept apart from now on, whatever comes in.",
    "cannot_tell": "Recorded: nobody can tell. It comes back when a source says something else.",
    FIRST_OF_TWO: "Recorded. A second person has to say the same before anything is joined or parted. Until "
    "then it stays in the list for them.",
    "undo": "Recorded: taken back. The records wait to be checked again.",
}
ANOTHER_WORDS = {
    True: "Another child who was born on that day has the same postcode as one of these: it may be a twin.",
    False: "No other child that you could find was born on that day and has the postcode of one of these.",
}
AFTER_HEADS = {
    1: ("If it is one child, the record will say",),
    2: ("If there are two, one record will say", "The other record will say"),
}
# The waterfall, in pixels: whole width, room for labels and for numbers, height of a row.
_PICTURE, _LABELS, _NUMBERS, _ROW = 480, 180, 60, 28
CHANGED = "This has changed since you opened it. Nothing was decided. Look at what stands here now."


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRowView:
    """A case in the list."""

    handle: str
    title: str
    sides: tuple[str, str]
    since: str
    by: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """One of the lists by kind; `code` is empty for all of them."""

    code: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideValue:
    """One value and who says so."""

    value: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One row of the two columns; `mark` says in words how they agree."""

    name: str
    left: tuple[SideValue, ...]
    right: tuple[SideValue, ...]
    mark: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """One line of why it is asked; `bits` is empty where another model weighed it."""

    what: str
    how: str
    bits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FallBar:
    """One bar of the waterfall, in pixels of its picture; `filled` where it speaks for one child."""

    what: str
    bits: str
    y: float
    text_y: float
    x: float
    width: float
    bits_x: float
    filled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """How what was compared adds up, as a picture; the table beside it says the same."""

    height: float
    zero: float
    bars: tuple[FallBar, ...]
    in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterView:
    """What one record would say: its heading, what it says by field, and of how many sources."""

    head: str
    rows: tuple[tuple[str, str], ...]
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The page of a case. `will` says what each button does, before it is pressed."""

    handle: str
    title: str
    question: str
    heads: tuple[str, str]
    numbers: tuple[str, str]
    fields: tuple[FieldView, ...]
    reasons: tuple[ReasonView, ...]
    waterfall: Waterfall | None
    another: str
    after: tuple[AfterView, ...]
    weight: str
    by: str
    will: tuple[tuple[str, str], ...]
    since: str
    parted: bool
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedView:
    """A decision in the list; `handle` is empty where it cannot be taken back now."""

    handle: str
    verdict: str
    title: str
    names: str
    because: str
    decided: str
    state: str
    seen: str


def case_rows(lines: Sequence[CaseLine], keep: Callable[[int], str], at: datetime) -> list[CaseRowView]:
    """The list."""
    return [
        CaseRowView(
            handle=keep(line.id),
            title=KIND_WORDS[line.kind],
            sides=(_side(line.names[0], line.born[0]), _side(line.names[1], line.born[1])),
            since=day_words(line.opened_at.astimezone(HERE).date()),
            by=day_words(_check_by(line.kind, line.opened_at).date()),
            late=_check_by(line.kind, line.opened_at) < at,
        )
        for line in lines
    ]


def kind_views(chosen: CaseKind | None) -> list[KindView]:
    """The lists: all, and one for each kind."""
    return [
        KindView(code="", name="All", here=chosen is None),
        *(KindView(code=kind.value, name=words, here=kind is chosen) for kind, words in KIND_WORDS.items()),
    ]


def case_view(case: CaseInFull, handle: str, at: datetime) -> CaseView:
    """Choose the words of one case."""
    kind = case.row.kind
    one = kind is CaseKind.POSSIBLE_TWO
    return CaseView(
        handle=handle,
        title=KIND_WORDS[kind],
        question=QUESTIONS[kind],
        heads=("One part of the record", "The other part") if one else ("One record", "The other record"),
        numbers=("", "") if one else (_number(case.numbers[0]), _number(case.numbers[1])),
        fields=tuple(_field(field) for field in case.fields),
        reasons=_reasons(case.evidence),
        waterfall=_waterfall(case.evidence),
        another="" if case.another_there is None else ANOTHER_WORDS[case.another_there],
        after=tuple(
            _after(head, one) for head, one in zip(AFTER_HEADS[len(case.after)], case.after, strict=True)
        ),
        weight=_weight(case.evidence),
        by=_by_words(kind, case.row.opened_at, at),
        will=_will(kind),
        since=day_words(case.row.opened_at.astimezone(HERE).date()),
        parted=bool(case.between),
        version=case.version,
    )


def between_words(case: CaseInFull) -> list[tuple[str, bool]]:
    """The records that may go with either part, and whether they are proposed to go with the other."""
    return [
        (f"{_side(one.name, one.date_of_birth)}: {_source(one.source_name, one.as_at)}", one.leaves)
        for one in case.between
    ]


def decided_rows(lines: Sequence[DecidedLine], keep: Callable[[int], str]) -> list[DecidedView]:
    """The list of what was decided."""
    return [
        DecidedView(
            handle=keep(line.id) if line.may_be_undone else "",
            verdict=VERDICT_WORDS[line.verdict],
            title=KIND_WORDS[line.kind],
            names=" · ".join(dict.fromkeys(line.names)),
            because=line.because,
            decided=f"{line.decided_by}, {moment_words(line.decided_at.astimezone(HERE))}",
            state=STATE_WORDS.get(line.state, f"Could not be done. {line.state}"),
            seen=keep(line.id) if line.was_mixed else "",
        )
        for line in lines
    ]


def done_words(verdict: str, *, waits: bool) -> str:
    """What is said once it is recorded."""
    return DONE_WORDS[verdict] + (WAITS if waits else "")


def undoing_words(line: DecidedLine) -> str:
    """What will happen when it is taken back, said before it happens."""
    if line.kind is CaseKind.POSSIBLE_TWO and line.verdict is Verdict.DIFFERENT:
        return (
            "The two records are one again, under the number that stayed. What came in since for either is "
            "all on that one record. Then the records wait to be checked again."
        )
    if line.kind is not CaseKind.POSSIBLE_TWO and line.verdict is Verdict.SAME:
        return (
            "Every record goes back to the number it had, and what came in since goes where it belongs. The "
            "record of each child is again what it was. Then the records wait to be checked again."
        )
    return "The records wait to be checked again. Nothing else changes."


def came_words(came: Sequence[tuple[str, date, str]]) -> list[str]:
    """What came in since two records became one, and which number each would go to."""
    return [f"{_source(source, day)}: goes to {number_words(number)}" for source, day, number in came]


def _check_by(kind: CaseKind, opened_at: datetime) -> datetime:
    return (opened_at + CHECKED_WITHIN[kind]).astimezone(HERE)


def _by_words(kind: CaseKind, opened_at: datetime, at: datetime) -> str:
    by = _check_by(kind, opened_at)
    day = day_words(by.date())
    return f"It should have been checked by {day}." if by < at else f"Check it by {day}."


def _after(head: str, one: WouldSay) -> AfterView:
    return AfterView(
        head=head,
        rows=tuple((FIELD_WORDS[field], _value(value, field)) for field, value in one.fields),
        of=f"From {counted(one.sources, 'source', 'sources')}",
    )


def _waterfall(evidence: Evidence) -> Waterfall | None:
    """Bars from the first that is weighed to the sum; nothing where another model weighed it."""
    if evidence.prior is None or evidence.rest is None:
        return None
    steps = [
        ("Before", evidence.prior),
        *((what[0].upper() + what[1:], bits) for what, _, bits in evidence.lines if bits),
        ("All else", evidence.rest),
    ]
    ends = [0.0]
    for _, bits in steps:
        ends.append(ends[-1] + bits)
    drawn = [(what, bits, ends[place], ends[place + 1]) for place, (what, bits) in enumerate(steps)]
    drawn.append(("In all", evidence.weight, 0.0, evidence.weight))
    low, high = min(*ends, evidence.weight), max(*ends, evidence.weight)
    scale = (_PICTURE - _LABELS - _NUMBERS) / ((high - low) or 1.0)

    def place(value: float) -> float:
        return round(_LABELS + (value - low) * scale, 1)

    bars = tuple(
        FallBar(
            what=what,
            bits=_bits(bits).removesuffix(" bits"),
            y=row * _ROW + 5,
            text_y=row * _ROW + 20,
            x=place(min(start, end)),
            width=max(2.0, round(abs(end - start) * scale, 1)),
            bits_x=place(max(start, end)) + 6,
            filled=end >= start,
        )
        for row, (what, bits, start, end) in enumerate(drawn)
    )
    return Waterfall(
        height=len(bars) * _ROW + 4,
        zero=place(0.0),
        bars=bars,
        in_words=f"From {_bits(steps[0][1])} before anything is compared to {_bits(evidence.weight)} in all. "
        "The table has every step.",
    )


def _will(kind: CaseKind) -> tuple[tuple[str, str], ...]:
    undone = "It can be taken back."
    if kind is CaseKind.POSSIBLE_TWO:
        same = "The record stays as it is, and nobody is asked again about what it holds now."
        two = (
            "The record is parted in two: what you choose below goes with the other part. The part that "
            "was linked first keeps the number. Linking never joins them again. Those who work with the "
            f"child are told. {undone}"
        )
    else:
        same = (
            "Both records become one, under the number that was linked first; the other number leads to it "
            f"for ever. Those who work with the child are told. {undone}"
        )
        two = f"Linking never joins them, whatever comes in. {undone}"
    later = "It is put aside until a source says something else."
    return ((VERDICT_WORDS[Verdict.SAME], same), (VERDICT_WORDS[Verdict.DIFFERENT], two),
            (VERDICT_WORDS[Verdict.CANNOT_TELL], later))  # fmt: skip


def _number(number: str) -> str:
    return number_words(number) if number else "Waits in quarantine"


def _side(name: str, born: str | None) -> str:
    return f"{name}, born {birth_date_words(born)}" if born else name


def _field(field: ComparedField) -> FieldView:
    marks = {True: "Differs", False: "Agrees", None: "One side says nothing"}
    return FieldView(
        name=FIELD_WORDS[field.field],
        left=tuple(_said(one, field.field) for one in field.left),
        right=tuple(_said(one, field.field) for one in field.right),
        mark=marks[field.differs],
        differs=field.differs is True,
    )


def _said(one: Said, field: str) -> SideValue:
    by = "; ".join(_source(source, day) for source, day in one.by)
    return SideValue(value=_value(one.value, field), by=by)


def _value(value: str, field: str) -> str:
    if field in ("date_of_birth", "date_of_death"):
        return birth_date_words(value)
    return sex_words(value) if field == "sex" else value


def _source(source: str, day: date) -> str:
    return f"{source}, {day_words(day)}"


def _reasons(evidence: Evidence) -> tuple[ReasonView, ...]:
    lines = [
        ReasonView(what=what[0].upper() + what[1:], how=how, bits="" if bits is None else _bits(bits))
        for what, how, bits in evidence.lines
    ]
    if evidence.prior is not None and evidence.rest is not None:
        against = AGAINST_WORDS.get(evidence.against, evidence.against)
        first = ReasonView(
            what="Before anything is compared",
            how=f"one child, against {against}",
            bits=_bits(evidence.prior),
        )
        rest = ReasonView(what="All else it could be", how="taken off", bits=_bits(evidence.rest))
        return (first, *lines, rest)
    return tuple(lines)


def _weight(evidence: Evidence) -> str:
    odds = 2.0 ** min(abs(evidence.weight), 40)
    likely = "one child" if evidence.weight >= 0 else "two children"
    return (
        f"{_bits(evidence.weight)} in all: {odds:,.0f} to 1 for {likely}. Each bit doubles the odds that it "
        "is one child; a minus halves them."
    )


def _bits(bits: float) -> str:
    told = round(bits, 1) or 0.0
    return f"{'+' if told >= 0 else '−'}{abs(told):.1f} bits"
