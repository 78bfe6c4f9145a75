"""Two halves of a sealed identity never meet in what linking proposes, whichever records bring them (R35)."""

import pytest

from contactpoint.pipelines.apart import Apart, Member
from contactpoint.storage.sealed_pairs import children_digest, record_key, records_digest

KEY = b"k" * 32
OLD, NEW = record_key("births", "A1"), record_key("school-census", "B2")
OTHER = record_key("gp-registrations", "C3")
DIGESTS = frozenset({records_digest(KEY, OLD, NEW), children_digest(KEY, "C1", "C2")})

# (rule, one record and its child, the other and its child, whether they are kept apart)
TABLE = [
    ("R35", (OLD, None), (NEW, None), True),
    ("R35", (NEW, None), (OLD, None), True),
    ("R35", (OTHER, "C1"), (OTHER, "C2"), True),
    ("R35", (OTHER, "C2"), (NEW, "C1"), True),
    ("R35", (OTHER, "C1"), (NEW, "C1"), False),
    ("R35", (OTHER, None), (NEW, None), False),
    ("R35", (OTHER, "C1"), (NEW, None), False),
    ("R35", (OTHER, "C1"), (NEW, "C3"), False),
]


@pytest.mark.parametrize(("rule", "one", "other", "apart"), TABLE)
def test_who_is_kept_apart(rule, one, other, apart):
    looked = Apart(KEY, DIGESTS)
    assert looked.are_apart([Member(1, *one)], [Member(2, *other)]) is apart
    assert looked.frame().rows() == ([(1, 2)] if apart else [])


def test_a_digest_under_another_key_says_nothing():
    assert not Apart(b"o" * 32, DIGESTS).are_apart([Member(1, OLD, None)], [Member(2, NEW, None)])
