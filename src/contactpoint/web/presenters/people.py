"""The words of the pages on accounts: people, how each stands, roles, organisations, renewals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.actions.people.leaving import Leaving
from contactpoint.domain.bodies import may_a_page_change_it
from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.here import HERE
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.people_file import KeptFile
from contactpoint.domain.staff import AskedRole, Body, StaffMember, StaffRole
from contactpoint.domain.standing import TOLD_BEFORE, Standing
from contactpoint.web.context import ROLE_WORDS
from contactpoint.web.presenters.words import counted, day_words, listed, moment_words

MOST_SHOWN = 200
_CUT_SHORT = "It was cut short. Upload the same file again: it goes on from there."
DONE_WORDS = {
    "given": "{name} has an account. They are told by e-mail, within minutes, how to sign in.",
    "added": "{name} had an account already, and may act in that role now.",
    "asked": "Asked for. {name} gets that role once a second person, of the national team, agrees.",
    "agreed": "{name} has that role now.",
    "refused": "{name} does not get that role.",
    "standing": "Recorded for {name}.",
    "suspended": "{name} is shut out from the next click on.",
    "reinstated": "The account of {name} is open again.",
    "renewed": "{name} keeps the account for another year.",
    "invited_again": "{name} is told once more by e-mail, within minutes, how to sign in.",
    "left": "{name} is signed out everywhere and does no more for that organisation.",
    "moved": "{name} acts for the new organisation from now on, and no more for the old one.",
    "accredited": "{name} is accredited.",
    "not_accredited": "{name} is not accredited any more. Its people are shut out from the next click on.",
}
_LAPSE_WORDS = {
    Lapse.SHUT: "Access is shut in an incident",
    Lapse.SUSPENDED: "Suspended",
    Lapse.ORGANISATION_NOT_ACCREDITED: "Organisation not accredited",
    Lapse.CHECK_EXPIRED: "No check in date",
    Lapse.TRAINING_EXPIRED: "No training in date",
    Lapse.AGREEMENT_UNSIGNED: "No agreement in date",
    Lapse.NOT_RENEWED: "Not renewed this year",
    Lapse.IDLE: "Not used for 90 days",
    Lapse.NO_SECOND_FACTOR: "No second step in date",
    Lapse.NOT_OPEN_YET: "Area not open yet",
}
_WHAT = {
    Lapse.CHECK_EXPIRED: "Criminal-record check",
    Lapse.TRAINING_EXPIRED: "Training",
    Lapse.AGREEMENT_UNSIGNED: "User agreement",
    Lapse.NOT_RENEWED: "Year of the account",
    Lapse.NO_SECOND_FACTOR: "One-time code or passkey",
    Lapse.ORGANISATION_NOT_ACCREDITED: "Accreditation of the organisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody in a list."""

    account: UUID
    name: str
    job: str
    email: str
    bodies: str
    stands: str
    is_kept_out: bool
    soon: str
    has_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """One thing that makes a standing: what, until when, and whether that is soon or over."""

    what: str
    until: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """One role."""

    organisation: str
    organisation_name: str
    role: str
    services: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody's page."""

    account: UUID
    name: str
    job: str
    email: str
    phone: str
    manager: str
    stands: str
    is_kept_out: bool
    standing: tuple[StandingRow, ...]
    roles: tuple[RoleRow, ...]
    invited: str
    may_invite_again: bool
    is_suspended: bool
    may_reinstate: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """An organisation in a list."""

    code: str
    name: str
    until: str
    is_accredited: bool
    tag: str
    people: int
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A role that waits."""

    id: int
    name: str
    role: str
    organisation: str
    asked: str
    may_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFileView:
    """What came of a file: line, field and reason of each bad row."""

    id: int
    title: str
    lines: tuple[str, ...]
    bad: tuple[tuple[int, str, str], ...]
    bad_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRow:
    """Somebody in a manager's team, and until when the account is theirs."""

    account: UUID
    name: str
    job: str
    body: str
    until: str
    tag: str
    soon: str


def done_words(what: str, name: str) -> str:
    """What was just done."""
    return DONE_WORDS[what].format(name=name) if what in DONE_WORDS else ""


def person_rows(people: Iterable[StaffMember], on: date) -> tuple[PersonRow, ...]:
    """Words for a list of people."""
    return tuple(_person_row(one, on) for one in people)


def person_view(one: StaffMember, on: date) -> PersonView:
    """Words for one person's page."""
    return PersonView(
        account=one.account,
        name=one.name,
        job=one.job_title,
        email=one.email,
        phone=one.phone,
        manager=one.manager_name or "Nobody is named",
        stands=_stands(one, on),
        is_kept_out=_is_kept_out(one, on),
        standing=standing_rows(one.standing, on),
        roles=tuple(_role_row(role) for role in one.roles),
        invited=_invited(one),
        may_invite_again=one.is_open and not one.has_signed_in and one.invited_at is not None,
        is_suspended=one.standing.is_suspended(),
        may_reinstate=one.suspended_for == "manager" or one.standing.is_idle(on),
        is_open=one.is_open,
    )


def standing_rows(standing: Standing, on: date) -> tuple[StandingRow, ...]:
    """Each thing with its last good day."""
    return tuple(
        StandingRow(what=_WHAT[what], until=_until(what, last), tag=_tag(last, on))
        for what, last in standing.last_days()
    )


