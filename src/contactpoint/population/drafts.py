"""One source's records of one block before they are written: columns of codes, and what went wrong with each.

`start` says what the source would hold if it made no mistake but its usual ones (stale, unaccented); `spoil`
makes the mistakes of `errors.ERRORS`.
"""

from dataclasses import dataclass

import numpy as np

from contactpoint.population.case_table import LABELS
from contactpoint.population.contracts import COLUMNS, HABITS, Habits
from contactpoint.population.errors import BIT
from contactpoint.population.identifiers import spread
from contactpoint.population.pools import Flags, Ints, Longs
from contactpoint.population.shared import EPOCH, dates
from contactpoint.population.traditions import INDEX
from contactpoint.population.words import words
from contactpoint.population.world import World

#: Of a hundred records with a telephone, those with the mother's number and with the father's; the rest have
#: one that is no longer used. An assumption: two sources then agree on about half of them.
PHONES = (70, 20)
#: Share of shielded children whom the NHS, and whom any other source, marks as restricted. An assumption:
#: nothing is published on it, and a directory that trusted marks alone must be seen to fail the others.
MARKED_BY_NHS, MARKED_BY_OTHERS = 0.9, 0.8


@dataclass(slots=True, kw_only=True)
class Draft:
    """Records of one source: ``rows`` are rows of `People`, ``columns`` codes.

    ``errors`` masks of `errors.BIT`.
    """

    source: str
    contract: str
    rows: Ints
    columns: dict[str, Ints]
    errors: Longs
    later: Flags

    @property
    def habits(self) -> Habits:
        """How this kind of source behaves."""
        return HABITS[self.contract]

    def mark(self, where: Ints | Flags | Longs, code: str) -> None:
        """Note an error against these records."""
        self.errors[where] |= BIT[code]


def start(
    rng: np.random.Generator, world: World, source: str, contract: str, rows: Ints, later: Flags
) -> Draft:
    """Records of these people with the source's usual omissions and delays."""
    draft = Draft(
        source=source,
        contract=contract,
        rows=rows,
        columns={},
        errors=np.zeros(len(rows), np.int64),
        later=later,
    )
    _names(rng, world, draft)
    _home(rng, world, draft)
    _numbers(rng, world, draft)
    _carers(rng, world, draft)
    draft.columns = {c: draft.columns[c] for c in COLUMNS[contract] if c in draft.columns}
    return draft


