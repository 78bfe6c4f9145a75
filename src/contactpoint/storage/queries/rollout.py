"""Waves of the roll-out and what their bodies have, as domain values (storage/sql/rollout.sql)."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contactpoint.domain.feeds import Freshness, promise_kept
from contactpoint.domain.rollout import (
    AuthorityStands,
    BodyFacts,
    RollOut,
    ShieldsChecked,
    ShieldsHow,
    Wave,
    WaveDone,
    WaveKind,
    WavePlan,
    WaveState,
    WaveStep,
)
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.feeds import feed_lines

_WAVES = """
    SELECT w.id, w.name, w.kind, w.planned_on, w.state, w.asked_by_id, w.opened_at FROM wave w
    WHERE w.state <> 'dropped' AND (%(number)s::bigint IS NULL OR w.id = %(number)s)
    ORDER BY w.kind DESC, w.planned_on, w.id
"""
# Whoever works in the area of an authority that a wave names opens with it; of a partner, its own people.
_BODIES = """
    SELECT b.wave_id, o.code, o.name, CASE WHEN o.kind = 'authority' THEN o.authority ELSE '' END,
        o.accredited_until, people.team, people.everybody, people.ready,
        (SELECT count(*) FROM service_point p JOIN organisation at ON at.code = p.organisation_id
            WHERE at.code = o.code OR (o.kind = 'authority' AND at.authority = o.authority)),
        s.how, s."on", a.name,
        (SELECT min(u.day) FROM use_count u WHERE (u.figures -> 'searches' ->> '')::int > 0
            AND u.scope = CASE WHEN o.kind = 'authority' THEN 'authority:' || o.authority
                ELSE 'organisation:' || o.code END)
    FROM wave_body b JOIN organisation o ON o.code = b.organisation_id
    LEFT JOIN shields_checked s ON o.kind = 'authority' AND s.authority = o.authority
    LEFT JOIN account a ON a.id = s.by_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE m.role IN ('authority_team', 'partner_team')
                AND m.organisation_id = o.code) AS team,
            count(*) FILTER (WHERE m.role = 'practitioner') AS everybody,
            count(*) FILTER (WHERE m.role = 'practitioner' AND p.is_active AND p.suspended_at IS NULL
                AND p.trained_until >= %(on)s AND p.checked_on > %(on)s - interval '3 years'
                AND p.agreement_signed_on > %(on)s - interval '3 years') AS ready
        FROM membership m JOIN account p ON p.id = m.account_id
            JOIN organisation at ON at.code = m.organisation_id
        WHERE m.ended_at IS NULL
            AND (at.code = o.code OR (o.kind = 'authority' AND at.authority = o.authority))) AS people
    WHERE b.wave_id = ANY(%(waves)s) AND b.ended_at IS NULL ORDER BY o.name, o.code
"""
_STEPS = """
    SELECT s.step, s.at, a.name, s.because FROM wave_step s JOIN account a ON a.id = s.by_id
    WHERE s.wave_id = %(number)s ORDER BY s.id DESC
