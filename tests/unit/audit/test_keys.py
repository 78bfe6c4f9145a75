"""The keys of a log: what a change says, what a chain allows, what is no chain (R54)."""

from dataclasses import replace

import pytest
from tests.factories.audit_log import head, signer

from contactpoint.domain.audit.checkpoint import VerifierKey, parse_checkpoint, sign_checkpoint
from contactpoint.domain.audit.keys import KeyChain, KeyChange, follow, open_key_change, sign_key_change
from contactpoint.domain.errors import InvalidInput

FIRST, SECOND, THIRD = (signer(number) for number in (1, 2, 3))
A, B, C = (one.verifier() for one in (FIRST, SECOND, THIRD))


def change(old, new, size):
    return KeyChange(old=old.verifier(), new=new.verifier(), size=size, root=head(size).root)


AB, BC = change(FIRST, SECOND, 3), change(SECOND, THIRD, 5)
NOTES = (sign_key_change(AB, old=FIRST, new=SECOND), sign_key_change(BC, old=SECOND, new=THIRD))


def test_a_change_is_read_back_and_is_no_checkpoint():
    assert open_key_change(NOTES[0]) == AB
    with pytest.raises(InvalidInput):
        parse_checkpoint(AB.text())
    with pytest.raises(InvalidInput, match="not the note of a change"):
        open_key_change(sign_checkpoint(head(3), FIRST))


@pytest.mark.parametrize("position", range(0, len(NOTES[0]), 7))
def test_every_character_of_it_matters(position):
    other = "A" if NOTES[0][position] != "A" else "B"
    with pytest.raises(InvalidInput):
        open_key_change(NOTES[0][:position] + other + NOTES[0][position + 1 :])


def test_one_signature_is_not_enough():
    for one in (FIRST, SECOND):
        with pytest.raises(InvalidInput, match="not signed by"):
            open_key_change(one.sign(AB.text()))


def test_it_is_signed_by_the_two_keys_it_names():
    with pytest.raises(InvalidInput):
        sign_key_change(AB, old=FIRST, new=THIRD)


@pytest.mark.parametrize(
    "made",
    [
        lambda: replace(AB, new=A),
        lambda: replace(AB, new=VerifierKey(name="another.example", public=B.public)),
        lambda: replace(AB, size=-1),
        lambda: replace(AB, root=b"short"),
    ],
)
def test_what_is_no_change_cannot_be_made(made):
    with pytest.raises(InvalidInput):
        made()


# (size of the head, who signs it)
WHO_SIGNS = [(1, FIRST), (3, FIRST), (4, SECOND), (5, SECOND), (6, THIRD)]


@pytest.mark.parametrize(("size", "signs"), WHO_SIGNS)
@pytest.mark.parametrize("held", [A, B, C])
def test_each_head_is_good_under_the_key_of_its_time_and_no_other(size, signs, held):
    chain, faults = follow(held, NOTES)
    assert faults == ()
    for one in (FIRST, SECOND, THIRD):
        note = sign_checkpoint(head(size), one)
        if one is signs:
            assert chain.open(note) == head(size)
        else:
            with pytest.raises(InvalidInput):
                chain.open(note)


def test_what_does_not_follow_is_no_chain():
    for changes in ((BC, AB), (AB, change(FIRST, THIRD, 5)), (AB, replace(BC, size=2))):
        with pytest.raises(InvalidInput):
            KeyChain(trusted=A, changes=changes)
    with pytest.raises(InvalidInput, match="none of this log"):
        KeyChain(trusted=signer(9).verifier(), changes=(AB,))


def test_where_changes_cannot_be_trusted_the_key_that_is_held_stands_alone():
    for notes in ((NOTES[1],), ("no note",), (NOTES[0], "no note")):
        chain, faults = follow(A, notes)
        assert faults or chain.newest == A
    assert follow(A, (NOTES[1],))[0].keys == (A,)
