"""Judge how the directory was used, a day at a time: every night yesterday, and four weeks later once more.

Each day is one transaction that ends by noting the day: killed at any point, the next run goes on where
nothing was noted, and a day judged twice keeps what it had (R52-R54).
"""

import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction

from contactpoint.actions.account.staff_home import home_digest, postcode_digest
from contactpoint.actions.find.how_come import called
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, AuditEvent, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.here import HERE
from contactpoint.domain.people import PersonFacts
from contactpoint.domain.review.explained import ARRIVED_WITHIN, DUTY_LASTS, LATER_WITHIN
from contactpoint.domain.review.joining import COLLECTS_FOR, does_it_collect, left_of, may_it_join, together
from contactpoint.domain.review.judge import Judged, judge
from contactpoint.domain.review.looks import (
    ChildFacts,
    Day,
    Duty,
    DutyKind,
    Look,
    LookKind,
    Name,
    Person,
    Tie,
    Who,
)
from contactpoint.domain.review.patterns import ODD_FROM, ODD_UNTIL, Code, risk_of
from contactpoint.domain.review.reviewers import figures_of, whose_reviewers_look
from contactpoint.domain.staff import ONE_BODY
from contactpoint.linking.names import fold, joined
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import use as stored
from contactpoint.storage.sealed_pairs import pair_key
from contactpoint.storage.settings import settings_at

EVERY: Final = timedelta(minutes=30)
"""How often the worker asks whether a day is to be judged."""

Value = TypeVar("Value")

_FURTHEST: Final = timedelta(days=90)
_WEEK: Final = 6
_MONTH: Final = timedelta(days=28)
_CHARITY: Final = "charity"
_RARE: Final = 88  # eighths of a bit: one child in two thousand
_KINDS: Final[dict[Action, LookKind]] = {
    Action.OPENED_RECORD: LookKind.OPENED,
    Action.PRINTED_RECORD: LookKind.OPENED,
    Action.READ_HISTORY: LookKind.OPENED,
    Action.READ_HIDDEN: LookKind.OPENED,
    Action.OVERRODE_SHIELD: LookKind.OVERRODE,
    Action.SEARCHED: LookKind.SEARCHED,
    Action.REFUSED: LookKind.TRIED,
    Action.REPORTED_ACTIVITY: LookKind.DISOWNED,
}
_TRYING: Final = frozenset({Permission.OPEN_RECORD.value, Permission.SEARCH.value})


def review_use(*, by: Viewer, at: datetime) -> int:
    """Judge every day that is over and not judged, oldest first, and settle those four weeks old.

    Returns:
        How many days were judged or settled.
    """
    check_may_run(by)
    key, done = _sampling_key(), 0
    for day, is_new, is_due in _days_due(at):
        if is_new:
            _judge_day(day, key, by=by, at=at)
            done += 1
        if is_due:
            _settle_day(day, key, by=by, at=at)
            done += 1
    return done


def anything_to_review(at: datetime) -> bool:
    """Say whether a day waits to be judged or settled."""
    return any(is_new or is_due for _, is_new, is_due in _days_due(at))


def _days_due(at: datetime) -> Iterator[tuple[date, bool, bool]]:
    """Each day that is over: whether it is still to be judged, and whether to be settled."""
    first, today = stored.first_event_at(), at.astimezone(HERE).date()
    if first is None:
        return
    begin = max(first.astimezone(HERE).date(), today - _FURTHEST)
    judged = stored.judged_days(begin)
    for day in (begin + timedelta(days=number) for number in range((today - begin).days)):
        yield day, day not in judged, not judged.get(day, False) and day + LATER_WITHIN < today


@transaction.atomic
def _judge_day(on: date, key: bytes, *, by: Viewer, at: datetime) -> None:
    found = judge(day_of(on, pair_key()), key=key, one_in=sampled_one_in(on))
    with_reviewers = stored.with_reviewers()
    whose = {id(one): _reviewed_by(one, with_reviewers) for one in found}
    waiting = stored.waiting_since(on - COLLECTS_FOR)
    alone = [one for one in found if one.codes and not _joined(one, on, whose[id(one)], waiting)]
    stored.keep_items([_item(one, on, whose[id(one)]) for one in alone], at=at)
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        figures[figures_of(whose[id(one)])].update(_counts(one))
    in_all = sum(figures.values(), Counter())
    stored.keep_day(on, {**figures, **_by_charity(found)}, at=at)
    details: dict[str, Json] = {"day": on.isoformat(), **{name: in_all[name] for name in sorted(in_all)}}
    record(Action.JUDGED_USE, by=by, at=at, details=details)


