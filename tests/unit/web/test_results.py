"""The words of the results page."""

from dataclasses import replace
from datetime import date

from contactpoint.domain.disclosure.answers import Closeness, ResultCard, SearchAnswer
from contactpoint.web.presenters.results import BY_NAME_ALONE, SIMILAR, results_view

TODAY = date(2026, 11, 22)
CARD = ResultCard(
    number="C482915307P",
    name="Mohammed Ahmed",
    known_as="Mo",
    date_of_birth="2019-03-04",
    sex="M",
    town="Oldham",
    why=("Last name sounds the same", "day and month swapped", "same postcode"),
    closeness=Closeness.LIKELY,
    similar_group=None,
    protected=False,
)
NONE = SearchAnswer(
    cards=(),
    too_many=False,
    less_likely_unlisted=False,
    narrow_by=(),
    used_hidden_field=False,
    desk_phone="0300 000 0000",
    referral=(("Oldham children's services", "0161 496 0001"),),
)


def view(*cards, **more):
    return results_view(replace(NONE, cards=cards, **more), TODAY)


def test_one_clear_match():
    page = view(CARD)
    assert page.heading == "1 child matches"
    (group,) = page.groups
    (card,) = group.cards
    assert card.name == "Mohammed Ahmed, known as Mo"
    assert card.facts == "7 years 8 months old · born 4 March 2019 · Male · Oldham"
    assert card.why == "Last name sounds the same · day and month swapped · same postcode"


def test_several_may_match_and_likely_ones_come_first():
    page = view(replace(CARD, closeness=Closeness.LESS_LIKELY, name="Less"), CARD)
    assert page.heading == "2 children may match"
    assert [(group.heading, [card.name for card in group.cards]) for group in page.groups] == [
        ("", ["Mohammed Ahmed, known as Mo"]),
        ("Less likely", ["Less, known as Mo"]),
    ]


def test_one_that_is_not_clear_only_may_match():
    assert view(replace(CARD, closeness=Closeness.LESS_LIKELY)).heading == "1 child may match"


def test_what_is_not_listed_because_it_fits_less_well_is_told_with_what_would_narrow():
    page = view(CARD, less_likely_unlisted=True, narrow_by=("date_of_birth", "place"))
    assert page.unlisted == (
        "More children match less well. They are not listed. Add one of: date of birth or postcode."
    )
    assert (page.narrow, view(CARD).unlisted) == ("", "")


def test_twins_stand_together_under_their_own_words():
    twins = [replace(CARD, name=name, similar_group=0) for name in ("Hana", "Hina")]
    page = view(CARD, *twins)
    (alike,) = [group for group in page.groups if group.similar]
    assert alike.heading == SIMILAR
    assert len(alike.cards) == 2
    assert sum(len(group.cards) for group in page.groups) == 3


def test_a_protected_child_has_no_town():
    """R27."""
    (group,) = view(replace(CARD, town=None, protected=True)).groups
    assert "Oldham" not in group.cards[0].facts
    assert group.cards[0].protected


def test_too_many_gives_neither_list_nor_count_but_what_to_add():
    """R13."""
    page = view(too_many=True, narrow_by=("date_of_birth", "place"))
    assert page.heading == "More than 20 children match"
    assert page.narrow == "Add one of: date of birth or postcode."
    assert page.groups == ()
    assert page.none_words == ()


def test_none_is_always_said_in_the_same_words():
    """R10: whether nothing exists or a record was kept back."""
    page = view()
    assert page.heading == "No record matches"
    assert " ".join(page.none_words) == (
        "This does not mean nobody knows this child. Try an age instead of a date, or another spelling, or "
        "ring the desk. If you are worried, refer now to children's services where the child is:"
    )
    assert page.referral[0].phone == "0161 496 0001"
    assert page.desk.link == "tel:03000000000"


def test_a_search_by_a_hidden_field_says_so_whatever_it_found():
    """R10."""
    for cards in ((), (CARD,)):
        assert view(*cards, used_hidden_field=True).by_name_alone == BY_NAME_ALONE
        assert view(*cards).by_name_alone == ""
