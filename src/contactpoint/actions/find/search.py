"""Search for a child: permission, candidates, score, cap, audit."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
from django.db import transaction
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from contactpoint.actions.find.probe import probe_of, slipped
from contactpoint.actions.find.reasons import retired
from contactpoint.actions.find.results import answer_of
from contactpoint.actions.find.scoring import Hit, Scorer
from contactpoint.actions.find.trawling import TOO_MANY, TOO_MANY_FOR_REASON, may_one_more_search_be_made
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal, SearchAnswer
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import InvalidInput, Throttled
from contactpoint.domain.retention import GROWN_UP
from contactpoint.linking.model.levels import FORENAME, SURNAME, Birth, Forename, Surname
from contactpoint.linking.model.weights import Model
from contactpoint.linking.names import fold, joined
from contactpoint.storage import search_candidates, search_index
from contactpoint.storage.queries.children import staying_among
from contactpoint.storage.search_candidates import Candidate, Named, Probe
from contactpoint.storage.settings import settings_at

_ASKED: Final = Permission.SEARCH
# Nearer to a perfect fit than this, nothing much is wrong with the best, whatever it is.
_POOR: Final = 9.0
# So many of each kind of misspelt names are compared in full: what is shown is twenty.
_NEAREST: Final = 24
# Less alike than this, taken for each name typed, one of the names is another.
_LEAST_ALIKE: Final = 0.77


UNREADABLE = Refusal(
    sentence="The number typed is none that children have.",
    rules=("R12",),
    way_on="Check the number, or search by name and date of birth.",
)


def search(
    *,
    criteria: Criteria,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
    said_again: str | None = None,
) -> SearchAnswer | Refusal:
    """Return at most 20 children who may match, or that there are more; or why the viewer may not ask.

    The audit keeps the terms as typed and the numbers returned (R51). Searches on a field that shields hide
    leave shielded children out (R10). Whoever searches very often says why again (`said_again`, checked by
    `check_need`), or is stopped (R53).

    Raises:
        InvalidInput: a number was typed that is none that children have.
        Throttled: more searches than are allowed in a minute, or in a day for that reason. The audit
            has each before it is raised.
    """
    unreadable = None
    with transaction.atomic():
        try:
            answer = _search(criteria, purpose, by, at, said_again)
        except InvalidInput as fault:
            unreadable, details = fault, {"terms": terms_of(criteria)}
            answer = record_refusal(UNREADABLE, _ASKED, by=by, at=at, purpose=purpose, details=details)
    if unreadable:
        raise unreadable
    if answer is TOO_MANY or answer is TOO_MANY_FOR_REASON:
        raise Throttled(f"{answer.sentence} {answer.way_on}")
    return answer


def _search(
    criteria: Criteria, purpose: Purpose | None, by: Viewer, at: datetime, said_again: str | None
) -> SearchAnswer | Refusal:
    terms = terms_of(criteria)
    decision = authorise(
        AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, number_typed=criteria.number)
    )
    held = settings_at(at)
    refusal = decision.refusal or retired(purpose, held)
    if refusal is None:
        refusal = may_one_more_search_be_made(purpose=purpose, said_again=said_again, held=held, by=by, at=at)
    if refusal:
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, details={"terms": terms})
    model = model_in_force()
    probe = probe_of(criteria, at.date(), for_whom=by.account_id, model=model)
    answer = answer_of(find(criteria, probe, at.date(), model), criteria, by=by, on=at.date())
    record(
        Action.SEARCHED,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[card.number for card in answer.cards],
        details={
            "terms": terms,
            "returned": len(answer.cards),
            "too_many": answer.too_many,
            "rules": list(decision.rules),
            **({"said_again": said_again} if said_again else {}),
        },
    )
    return answer


def terms_of(criteria: Criteria) -> dict[str, Json]:
    """What was typed, field by field, for the audit."""
    terms: dict[str, Json] = {}
    for field in fields(criteria):
        value = getattr(criteria, field.name)
        if value is not None:
            terms[field.name] = value.isoformat() if isinstance(value, date) else str(value)
    return terms


def criteria_of(terms: Mapping[str, str]) -> Criteria:
    """What was typed, from what the audit holds of it.

    Raises:
        InvalidInput: it would not be enough to search on now.
    """
    known = {field.name for field in fields(Criteria)}
    typed: dict[str, Any] = {name: text for name, text in terms.items() if name in known}
    if born := typed.get("date_of_birth"):
        typed["date_of_birth"] = date.fromisoformat(born)
    if age := typed.get("age"):
        typed["age"] = int(age)
    return Criteria(**typed)


def find(criteria: Criteria, probe: Probe, on: date, model: Model | None = None) -> list[Hit]:
    """Return children by how well they fit, best first: by codes, and wider if that finds nothing good.

    By the model that comes with the project if none is given.
    """
    scorer = Scorer(criteria, probe, on, model)
    rows = search_candidates.candidates(probe)
    hits = _scored(scorer, rows, probe)
    if hits and (_is_good(hits[0]) or hits[0].weight >= scorer.sure):
        return hits
    probe = slipped(probe, criteria)
    nearest = [row for group in search_candidates.named(probe) for row in _nearest(group, criteria)]
    more = search_candidates.wider_candidates(probe, nearest)
    return _scored(scorer, [*rows, *more], probe) if more else hits


def _is_good(hit: Hit) -> bool:
    """Say whether one mistake explains all that is wrong: a name misspelt or a slip in the birth date."""
    forename, surname = hit.names.codes[FORENAME], hit.names.codes[SURNAME]
    near = forename <= Forename.CLOSE and surname <= Surname.CLOSE and hit.birth <= Birth.NEAR
    exact = (forename <= Forename.EXACT, surname <= Surname.EXACT, hit.birth <= Birth.EXACT_NEW_YEAR)
    return hit.short_by <= _POOR or (near and exact.count(False) <= 1)


def _scored(scorer: Scorer, rows: Sequence[Candidate], probe: Probe) -> list[Hit]:
    children = list({row.child for row in rows})
    keys = search_index.keys_of(children, (*probe.keys, *probe.context))
    # Years as they are written sort as they fall; whoever is 18 has mostly gone from the index.
    latest = str(scorer.on.year - GROWN_UP)
    grown = {row.child for row in rows if "" < row.dob_text[: len(latest)] <= latest}
    return scorer.hits(dict.fromkeys(rows), keys, staying_among(sorted(grown), scorer.on))


def _nearest(names: Sequence[Named], criteria: Criteria) -> list[int]:
    """The rows whose names are nearest to what was typed, in either order of the names."""
    typed = [_plain(criteria.forename or ""), _plain(criteria.surname or "")]
    held = [_plain(one.forename) for one in names] + [_plain(one.surname) for one in names]
    alike = cdist(typed, held, scorer=JaroWinkler.similarity)
    straight = alike[0, : len(names)] + alike[1, len(names) :]
    crossed = alike[0, len(names) :] + alike[1, : len(names)]
    best = np.maximum(straight, crossed)
    rows = np.array([one.row for one in names])
    order = np.lexsort((rows, -best))[:_NEAREST]
    return [int(row) for row in rows[order[best[order] >= _LEAST_ALIKE * sum(map(bool, typed))]]]


@lru_cache(maxsize=100_000)
def _plain(name: str) -> str:
    return joined(fold(name))