@transaction.atomic
def _settle_day(on: date, key: bytes, *, by: Viewer, at: datetime) -> None:
    """Close what work that began since explains, and say of the rest that none did (R53)."""
    waits = stored.anything_waits(on)
    found = judge(day_of(on, pair_key()), key=key, settled=True, one_in=sampled_one_in(on)) if waits else ()
    waiting = stored.waiting_of(on) if found else {}  # only now: whoever holds a row holds the sealer up
    explained = 0
    for one in found:
        held = waiting.get((*one.access.who, one.access.child or ""))
        if held is None or Code.UNEXPLAINED not in held.codes:
            continue
        if one.explained and not set(one.codes) - {Code.SAMPLED}:
            explained += _explain(held, one, at)
        elif not one.explained:
            codes = together((Code(code) for code in held.codes), one.codes)
            stored.judge_anew(held.item, [code.value for code in codes], risk_of(codes))
    stored.settle_day(on, at=at)
    details: dict[str, Json] = {"day": on.isoformat(), "settled": True, "explained": explained}
    record(Action.JUDGED_USE, by=by, at=at, details=details)


def _joined(
    one: Judged, on: date, reviewed_by: str, waiting: Mapping[tuple[UUID, str, str], stored.WaitingItem]
) -> bool:
    """Let what waits of the same person and child take it in; whether anything did (R52)."""
    held = waiting.get((*one.access.who, one.access.child or ""))
    if held is None or not may_it_join(one) or not does_it_collect(held.begun, on):
        return False
    if (held.restricted, held.reviewed_by) != (one.restricted, reviewed_by):
        return False
    codes = together((Code(code) for code in held.codes), one.codes)
    events = (*held.events, *(look.event for look in one.access.looks))
    stored.add_to(held.item, on, [code.value for code in codes], risk_of(codes), events)
    return True


def _explain(held: stored.WaitingItem, one: Judged, at: datetime) -> int:
    """Take the looks of one day out of what waits, since work explains them; close it with the last."""
    left = left_of(held.events, one)
    if left:
        stored.keep_only(held.item, left)
    else:
        stored.close_as_explained(held.item, one.explained.value if one.explained else "", at=at)
    return 1


def sampled_one_in(on: date) -> int:
    """The share of looks sampled that held when the day ended, however late it is judged (R54)."""
    return settings_at(_midnight(on + timedelta(days=1)))["review_sampled_one_in"]


def _sampling_key() -> bytes:
    """What decides which explained looks are sampled; a key of its own, made of the worker's."""
    return hmac.digest(pair_key(), b"review sample", "sha256")


def _reviewed_by(one: Judged, with_reviewers: Sequence[str]) -> str:
    return whose_reviewers_look(
        one.person.authority,
        partner=one.access.who.organisation if one.person.kind == _CHARITY else None,
        team_size=one.person.team_size,
        restricted=one.restricted,
        with_reviewers=with_reviewers,
    )


def _item(one: Judged, on: date, reviewed_by: str) -> stored.NewItem:
    return stored.NewItem(
        day=on,
        account=one.access.who.account,
        organisation=one.access.who.organisation,
        child=one.access.child or "",
        team_size=one.person.team_size,
        restricted=one.restricted,
        reviewed_by=reviewed_by,
        codes=[code.value for code in one.codes],
        weight=one.risk,
        explained=one.explained.value if one.explained else "",
        events=[look.event for look in one.access.looks],
    )


def _by_charity(found: Iterable[Judged]) -> dict[str, Counter[str]]:
    """Looks by people of each charity, for its own team; none that touches a shield (ADR 51)."""
    looks: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.person.kind == _CHARITY and not one.restricted:
            counts = _counts(one)
            reach = f"{ONE_BODY}{one.access.who.organisation}"
            looks[reach].update({name: counts[name] for name in ("accesses", "explained")})
    return looks


def _counts(one: Judged) -> dict[str, int]:
    return {
        "accesses": 1,
        "explained": int(one.explained is not None),
        "sampled": int(Code.SAMPLED in one.codes),
        "queued": int(bool(one.codes)),
    }


def day_of(on: date, key: bytes) -> Day:
    """All that one day's review is made from, read from the directory as it stands."""
    begin, end = _midnight(on), _midnight(on + timedelta(days=1))
    looks = tuple(
        look
        for event in stored.events_between(begin, end, [action.value for action in _KINDS])
        if (look := look_of(event)) is not None
    )
    numbers = sorted({look.child for look in looks if look.child})
    who = {look.who for look in looks}
    organisations = sorted({one.organisation for one in who})
    return Day(
        on=on,
        looks=looks,
        people=_people(who, looks, begin),
        children={row.number: _child(row, key) for row in stored.children_of(numbers)},
        ties=_grouped((row.child, _tie(row)) for row in _ties_of(numbers, organisations, on)),
        duties=_duties(numbers, on, end),
        lookers_before={
            child: frozenset(accounts) for child, accounts in stored.looked_before(numbers, on, _WEEK).items()
        },
    )