def _names(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, h, n = world.people, draft.rows, draft.habits, len(draft.rows)
    names, changed = p.names, p.names.surname[r] != p.names.birth_surname[r]
    stale = changed & (rng.random(n) < h.stale_surname)
    if draft.contract != "births":
        draft.mark(stale, "surname_stale")
    forename = names.forename[r].copy()
    known = names.known_as[r]
    used = (known > 0) & (rng.random(n) < h.known_as_used)
    forename = np.where(used, known, forename).astype(np.int32)
    draft.mark(used, "known_as_used")
    baby = p.state.unnamed[r] & (draft.contract in ("nhs_demographics", "child_health", "gp_registrations"))
    forename[baby] = words().code_of["Baby"]
    draft.mark(baby, "not_yet_named")
    surname = np.where(stale, names.birth_surname[r], names.surname[r]).astype(np.int32)
    _customs(rng, world, draft, forename, surname)
    day = dates()
    former = np.where(changed & ~stale & (rng.random(n) < 0.6), names.birth_surname[r], 0)
    draft.columns |= {
        "forename": forename,
        "middle_names": np.where(baby | (rng.random(n) < 0.12), 0, names.middle[r]).astype(np.int32),
        "surname": surname,
        "former_surname": former.astype(np.int32),
        "date_of_birth": day.code(p.born[r]),
        "known_as": np.where(used | (rng.random(n) < 0.35), 0, known).astype(np.int32),
        "suffix": np.where((p.sex[r] == 0) & (rng.random(n) < 0.0004), LABELS["Jr"], 0).astype(np.int32),
        "sex": np.where(p.sex[r] == 0, LABELS["M"], LABELS["F"]).astype(np.int32),
        "birth_order": np.where(p.twin_set[r] > 0, LABELS["1"] + p.place_in_set[r], 0).astype(np.int32),
        "multiple_birth": np.where(p.twin_set[r] > 0, LABELS["Y"], 0).astype(np.int32),
        "date_of_death": np.where(
            p.state.died_days[r] >= 0, day.code((p.as_at - EPOCH).days - p.state.died_days[r]), 0
        ).astype(np.int32),
    }


def _customs(rng: np.random.Generator, world: World, draft: Draft, forename: Ints, surname: Ints) -> None:
    """Write over names a clerk takes for others: Singh as surname, the father's name, one word twice."""
    p, r, n, w = world.people, draft.rows, len(draft.rows), words()
    often = rng.random(n) < 0.05 * draft.habits.errors
    middle = p.names.middle[r]
    sikh = often & np.isin(middle, [w.code_of["Singh"], w.code_of["Kaur"]]) & (surname != middle)
    surname[sikh] = middle[sikh]
    asian = (
        np.isin(p.tradition[r], [INDEX["pakistani"], INDEX["bangladeshi"]])
        & (p.half[r] == 0)
        & (r < p.children)
    )
    fathers = often & asian & (surname != p.father_surname[r]) & (forename > 0)
    surname[fathers] = p.father_surname[r[fathers]]
    draft.mark(sikh | fathers, "surname_by_custom")
    alone = (forename == 0) & (rng.random(n) < 0.2)
    forename[alone] = surname[alone]
    draft.mark(alone, "one_word_name_doubled")


def _home(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, s, n = world.people, draft.rows, world.people.state, len(draft.rows)
    stale = (s.before[r] != s.home[r]) & (rng.random(n) < draft.habits.stale_address)
    if draft.contract != "births":
        draft.mark(stale, "address_stale")
    home = (
        s.birth_home[r]
        if draft.contract == "births"
        else np.where(stale, s.before[r], s.home[r]).astype(np.int32)
    )
    abroad, nowhere = s.overseas[r], s.no_fixed_abode[r] & (draft.contract != "births")
    address = np.where(abroad | nowhere, 0, home).astype(np.int32)
    kind = np.full(n, LABELS["home"], np.int32)
    placed = s.looked_after[r] & ~stale & (draft.contract in ("childrens_services", "school_census"))
    kind[placed] = LABELS["placement"]
    kind[nowhere], kind[abroad] = LABELS["no_fixed_abode"], LABELS["overseas"]
    kind[s.left[r]] = LABELS["left_england"]
    moved = dates().code((p.as_at - EPOCH).days - s.moved_days[r])
    known_from = (s.before[r] != s.home[r]) & ~stale & (rng.random(n) < 0.7)
    second = s.second_home[r] * (rng.random(n) < 0.6)
    draft.columns |= {
        "address": address,
        "postcode": np.where(nowhere, world.nowhere, address).astype(np.int32),
        "uprn": np.where(rng.random(n) < 0.9, address, 0).astype(np.int32),
        "address_kind": kind,
        "address_from": np.where(known_from, moved, 0).astype(np.int32),
        "placed_by": np.where(s.looked_after[r], LABELS[p.authority.dfe], 0).astype(np.int32),
        "other_address": second.astype(np.int32),
        "other_postcode": second.astype(np.int32),
    }


def _numbers(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, h, n = world.people, draft.rows, draft.habits, len(draft.rows)
    own = (r + 1).astype(np.int32)
    recorded = p.age[r] >= 3
    shielded = p.state.shielded[r]
    marked = shielded & (
        rng.random(n) < (MARKED_BY_NHS if draft.contract == "nhs_demographics" else MARKED_BY_OTHERS)
    )
    draft.columns |= {
        "nhs_number": np.where(rng.random(n) < h.nhs, own, 0).astype(np.int32),
        "upn": np.where(recorded & (world.school[r] > 0) & (rng.random(n) < h.upn), own, 0).astype(np.int32),
        "phone": np.where(rng.random(n) < h.phone, _phone(world, draft), 0).astype(np.int32),
        "email": np.where(rng.random(n) < 0.25, own, 0).astype(np.int32),
        "gp_practice": np.where(rng.random(n) < 0.97, world.practice[r], 0).astype(np.int32),
        "restricted": np.where(marked, LABELS["Y"], 0).astype(np.int32),
    }


def _phone(world: World, draft: Draft) -> Ints:
    """Which of its family's numbers a record has: no draw of its own, so that nothing else depends on it."""
    chance = spread((world.people.first_person + draft.rows.astype(np.int64)) * 11 + draft.habits.key, 100)
    mothers, fathers = PHONES
    return (world.phone[draft.rows] + (chance >= mothers) + (chance >= mothers + fathers)).astype(np.int32)


def _where(told: Flags, codes: Ints) -> Ints:
    """Codes where told, else blank."""
    return np.where(told, codes, 0).astype(np.int32)


def _carers(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, n = world.people, draft.rows, len(draft.rows)
    care = p.state.looked_after[r] & (draft.contract != "births")
    adopted = p.half[r] == 1
    first = rng.random(n) < np.where(p.lone[r], 0.96, 0.85)
    told = (rng.random(n) < 0.93) | (draft.contract in ("births", "child_benefit"))
    mother = np.where(care | adopted, LABELS["Foster carer"], LABELS["Mother"])
    mother = np.where(adopted, LABELS["Adoptive parent"], mother)
    father = np.where(care, LABELS["Foster carer"], LABELS["Father"])
    two = told & ~p.lone[r] & (rng.random(n) < 0.75)
    draft.columns |= {
        "carer_forename": _where(told, np.where(first, p.mother[r], p.father[r])),
        "carer_surname": _where(told, np.where(first, p.mother_surname[r], p.father_surname[r])),
        "carer_relationship": _where(told, np.where(first, mother, father)),
        "carer_phone": _where(told & (rng.random(n) < 0.8), world.phone[r] + ~first),
        "mother_former_surname": _where(rng.random(n) < 0.96, p.maiden[r]),
        "carer2_forename": _where(two, np.where(first, p.father[r], p.mother[r])),
        "carer2_surname": _where(two, np.where(first, p.father_surname[r], p.mother_surname[r])),
        "carer2_relationship": _where(two, np.where(first, father, mother)),
        "carer2_phone": _where(two & (rng.random(n) < 0.5), world.phone[r] + first),
    }
