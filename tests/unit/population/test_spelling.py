import pytest

from contactpoint.population import spelling


@pytest.mark.parametrize(
    "word", ["Mohammed", "Catherine", "Aisha", "Jo", "Li", "O'Brien", "Smith-Jones", "Zoë", "Ng"]
)
@pytest.mark.parametrize("choice", [0, 1, 17, 523, 9999])
def test_every_respelling_is_another_word_with_the_same_first_letter(word, choice):
    assert spelling.sounds_alike(word, choice) != word
    assert spelling.similar_start(word, choice)[0] == word[0]
    assert spelling.similar_start(word, choice) != word
    assert spelling.mistyped(word, choice)[0] == word[0]


def test_a_known_spelling_is_preferred_to_a_rule():
    assert spelling.sounds_alike("Muhammad", 1) in {"Mohammed", "Mohammad", "Mohamed", "Muhammed", "Mohamad"}


@pytest.mark.parametrize(
    ("word", "plain"),
    [("Zoë", "Zoe"), ("Łukasz", "Lukasz"), ("Wójcik", "Wojcik"), ("Yılmaz", "Yilmaz"), ("Smith", "Smith")],
)
def test_accents_are_lost_as_old_systems_lose_them(word, plain):
    assert spelling.without_accents(word) == plain


@pytest.mark.parametrize(
    ("word", "choice", "found"),
    [
        ("Ellie-Mae", 1, "Ellie Mae"),
        ("Ellie-Mae", 3, "EllieMae"),
        ("O'Brien", 1, "OBrien"),
        ("O'Brien", 2, "Obrien"),
    ],
)
def test_hyphens_and_apostrophes_are_lost(word, choice, found):
    assert spelling.without_punctuation(word, choice) == found


def test_one_part_of_a_double_surname_is_kept():
    assert {spelling.one_of_two("Silva Santos", c) for c in range(2)} == {"Silva", "Santos"}
    assert {spelling.one_of_two("Smith-Jones", c) for c in range(2)} == {"Smith", "Jones"}


def test_familiar_names_come_from_the_table():
    assert spelling.familiar("Isabella", 1) == "Bella"
    assert spelling.familiar("Mohammed", 1) is None or spelling.familiar("Mohammed", 1) != "Mohammed"
    assert spelling.familiar("Qwertyuiop", 1) is None
