"""What an answer about the past leaves out, by who reads it; each row names its rule."""

from datetime import UTC, datetime

import pytest

from contactpoint.domain.replay import (
    CouldSee,
    Replayed,
    ToldTo,
    are_sensitive_services_left_out,
    are_single_people_left_out,
    from_text,
    is_it_for_shield_staff_alone,
    to_text,
)

OPEN = CouldSee(organisation="la-353", role="practitioner", fields=("addresses",), involvements=(7,))
PROTECTED = CouldSee(organisation="la-353", role="practitioner", protected=True)
REFUSED = CouldSee(organisation="la-353", role="auditor", refusal="You cannot.", rules=("R57",))

# (rule, who is told, whether it is left out)
LEFT_OUT = [
    ("R39", are_sensitive_services_left_out, ToldTo.REVIEWER, True),
    ("R39", are_sensitive_services_left_out, ToldTo.SHIELD_STAFF, True),
    ("R57", are_sensitive_services_left_out, ToldTo.COMMAND_LINE, True),
    ("R51", are_sensitive_services_left_out, None, False),
    ("R34", are_single_people_left_out, ToldTo.REVIEWER, True),
    ("R34", are_single_people_left_out, ToldTo.SHIELD_STAFF, False),
    ("R57", are_single_people_left_out, ToldTo.COMMAND_LINE, True),
    ("R51", are_single_people_left_out, None, False),
]


@pytest.mark.parametrize(("rule", "question", "told_to", "left_out"), LEFT_OUT)
def test_what_is_left_out(rule, question, told_to, left_out):
    assert question(told_to) is left_out


# (rule, what could be seen, whether the child is protected now, whether it is for shield staff alone)
ALONE = [
    ("R34", (OPEN,), False, False),
    ("R34", (OPEN,), True, True),
    ("R34", (OPEN, PROTECTED), False, True),
    ("R34", (REFUSED,), False, False),
    ("R34", (), False, False),
    ("R34", (), True, True),
]


@pytest.mark.parametrize(("rule", "could_see", "now", "alone"), ALONE)
def test_who_is_told_of_a_protected_child(rule, could_see, now, alone):
    assert is_it_for_shield_staff_alone(could_see, protected_now=now) is alone


@pytest.mark.parametrize("since", [None, datetime(2026, 11, 1, tzinfo=UTC)])
def test_an_answer_is_kept_as_it_was(since):
    found = Replayed(
        name="Amina",
        child="C000000102M",
        at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        could_see=(OPEN, PROTECTED, REFUSED),
        rules_now="a" * 64,
        rules_then="a" * 64 if since else None,
        rules_since=since,
    )
    assert from_text(to_text(found)) == found
