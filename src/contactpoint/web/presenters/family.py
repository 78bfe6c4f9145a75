"""The words of a family's request, and of the report that they are given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from contactpoint.actions.account.family_requests import FamilyRequestInFull
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Contact, ShownInvolvement
from contactpoint.domain.disclosure.contesting import Fate
from contactpoint.domain.disclosure.history import HistoryField, Told
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.family.asking import Asker, FamilyLine, FamilyState, FamilyStep
from contactpoint.domain.family.telling import (
    Choosable,
    CorrectionTold,
    FamilyReport,
    HeldFact,
    LooksOfADay,
)
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.people import Address, Carer
from contactpoint.web.context import ROLE_WORDS
from contactpoint.web.forms.family import (
    ASKER_WORDS,
    BECAUSE_WORDS,
    ENTITLEMENT_WORDS,
    IDENTITY_WORDS,
)
from contactpoint.web.presenters.facts import ADDRESS_WORDS
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.words import (
    birth_date_words,
    counted,
    day_words,
    listed,
    number_words,
    sex_words,
)
from contactpoint.web.reasons import reason_words

SHORT_ASKER = {Asker.CHILD: "The child", Asker.PARENT: "A parent", Asker.REPRESENTATIVE: "A representative"}
STATE_WORDS = {
    FamilyState.OPEN: "Waits",
    FamilyState.EXTENDED: "Takes longer",
    FamilyState.ANSWERED: "Answered",
    FamilyState.REFUSED: "Refused",
}
_REFUSED = (
    "Tell them why, and that they can complain. Where saying why could endanger somebody, say only that we "
    "hold nothing that we have to give."
)
_PASSED_ON = (
    "The national shield desk answers it from now on, within the same time, and you no longer see it. Tell "
    "the person only that they will be answered in time."
)
STEP_WORDS = {
    FamilyStep.EXTEND: (
        "Take longer",
        "They may have to wait two months more. Tell them so, and why, before the first month is over.",
    ),
    FamilyStep.ANSWER: ("It was given to them", "The request ends. The report itself is not kept."),
    FamilyStep.REFUSE: ("Refuse it", _REFUSED),
    FamilyStep.PASS_ON: ("Pass it on to the national shield desk", _PASSED_ON),
}
SLUGS = {
    "extend": FamilyStep.EXTEND,
    "given": FamilyStep.ANSWER,
    "refuse": FamilyStep.REFUSE,
    "pass-on": FamilyStep.PASS_ON,
}
_SLUG_OF = {step: slug for slug, step in SLUGS.items()}
MOVED_WORDS = {
    FamilyState.OPEN.value: "Recorded.",
    FamilyState.EXTENDED.value: "Recorded. Tell them that it takes longer, and why.",
    FamilyState.ANSWERED.value: "Recorded: it was given to them.",
    FamilyState.REFUSED.value: "Recorded: it was refused. Tell them, and how they can complain.",
}
FIELD_WORDS = {
    HistoryField.NAME: "Name",
    HistoryField.KNOWN_AS: "Known as",
    HistoryField.FORMER_NAME: "Earlier last name",
    HistoryField.DATE_OF_BIRTH: "Date of birth",
    HistoryField.SEX: "Sex",
    HistoryField.ADDRESS: "Home",
    HistoryField.CARER: "Carer",
    HistoryField.NHS_NUMBER: "NHS number",
    HistoryField.UPN: "Unique pupil number",
    HistoryField.DATE_OF_DEATH: "Date of death",
    HistoryField.SERVICE: "Service",
}
NUMBER_WORDS = {
    HistoryField.NHS_NUMBER: "It is held. Your GP practice can tell you what it is.",
    HistoryField.UPN: "It is held. The school can tell you what it is.",
}
LOOK_WORDS = {
    "searched": "Saw the name in a list of search results",
    "opened_record": "Opened the record",
    "printed_record": "Had the record laid out to print",
    "read_history": "Looked at how the record came to be",
    "listed_correctable": "Looked at what could be wrong",
    "listed_own_children": "Saw the name among the children they work with",
    "listed_notices": "Saw a notice about the record",
    "opened_own_child": "Looked at what they said of their work with the child",
    "listed_askable": "Looked at who could be asked to get in touch",
    "listed_education": "Saw the name among children without an education setting",
    "opened_case": "Compared the record with another, to see whether they are of one child",
    "opened_case_ahead": "Was sent the record beside another to compare, and may not have looked at it",
}
CORRECTION_WORDS = {
    "name": "Name",
    "known_as": "Known as",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "address": "Home",
    "carer": "Carer",
    "service": "A service in contact",
    "date_of_death": "Date of death",
}
FATE_WORDS = {
    Fate.SENT: "The source was asked and has not answered yet.",
    Fate.AGREED: "The source agreed, and will correct it.",
    Fate.STILL_SAID: "The source agreed, and has not corrected it with its last delivery.",
    Fate.CORRECTED: "The source says something else by now.",
    Fate.STANDS: "The source says that it is right.",
}
# The same on every report, word for word: what is left out must not show in what is said about it (R34, R60).
NOTHING = "Nothing that can be given here."
LEFT_OUT = (
    "Homes at which the person who asked was not shown to live, and people who care for the child at them.",
    "Telephone numbers of families, and the names of people who looked.",
    "Services for sexual health, mental health and substance misuse, and looks by people who work for one.",
    "Whether and how a record is protected.",
    "What one person wrote as a reason in their own words.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLineView:
    """One line of the list; without a handle where the national desk answers."""

    handle: str
    who: str
    received: str
    due: str
    state: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step that comes next."""

    slug: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """One request as its desk reads it."""

    child: str
    number: str
    protected: bool
    rows: tuple[tuple[str, str], ...]
    late: str
    may_tell: bool
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One line of a table of the report."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """What is held, and a line for all who told us the same days."""

    what: str
    value: str
    told_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The report in words."""

    name: str
    facts: tuple[str, ...]
    made: str
    by: str
    held: tuple[HeldRow, ...]
    contacts: tuple[ReportRow, ...]
    looks: tuple[ReportRow, ...]
    corrections: tuple[ReportRow, ...]
    nothing: str
    left_out: tuple[str, ...]


