"""Default deny; forbid beats permit; the deciding rules come back."""

from tests.factories.records import NOW
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, Verdict

REQUEST = AccessRequest(viewer=viewer(), permission=Permission.SEARCH, at=NOW)


def permits(_request):
    return Verdict(permits=True, rule="P")


def permits_too(_request):
    return Verdict(permits=True, rule="Q")


def forbids(_request):
    return Verdict(permits=False, rule="F", because="of this", way_on="Go on.")


def is_silent(_request):
    return None


def test_nothing_permits_so_nothing_is_allowed():
    for rules in ((), (is_silent,)):
        decision = authorise(REQUEST, rules)
        assert not decision.allowed
        assert decision.refusal.rules == ("R1",)


def test_what_permits_is_named():
    assert authorise(REQUEST, (permits, is_silent, permits_too)).rules == ("P", "Q")


def test_one_that_forbids_outweighs_all_that_permit_wherever_it_stands():
    for rules in ((permits, forbids, permits_too), (forbids, permits), (permits, forbids, forbids)):
        decision = authorise(REQUEST, rules)
        assert not decision.allowed
        assert decision.rules == ("F",)
        assert decision.refusal.sentence == "You cannot search for a child because of this."