"""


def waves(on: date, *, number: int | None = None) -> tuple[Wave, ...]:
    """Return the waves, or one of them with its steps, newest first; what they have is as on that day."""
    rows = fetch(_WAVES, number=number)
    bodies: dict[int, list[BodyFacts]] = {row[0]: [] for row in rows}
    for wave, *facts in fetch(_BODIES, waves=list(bodies), on=on):
        bodies[wave].append(_body(facts, on))
    steps = fetch(_STEPS, number=number) if number is not None and rows else []
    return tuple(
        Wave(
            number=row[0],
            name=row[1],
            kind=WaveKind(row[2]),
            planned_on=row[3],
            state=WaveState(row[4]),
            asked_by=row[5],
            opened_at=row[6],
            bodies=tuple(bodies[row[0]]),
            steps=tuple(
                WaveDone(step=WaveStep(step), at=at, by=by, because=because)
                for step, at, by, because in steps
            ),
        )
        for row in rows
    )


def gate_of(organisation: str) -> tuple[bool, date | None]:
    """Whether practitioners of an organisation wait, and the day for which their wave is planned, if any."""
    waits, opens_on = fetch("SELECT waits, opens_on FROM gate_of(%(code)s)", code=organisation)[0]
    return bool(waits), opens_on


def is_rolled_out() -> bool:
    """Whether any wave was ever planned."""
    return bool(fetch("SELECT EXISTS (SELECT FROM wave)")[0][0])


def roll_out_stands(seeing: UUID, waves: tuple[Wave, ...]) -> RollOut:
    """How the roll-out stands beside its waves; for whoever is written down as looking."""
    (found,) = fetch("SELECT is_on, practising, left_out FROM roll_out_stands(%(seeing)s)", seeing=seeing)
    is_on, practising, left_out = found
    return RollOut(
        waves=waves,
        is_on=is_on,
        practising=practising,
        left_out=tuple((code, name) for code, name in json.loads(left_out)) if is_on else (),
    )


def bodies_to_plan(seeing: UUID, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The bodies of these codes that are known, each with the wave that it is in, and whose it opens with."""
    rows = fetch("SELECT * FROM bodies_to_plan(%(seeing)s, %(codes)s)", seeing=seeing, codes=list(codes))
    return {code: (wave, opens_with) for code, wave, opens_with in rows}


def authorities_stand(codes: Sequence[str]) -> dict[str, AuthorityStands]:
    """How each of these authorities stands in the roll-out, by its three digits."""
    rows = fetch("SELECT * FROM authorities_stand(%(codes)s)", codes=list(codes))
    return {
        code: AuthorityStands(waits=waits, in_a_wave=in_a_wave, is_new=is_new)
        for code, waits, in_a_wave, is_new in rows
    }


def shields_checked(authority: str) -> ShieldsChecked | None:
    """What the shield desk of an authority said of the protections that there were."""
    rows = fetch(
        'SELECT s.how, s."on", a.name FROM shields_checked s JOIN account a ON a.id = s.by_id '
        "WHERE s.authority = %(authority)s",
        authority=authority,
    )
    return _shields(*rows[0]) if rows else None


def plan_wave(seeing: UUID, plan: WavePlan) -> int:
    """Keep a plan and return its number; for whoever is written down as planning it."""
    return int(
        fetch(
            "SELECT plan_wave(%(seeing)s, %(name)s, %(kind)s, %(on)s, %(bodies)s)",
            seeing=seeing,
            name=plan.name,
            kind=plan.kind.value,
            on=plan.planned_on,
            bodies=list(plan.bodies),
        )[0][0]
    )


def step_wave(seeing: UUID, number: int, step: WaveStep, because: str) -> WaveState | None:
    """Take a step of a wave; return what it becomes, None where it may not be taken now, or not by them."""
    query = "SELECT step_wave(%(seeing)s, %(number)s, %(step)s, %(because)s)"
    became = fetch(query, seeing=seeing, number=number, step=step.value, because=because)[0][0]
    return WaveState(became) if became else None


def note_shields(seeing: UUID, how: ShieldsHow) -> bool:
    """Note what a shield desk says of its authority."""
    return bool(fetch("SELECT note_shields(%(seeing)s, %(how)s)", seeing=seeing, how=how.value)[0][0])


def _body(facts: Sequence[Any], on: date) -> BodyFacts:
    code, name, authority, until, team, people, ready, points, how, checked_on, by, first = facts
    feeds = [one for one in feed_lines(authority=authority) if one.last_told] if authority else []
    late = sum(
        promise_kept(last_told=one.last_told, promised_days=one.promised_days, on=on).state is Freshness.LATE
        for one in feeds
    )
    return BodyFacts(
        code=code,
        name=name,
        authority=authority,
        accredited_until=until,
        team=team,
        people=people,
        ready=ready,
        feeds=len(feeds),
        late=late,
        points=points,
        shields=_shields(how, checked_on, by) if how else None,
        first_search=first,
    )


def _shields(how: str, on: date, by: str) -> ShieldsChecked:
    return ShieldsChecked(how=ShieldsHow(how), on=on, by=by)
