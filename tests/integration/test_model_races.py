"""Two models agreed to at one moment: the second waits, and then compares with what is no more (R20)."""

import json
import threading
from uuid import UUID

import pytest
from tests.factories.directory import build_account, build_reference

from contactpoint.storage.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)
EWA, LENA = UUID(int=8500), UUID(int=8501)
PROPOSE = "SELECT propose_model_as(%s, now(), %s, 'Learnt', false)"
REPORT = "UPDATE model_version SET state = 'reported', report = '{}' WHERE id = %s"
AGREE = "SELECT step_model_as(%s, now(), %s, 'agree')"


@pytest.fixture
def two(db):
    build_reference()
    for who, name in ((EWA, "Ewa Nowak"), (LENA, "Lena Fox")):
        build_account(who, name)
        Membership.objects.create(account_id=who, organisation_id="contactpoint", role="national_team")


def test_of_two_that_are_agreed_to_at_once_one_is_in_force(connect_as, two):
    with connect_as("worker") as one, connect_as("worker") as other:
        made = []
        for who, name in ((EWA, "first"), (LENA, "second")):
            made += one.execute(PROPOSE, [who, json.dumps({"version": name})]).fetchone()
            one.execute(REPORT, made[-1:])
        became = []

        def agree_too():
            became.append(other.execute(AGREE, [EWA, made[1]]).fetchone()[0])

        one.execute("BEGIN")
        assert one.execute(AGREE, [LENA, made[0]]).fetchone() == ("in_force",)
        waiting = threading.Thread(target=agree_too)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "it did not wait"
        one.execute("COMMIT")
        waiting.join(timeout=30)
        assert became == [None], "its report compares with what was replaced meanwhile"
        states = one.execute("SELECT version, state FROM model_version ORDER BY id").fetchall()
        assert states == [("first", "in_force"), ("second", "reported")]