def body_rows(bodies: Iterable[Body], on: date) -> tuple[BodyRow, ...]:
    """Words for a list of organisations."""
    return tuple(
        BodyRow(
            code=one.code,
            name=one.name,
            until=day_words(one.accredited_until) if one.accredited_until else "Not accredited",
            is_accredited=one.accredited_until is not None,
            tag=f"Closed {day_words(one.closed_on)}" if one.closed_on else _tag(one.accredited_until, on),
            people=one.people,
            may_change=may_a_page_change_it(one.kind, one.code),
        )
        for one in bodies
    )


def asked_rows(asked: Iterable[AskedRole], account: UUID | None, role: Role) -> tuple[AskedRow, ...]:
    """Words for the roles that wait."""
    return tuple(
        AskedRow(
            id=one.id,
            name=one.name,
            role=ROLE_WORDS[one.role].capitalize(),
            organisation=one.organisation_name,
            asked=f"{one.asked_by_name}, {_moment(one.asked_at)}",
            may_agree=role is Role.NATIONAL_TEAM and account not in {one.asked_by, one.account},
        )
        for one in asked
    )


def renewal_rows(people: Iterable[StaffMember], body: str, on: date) -> tuple[RenewalRow, ...]:
    """Words for a manager's team."""
    return tuple(
        RenewalRow(
            account=one.account,
            name=one.name,
            job=one.job_title,
            body=body,
            until=day_words(one.standing.renew_by) if one.standing.renew_by else "No end",
            tag=_tag(one.standing.renew_by, on),
            soon=_soon(one.standing, on, but=Lapse.NOT_RENEWED),
        )
        for one in people
    )


def file_view(file: KeptFile) -> PeopleFileView:
    """Words for what came of a file."""
    good = counted(file.taken, "person was invited", "people were invited")
    known = f" {counted(file.known, 'was', 'were')} invited before." if file.known else ""
    bad = counted(len(file.bad), "row we could not take", "rows we could not take")
    return PeopleFileView(
        id=file.id,
        title=f"{good}, {bad}" if file.bad else good,
        lines=(
            f"The file has {counted(file.rows, 'row', 'rows')}.{known}",
            *(
                ()
                if file.ended
                else ("It was cut short. Upload the same file again: it goes on from there.",)
            ),
        ),
        bad=tuple(
            (one.row.line, fault.field or "the whole row", fault.reason)
            for one in file.bad[:MOST_SHOWN]
            for fault in one.faults
        ),
        bad_rows=len(file.bad),
    )


def leaving_lines(found: Leaving) -> tuple[str, ...]:
    """What ends, before it does."""
    body = found.roles[0].organisation_name if found.roles else ""
    return (
        f"{found.member.name} is signed out everywhere at once, and can do nothing more for {body}.",
        "What they said of their work there goes to the colleague you choose, with the lead and the consent.",
        "For them it ends today. What nobody had confirmed yet ends for everybody.",
        "You do not see here which children these are, or how many.",
    )


def role_words(role: str) -> str:
    """A role by its name."""
    return ROLE_WORDS[Role(role)]


def _person_row(one: StaffMember, on: date) -> PersonRow:
    return PersonRow(
        account=one.account,
        name=one.name,
        job=one.job_title,
        email=one.email,
        bodies=listed([f"{role.organisation_name} ({ROLE_WORDS[role.role]})" for role in one.roles]),
        stands=_stands(one, on),
        is_kept_out=_is_kept_out(one, on),
        soon=_soon(one.standing, on) if one.roles else "",
        has_page=bool(one.roles),  # whoever left is invited again, from anywhere
    )


def _is_kept_out(one: StaffMember, on: date) -> bool:
    return not one.is_open or bool(one.lapses(on))


def _stands(one: StaffMember, on: date) -> str:
    if not one.is_open:
        return "Left"
    if not one.roles:
        return "Waits for a role"
    lapses = [_LAPSE_WORDS[lapse] for lapse in one.lapses(on)]
    if lapses:
        return " · ".join(lapses)
    return "In good standing" if one.has_signed_in else "Has not signed in yet"


def _soon(standing: Standing, on: date, *, but: Lapse | None = None) -> str:
    ends = [f"{_WHAT[what]}: {day_words(last)}" for what, last in standing.ends_soon(on) if what is not but]
    return " · ".join(ends)


def _role_row(role: StaffRole) -> RoleRow:
    return RoleRow(
        organisation=role.organisation,
        organisation_name=role.organisation_name,
        role=ROLE_WORDS[role.role].capitalize(),
        services=listed(_names(role.services)),
    )


def _names(services: Sequence[str]) -> list[str]:
    return [SERVICES[one].name if one in SERVICES else one for one in services]


def _invited(one: StaffMember) -> str:
    if one.invited_at is None or one.has_signed_in:
        return ""
    if one.told_at is None:
        return f"Invited on {_moment(one.invited_at)}. The e-mail is on its way."
    told = f"Invited on {_moment(one.invited_at)}, told by e-mail on {_moment(one.told_at)}"
    return f"{told}, has not signed in yet."


def _until(what: Lapse, last: date | None) -> str:
    if last is not None:
        return f"Until {day_words(last)}"
    return "No end" if what is Lapse.NOT_RENEWED else "None recorded"


def _tag(last: date | None, on: date) -> str:
    if last is None:
        return ""
    if last < on:
        return "Over"
    return "Soon" if last <= on + TOLD_BEFORE else ""


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