def look_of(event: AuditEvent) -> Look | None:
    """An event as the review sees it; None where it showed nothing and tried nothing."""
    account, organisation, kind = event.actor.account, event.actor.organisation, _KINDS[event.action]
    tries = kind is not LookKind.TRIED or event.details.get("asked") in _TRYING
    if account is None or organisation is None or not tries:
        return None
    about_one = kind is not LookKind.SEARCHED and len(event.subjects) == 1
    return Look(
        event=event.event_id,
        at=event.occurred_at.astimezone(HERE),
        who=Who(account, organisation),
        kind=kind,
        child=event.subjects[0] if about_one else None,
        shown=event.subjects if kind is LookKind.SEARCHED else (),
        mediated=event.actor.mediated_for is not None,
    )


def _people(who: Iterable[Who], looks: Sequence[Look], begin: datetime) -> dict[Who, Person]:
    at_night = sorted(
        {look.who.organisation for look in looks if look.at.hour >= ODD_FROM or look.at.hour < ODD_UNTIL}
    )
    actions = [action.value for action in _KINDS]
    nights = stored.work_at_night(at_night, begin - _MONTH, begin, actions) if at_night else frozenset()
    rarity = model_in_force().rarity
    found = {}
    for row in stored.staff_of(sorted(who)):
        words = row.name.split()
        name = _name(words[0] if words else "", words[-1] if len(words) > 1 else "")
        found[Who(row.account, row.organisation)] = Person(
            who=Who(row.account, row.organisation),
            name=name,
            kind=row.kind,
            authority=row.authority or None,
            services=row.services,
            team_size=row.team_size,
            homes=row.homes,
            postcodes=row.homes,
            works_nights=row.organisation in nights,
            rare_surname=rarity.of_surname(name.surname) >= _RARE,
        )
    return found


def _child(row: stored.ChildRow, key: bytes) -> ChildFacts:
    names, carers, homes, postcodes = set(), set(), set(), set()
    for said in row.facts:
        facts = PersonFacts.from_mapping(said)
        names |= {
            _name(facts.forename, surname) for surname in (facts.surname, facts.former_surname) if surname
        }
        if facts.carer_surname:
            carers.add(_name(facts.carer_forename, facts.carer_surname))
        homes.add(home_digest(facts.address or "", facts.postcode or "", key=key))
        postcodes.add(postcode_digest(facts.postcode or "", key=key))
    return ChildFacts(
        shielded=row.shielded,
        names=frozenset(names),
        carers=frozenset(carers),
        homes=frozenset(home for home in homes if home),
        postcodes=frozenset(one for one in postcodes if one),
    )


def _ties_of(numbers: Sequence[str], organisations: Sequence[str], on: date) -> tuple[stored.TieRow, ...]:
    return stored.ties_of(numbers, organisations, came_since=on - ARRIVED_WITHIN)


def _tie(row: stored.TieRow) -> Tie:
    return Tie(
        service=row.service,
        organisation=row.organisation,
        practitioner=called(row.practitioner),
        said_by=row.said_by,
        confirmed=row.confirmed,
        since=row.since,
        until=row.until,
        came_with=row.came_with,
    )


def _duties(numbers: Sequence[str], on: date, end: datetime) -> dict[str, tuple[Duty, ...]]:
    cases = stored.cases_opened(numbers, _midnight(on) - DUTY_LASTS, end + timedelta(days=1))
    handed, asked = stored.handed_over(numbers, end), stored.asked_to_contact(numbers, end)
    return _grouped(
        (child, Duty(kind=kind, account=account, child=child, on=since))
        for kind, rows in (
            (DutyKind.CASE, cases),
            (DutyKind.ASKED, asked),
            (DutyKind.HANDED_OVER, handed),
            (DutyKind.SPOKEN, stored.spoken_to(numbers, end)),
            (DutyKind.FOUND_JUSTIFIED, stored.found_justified(numbers, on)),
        )
        for account, child, since in rows
    )


def _grouped(pairs: Iterable[tuple[str, Value]]) -> dict[str, tuple[Value, ...]]:
    found: dict[str, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def _name(forename: str | None, surname: str | None) -> Name:
    return Name(joined(fold(forename or "")), joined(fold(surname or "")))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=HERE).astimezone(UTC)