def recorded_page(due_on: str, *, elsewhere: bool) -> MessagePage:
    """What whoever recorded it is told."""
    answered = f"It is answered by {day_words(date.fromisoformat(due_on))}."
    lines = (
        ("The national shield desk answers it.", answered, "Tell the person that, and nothing more.")
        if elsewhere
        else (answered, "It waits in the list of families who ask. Tell the person by when.")
    )
    return MessagePage(
        title="Recorded: a family asks what is held",
        lines=lines,
        links=(Link(text="Families who ask", href="/family/"),),
    )


def passed_on_words() -> str:
    """What is said after a request was passed on."""
    return "Passed on. The national shield desk answers it."


def family_lines(
    found: Iterable[FamilyLine], on: date, keep: Callable[[int], str]
) -> tuple[FamilyLineView, ...]:
    """The list, the soonest due first."""
    return tuple(_line(one, on, keep) for one in found)


def _line(one: FamilyLine, on: date, keep: Callable[[int], str]) -> FamilyLineView:
    waits = one.state in {FamilyState.OPEN, FamilyState.EXTENDED}
    return FamilyLineView(
        handle="" if one.elsewhere else keep(one.request),
        who=SHORT_ASKER[one.asker],
        received=day_words(one.received_on),
        due=day_words(one.due_on) if one.due_on and waits else "",
        state=STATE_WORDS[one.state] if one.state else "The national shield desk answers it",
        late=waits and one.due_on is not None and one.due_on < on,
    )


def family_view(found: FamilyRequestInFull, on: date) -> FamilyView:
    """One request, and what comes next."""
    asking = found.asking
    waits = found.state in {FamilyState.OPEN, FamilyState.EXTENDED}
    rows = [
        ("Who asks", ASKER_WORDS[asking.asker]),
        ("Who they are was shown by", IDENTITY_WORDS[asking.identity]),
        ("That they may ask was shown by", ENTITLEMENT_WORDS[asking.entitlement]),
        ("Asked on", day_words(asking.received_on)),
        ("To be answered by", day_words(found.due_on)),
        ("How it stands", STATE_WORDS[found.state]),
    ]
    if found.because:
        rows.append(("Because", BECAUSE_WORDS[found.because]))
    return FamilyView(
        child=found.child_name,
        number=number_words(found.number),
        protected=found.protected,
        rows=tuple(rows),
        late="This is late." if waits and found.due_on < on else "",
        may_tell=waits and found.shown,
        steps=tuple(
            StepView(slug=_SLUG_OF[step], button=STEP_WORDS[step][0])
            for step in found.may
            if found.shown or step is not FamilyStep.ANSWER
        ),
    )


