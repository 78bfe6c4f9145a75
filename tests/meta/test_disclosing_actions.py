"""A report of a breach lists every event that showed somebody something about a child (R55)."""

import pytest
from django.db import connection

from contactpoint.domain.audit.events import DISCLOSING, Action

SHOWING = (
    "listed_",
    "opened_",
    "read_",
    "looked_",
    "took_",
    "made_",
    "viewed_",
    "searched",
    "overrode_",
    "crossed_",
)
# What shows staff, accounts, organisations, counts or what oneself did, and nothing of a child.
OF_NO_CHILD = {
    Action.LISTED_TEAM,
    Action.LISTED_CONTACT_POINTS,
    Action.LISTED_SERVICES,
    Action.LISTED_WAVES,
    Action.LISTED_REFERENCE,
    Action.LISTED_MODELS,
    Action.LISTED_MAPPINGS,
    Action.LISTED_FEEDBACK,
    Action.LISTED_KNOWN_PAIRS,
    Action.LISTED_TODAY,
    Action.LISTED_PEOPLE,
    Action.LISTED_SETTINGS,
    Action.OPENED_PERSON,
    Action.LISTED_ORGANISATIONS,
    Action.TOOK_PEOPLE_FILE,
    Action.LISTED_INCIDENTS,
    Action.OPENED_ACCESS,
    Action.LISTED_HANDOVERS,
    Action.MADE_HANDOVER,
    Action.TOOK_HANDOVER,
    Action.TOOK_ASSESSMENT,
    Action.READ_REPORT,
    Action.VIEWED_OWN_ACTIVITY,
    Action.LISTED_PAIRINGS,
    Action.LISTED_SEALED,
    Action.LISTED_CROSSERS,
    Action.LOOKED_UP_CROSSING,
    # These change something; what was shown before them has an event of its own.
    Action.TOOK_LEAD,
    Action.TOOK_CONTACT,
    Action.MADE_RECORD,
}


@pytest.mark.parametrize("action", [one for one in Action if one.value.startswith(SHOWING)])
def test_whatever_shows_something_says_whether_it_is_of_a_child(action):
    assert (action in DISCLOSING) != (action in OF_NO_CHILD)


@pytest.mark.django_db
def test_the_database_reports_the_same():
    with connection.cursor() as cursor:
        cursor.execute("SELECT disclosing_actions()")
        (found,) = cursor.fetchone()
    assert {Action(name) for name in found} == DISCLOSING
    assert len(found) == len(DISCLOSING)
