"""On every record the same sentence about sensitive services, word for word, whatever is held (R40).

A protected record is a page of constants of its own (R27).
"""

from itertools import product

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement, statement
from tests.factories.viewers import WORRIED, teacher, viewer

from contactpoint.domain.coverage import Coverage, CoverageState
from contactpoint.domain.disclosure.held import CoveredServices, KnownRecord
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.web.presenters.record import SENSITIVE, record_view

SENTENCE = "Sensitive services are not listed. The desk can pass on a message."
HELD = {
    "nothing": (),
    "school": (involvement("school"),),
    "shown by consent": (involvement("mental_health"),),
    "consent withdrawn": (involvement("mental_health", consent=consent(withdrawn_at=NOW)),),
    "for significant harm": (
        involvement("substance_misuse", consent=consent(ConsentBasis.SIGNIFICANT_HARM)),
    ),
    "ended": (involvement("sexual_health", end=TODAY),),
}
POLICE = Coverage(label="Police", state=CoverageState.NOT_CONNECTED)
COVERED = ((), (CoveredServices(coverage=POLICE, services=frozenset({"police"})),))


def test_r40_the_sentence_is_this_one():
    assert SENSITIVE == SENTENCE


@pytest.mark.parametrize(("held", "by"), list(product(HELD, (viewer, teacher))))
@pytest.mark.parametrize("coverage", COVERED, ids=["nothing covered", "something covered"])
def test_r40_every_record_carries_it_once_and_last(held, by, coverage):
    record = KnownRecord(
        number="C000000102M",
        statements=(statement(forename="Amina", surname="Okafor"),),
        involvements=HELD[held],
        coverage=coverage,
    )
    unknown = record_view(redact(record, by(), WORRIED, NOW), TODAY).unknown
    assert unknown.count(SENTENCE) == 1
    assert unknown[-1] == SENTENCE
