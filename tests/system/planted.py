"""Two hundred records to check of every kind, of each of which is known what is true (R20).

Children of Oldham whom linking knows rightly are taken as they are, or set apart and put together as a
mistake would have: what a reader finds is what sources say, and the right word puts every record back.
"""

from dataclasses import dataclass
from typing import NamedTuple

from contactpoint.domain.people import PersonFacts
from contactpoint.linking import default_model, explain, score_pair

# How many of each kind are one child, and how many are two.
ONE = {"possible_two_children": 60, "identifier_conflict": 40, "possible_same_child": 40}
TWO = {"possible_two_children": 10, "identifier_conflict": 20, "possible_same_child": 30}
KINDS = tuple(ONE)  # as a case is stored; the first is the riskiest
MANY = sum(ONE.values()) + sum(TWO.values())
# Each known by its birth and its practice, by one number, and to somebody else; no two have one name.
CHILDREN = """
    SELECT DISTINCT ON (lower(a.facts ->> 'surname'), lower(a.facts ->> 'forename'))
        r.child_id, a.record_id, a.facts, b.record_id, b.facts
    FROM match_identity a
    JOIN source_record r ON r.id = a.record_id AND r.source_id = 'births' AND r.withdrawn_at IS NULL
    JOIN match_identity b ON b.child_id = a.child_id
    JOIN source_record s ON s.id = b.record_id AND s.source_id = 'gp-registrations' AND s.withdrawn_at IS NULL
    WHERE a.facts ->> 'nhs_number' = b.facts ->> 'nhs_number'
        AND NOT r.sealed AND EXISTS (
            SELECT FROM search_identity i WHERE i.child_id = r.child_id AND i.la = '353' AND NOT i.shielded)
        AND (SELECT count(*) FROM source_record o WHERE o.child_id = r.child_id) > 2
        AND NOT EXISTS (
            SELECT FROM review_case c JOIN source_record o ON o.id IN (c.record_a_id, c.record_b_id)
            WHERE o.child_id = r.child_id)
    ORDER BY lower(a.facts ->> 'surname'), lower(a.facts ->> 'forename'), a.record_id, b.record_id
"""
NAMES = """
    SELECT lower(v.facts ->> 'forename'), lower(v.facts ->> 'surname') FROM record_version v
    JOIN source_record r ON r.id = v.record_id JOIN source_record one ON one.child_id = r.child_id
    WHERE one.id = %s AND v.superseded_at IS NULL AND r.withdrawn_at IS NULL
"""
ASK = """
    INSERT INTO review_case (record_a_id, record_b_id, kind, weight, levels, opened_at, near_shield)
    VALUES (least(%(a)s, %(b)s), greatest(%(a)s, %(b)s), %(kind)s, %(weight)s, %(levels)s, now(), false)
"""
# What a mistake would have done, by the actions themselves; that a person parted them is forgotten.
MISTAKES = """
import json, sys
import django; django.setup()
from django.utils import timezone
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.domain.disclosure.actors import Role, Viewer
by = Viewer(account_id=None, name="A mistake", role=Role.NATIONAL_TEAM, organisation_code="contactpoint",
    organisation_name="ContactPoint", organisation_kind="contactpoint", authority=None)
said = {"because": "Planted", "by": by, "asked": True}
told = json.load(sys.stdin)
for number, record in told["apart"]:
    split_child(number=number, records=[record], at=timezone.now(), **said)
for one, other in told["together"]:
    merge_children(one=one, other=other, at=timezone.now(), **said)
"""
# A number of another child's, mistyped by the practice.
SAYS = "SET facts = facts || jsonb_build_object('nhs_number', %(number)s::text) WHERE record_id = %(record)s"
MISTYPED = (f"UPDATE match_identity {SAYS}", f"UPDATE record_version {SAYS} AND superseded_at IS NULL")


FACTS = "SELECT facts FROM match_identity WHERE record_id = %s"
CLEAR = 1.0  # bits


class Child(NamedTuple):
    """A child: its number, and the record of its birth and of its practice, with what each says."""

    number: str
    births: int
    as_born: dict[str, str]
    practice: int
    as_practice: dict[str, str]


@dataclass(frozen=True)
class Planted:
    """One of them: the two records compared, what is true, and how each side may be called."""

    kind: str
    records: tuple[int, int]
    truth: str
    names: tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]

    def is_called(self, left, right):
        """Whether the two names may be those of its two sides."""
        return left in self.names[0] and right in self.names[1]


def plant(product, owner):
    """Plant them all; return them, and what puts the mistyped numbers right afterwards."""
    two, one = choose(owner.execute(CHILDREN).fetchall())
    conflicts = one["identifier_conflict"]
    apart = [*conflicts, *one["possible_same_child"]]
    product.as_worker(
        MISTAKES,
        {
            "apart": [(child.number, child.practice) for child in apart],
            "together": [(a.number, b.number) for a, b in two["possible_two_children"]],
        },
    )
    owner.execute("UPDATE kept_apart SET ended_at = now() WHERE ended_at IS NULL")
    right = {child.practice: child.as_practice["nhs_number"] for child in conflicts}
    mistype(owner, dict(zip(right, [*right.values()][1:] + [*right.values()][:1], strict=True)))
    pairs = [
        *((kind, "same", c.births, c.practice) for kind in KINDS for c in one[kind]),
        *((kind, "different", a.births, b.births) for kind in KINDS for a, b in two[kind]),
    ]
    return [_planted(owner, *pair) for pair in pairs], right


def choose(rows):
    """Pairs of children, and children, by kind: such that what sources say tells whoever reads it.

    Neighbours in the alphabet are the likeliest to be taken for one: brothers and sisters stand together.
    """
    left, two, one = [Child(*row) for row in rows], {}, {}
    for kind in KINDS:
        two[kind] = []
        while len(two[kind]) < TWO[kind]:
            a, b = left.pop(0), left.pop(0)
            if speaks(kind, a.as_born, b.as_born) < -CLEAR:
                two[kind].append((a, b))
    for kind in KINDS:
        one[kind] = []
        while len(one[kind]) < ONE[kind]:
            child = left.pop(0)
            mistyped = {"nhs_number": left[0].as_born["nhs_number"]} if kind == "identifier_conflict" else {}
            if speaks(kind, child.as_born, {**child.as_practice, **mistyped}) > CLEAR:
                one[kind].append(child)
    return two, one


def speaks(kind, ours, theirs):
    """How many bits speak for one child: of a conflict of numbers, without them."""
    told = explain(score_of(ours, theirs).levels, default_model())
    lines = [one.bits for one in told.lines if not (kind == "identifier_conflict" and "number" in one.label)]
    return told.prior + told.rest + sum(lines)


def score_of(ours, theirs):
    return score_pair(PersonFacts.from_mapping(ours), PersonFacts.from_mapping(theirs), default_model())


def mistype(owner, numbers):
    """Let records say other numbers."""
    for record, number in numbers.items():
        for statement in MISTYPED:
            owner.execute(statement, {"record": record, "number": number})


def _planted(owner, kind, truth, *records):
    a, b = sorted(records)
    ours, theirs = (owner.execute(FACTS, [record]).fetchone()[0] for record in (a, b))
    score = score_of(ours, theirs)
    levels = score.levels.pack()
    owner.execute(ASK, {"a": a, "b": b, "kind": kind, "weight": score.weight, "levels": levels})
    names = [frozenset(owner.execute(NAMES, [record]).fetchall()) for record in (a, b)]
    return Planted(kind=kind, records=(a, b), truth=truth, names=(names[0], names[1]))