def choices_of(found: Iterable[Choosable]) -> list[tuple[str, str]]:
    """Homes or carers to choose from, in words."""
    return [(one.key, told_words(one.told)) for one in found]


def told_words(told: Told) -> str:
    """A value in one line."""
    match told:
        case Address():
            parts = [ADDRESS_WORDS[told.kind], *(part for part in (told.line, told.postcode) if part)]
            return ", ".join(parts) + (f" since {day_words(told.since)}" if told.since else "")
        case Carer():
            name = " ".join(part for part in (told.forename, told.surname) if part) or "Name not known"
            return f"{name}, {told.relationship}" if told.relationship else name
        case Contact():
            return f"{told.service}, {told.organisation}"
        case str():
            return told


def report_view(report: FamilyReport, *, by: Viewer | None, on: date) -> ReportView:
    """Choose the words for everything that is told."""
    return ReportView(
        name=report.name,
        facts=(
            f"Born {birth_date_words(report.date_of_birth)}"
            if report.date_of_birth
            else "Birth date not known",
            sex_words(report.sex),
            f"ContactPoint number {number_words(report.number)}",
        ),
        made=day_words(on),
        by="ContactPoint" if by is None or by.role is Role.SHIELD_TEAM else by.organisation_name,
        held=tuple(_fact(one) for one in report.facts),
        contacts=(
            *(_contact(one, ended=False) for one in report.contacts),
            *(_contact(one, ended=True) for one in report.past_contacts),
        ),
        looks=tuple(_look(one) for one in report.looks),
        corrections=tuple(_correction(one) for one in report.corrections),
        nothing=NOTHING,
        left_out=LEFT_OUT,
    )


def _fact(fact: HeldFact) -> HeldRow:
    if fact.told is None:
        value = NUMBER_WORDS[fact.field]
    elif fact.field in {HistoryField.DATE_OF_BIRTH, HistoryField.DATE_OF_DEATH}:
        value = birth_date_words(str(fact.told))
    elif fact.field is HistoryField.SEX:
        value = sex_words(str(fact.told))
    else:
        value = told_words(fact.told)
    told_by: dict[str, list[str]] = {}
    for one in fact.said_by:
        days = f"as of {day_words(one.as_at)}, here since {day_words(one.held_since.date())}"
        told_by.setdefault(days, []).append(one.source_name)
    return HeldRow(
        what=FIELD_WORDS[fact.field],
        value=value,
        told_by=tuple(f"{listed(sources)}: {days}" for days, sources in told_by.items()),
    )


def _contact(one: ShownInvolvement, *, ended: bool) -> ReportRow:
    days = [f"since {day_words(one.start)}"] if one.start else []
    if ended and one.end:
        days.append(f"until {day_words(one.end)}")
    told = (
        one.organisation,
        one.practitioner_role,
        "lead practitioner" if one.lead_practitioner else None,
        "assessment held" if one.assessment_held else None,
    )
    who = ", ".join(part for part in told if part)
    when = " ".join(days) or "it is not said since when"
    return ReportRow(cells=(one.service, who, f"{when[0].upper()}{when[1:]}. From {one.source_name}."))


def _look(one: LooksOfADay) -> ReportRow:
    look = one.look
    services = [SERVICES[code].name for code in look.services if code in SERVICES]
    work = listed(services) if services else _role_words(look.role)
    times = "" if one.times == 1 else f" ({counted(one.times, 'time', 'times')})"
    return ReportRow(
        cells=(
            day_words(one.on),
            f"{look.organisation}: {work}",
            f"{LOOK_WORDS[look.action]}{times}",
            _reason_words(look.purpose),
        )
    )


def _role_words(role: str) -> str:
    return ROLE_WORDS[Role(role)].capitalize() if role in {one.value for one in Role} else "Not said"


def _reason_words(purpose: str | None) -> str:
    if purpose is None:
        return "Their own work with the child, or keeping the directory right"
    if purpose == PurposeCode.OTHER.value:
        return "Another reason, which they wrote down"
    return reason_words(PurposeCode(purpose)) if purpose in set(PurposeCode) else "Not said"


def _correction(one: CorrectionTold) -> ReportRow:
    what = f"{CORRECTION_WORDS[one.field]}, as {one.source_name} says it"
    return ReportRow(cells=(what, day_words(one.asked_on), FATE_WORDS[one.fate]))
