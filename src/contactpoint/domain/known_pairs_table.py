"""The frozen deck of known pairs: two records each, made up, and whether they are one child's."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from contactpoint.domain.matching import Verdict

Facts = Mapping[str, str]
SAME, TWO = Verdict.SAME, Verdict.DIFFERENT


def _facts(name: str, born: str, sex: str, home: str, **more: str) -> Facts:
    forename, _, surname = name.partition(" ")
    line, _, postcode = home.rpartition(", ")
    return MappingProxyType(
        {"forename": forename, "surname": surname, "date_of_birth": born, "sex": sex}
        | ({"address": line, "postcode": postcode} if home else {})
        | more
    )


# Code, one record, the other, what is true, and what tells it. The two halves of the deck take turns.
DECK: Final[tuple[tuple[str, Facts, Facts, Verdict, str], ...]] = (
    ("twins-alike", _facts("Mia Hartley", "2018-03-04", "F", "5 Ash Close, OL4 2QT", birth_order="1"),
     _facts("Maya Hartley", "2018-03-04", "F", "5 Ash Close, OL4 2QT", birth_order="2"), TWO,
     "Twins: born the first and the second of a multiple birth. Alike in all but one forename."),
    ("nickname", _facts("Elizabeth Crowther", "2012-11-19", "F", "88 Union Street, OL1 3BD"),
     _facts("Libby Crowther", "2012-11-19", "F", "88 Union Street, OL1 3BD"), SAME,
     "Libby is short for Elizabeth, and all else agrees."),
    ("day-and-month", _facts("Yusuf Rahman", "2016-04-09", "M", "17 Glodwick Road, OL4 1AJ"),
     _facts("Yusuf Rahman", "2016-09-04", "M", "17 Glodwick Road, OL4 1AJ"), SAME,
     "Day and month changed places. Nobody has two children of one name."),
    ("brothers", _facts("Callum Nuttall", "2014-06-30", "M", "2 Brook Lane, OL8 2BD", carer_forename="Dawn"),
     _facts("Connor Nuttall", "2015-08-12", "M", "2 Brook Lane, OL8 2BD", carer_forename="Dawn"), TWO,
     "Brothers: one home and one carer, but another forename and fourteen months between them."),
    ("namesakes", _facts("Mohammed Ali", "2013-01-01", "M", "41 Park Road, OL8 1DF", carer_forename="Amir"),
     _facts("Mohammed Ali", "2013-01-01", "M", "9 Vale Drive, OL9 6RS", carer_forename="Tariq"), TWO,
     "A common name, a birth date that is often put where none is known, other homes and other carers."),
    ("moved", _facts("Oluwaseun Adeyemi", "2011-02-17", "M", "Flat 3, 60 King Street, OL8 1EU",
     carer_forename="Folake"), _facts("Oluwaseun Adeyemi", "2011-02-17", "M", "12 Fir Bank, OL2 6XL",
     carer_forename="Folake"), SAME, "The family moved: a rare name, the birth date and the carer agree."),
    ("order-of-names", _facts("Thi Lan Nguyen", "2017-05-23", "F", "30 Moss Way, OL9 7QW"),
     _facts("Nguyen Lan", "2017-05-23", "F", "30 Moss Way, OL9 7QW"), SAME,
     "The last name was written first, as is the custom."),
    ("half-sisters", _facts("Ellie Bates", "2015-10-08", "F", "7 Mill Fold, OL3 5QE", carer_forename="Ryan"),
     _facts("Ella Bates", "2015-12-20", "F", "23 Low Lee, OL4 3AA", carer_forename="Ryan"), TWO,
     "Ten weeks apart they cannot have one mother: two children of one father, in two homes."),
    ("other-number", _facts("Zara Khalid", "2019-07-01", "F", "15 Werneth Hall Road, OL8 4BB",
     nhs_number="9000000009"), _facts("Zara Khalid", "2019-07-01", "F", "15 Werneth Hall Road, OL8 4BB",
     nhs_number="9000000017"), SAME,
     "Everything agrees but the number. Some children were given two; the other one needs a correction."),
    ("misread", _facts("Siobhan Keane", "2010-08-26", "F", "11 Hawthorn Road, OL8 3HN"),
     _facts("Shivaun Keane", "2010-08-26", "F", "11 Hawthorn Road, OL8 3HN"), SAME,
     "Written down as it was heard."),
    ("twins-one-sex", _facts("Adam Yildiz", "2016-12-02", "M", "3 Coppice Street, OL8 1UA"),
     _facts("Emre Yildiz", "2016-12-02", "M", "3 Coppice Street, OL8 1UA"), TWO,
     "Most likely twins: forenames that no slip turns into each other, all else alike."),
    ("new-surname", _facts("Isla Pryce", "2014-03-15", "F", "6 Delph Lane, OL3 5HX", nhs_number="9434765919"),
     _facts("Isla Mather", "2014-03-15", "F", "6 Delph Lane, OL3 5HX", nhs_number="9434765919"), SAME,
     "The surname changed; forename, birth date, home and number did not."),
    ("cousins", _facts("Aaliyah Hussain", "2015-05-05", "F", "19 Coldhurst Street, OL1 2BA",
     carer_forename="Nasreen"), _facts("Aliya Hussain", "2015-05-06", "F", "33 Coldhurst Street, OL1 2BA",
     carer_forename="Shabana"), TWO,
     "Cousins in one street: a day apart, other house numbers, other mothers. Each may be a slip; not all."),
    ("one-digit", _facts("Tomasz Zielinski", "2013-09-13", "M", "50 Featherstall Road, OL9 6HN"),
     _facts("Tomasz Zielinski", "2013-09-18", "M", "50 Featherstall Road, OL9 6HN"), SAME,
     "One figure of the birth date was misread, 3 and 8."),
    ("brother-and-sister", _facts("Frankie Dunn", "2012-02-28", "M", "4 Cross Street, OL4 5JD"),
     _facts("Francesca Dunn", "2013-02-28", "F", "4 Cross Street, OL4 5JD"), TWO,
     "A brother and a sister born on the same day of two years: sex and year differ together."),
    ("baby", _facts("Baby Fielding", "2026-08-03", "F", "21 Grains Road, OL2 8HL", carer_forename="Jess"),
     _facts("Orla Fielding", "2026-08-03", "F", "21 Grains Road, OL2 8HL", carer_forename="Jess"), SAME,
     "Registered before she had a name."),
    ("double-barrelled", _facts("Noah Smith-Okoro", "2017-11-11", "M", "8 Thorp Road, OL2 5RD"),
     _facts("Noah Okoro", "2017-11-11", "M", "8 Thorp Road, OL2 5RD"), SAME,
     "One system kept only the second part of the surname."),
    ("triplets", _facts("Hana Aziz", "2018-01-25", "F", "14 Latimer Street, OL4 1HB", birth_order="1"),
     _facts("Hania Aziz", "2018-01-25", "F", "14 Latimer Street, OL4 1HB", birth_order="3"), TWO,
     "The first and the third of triplets, whose names sound alike."),
    ("abroad", _facts("Andrei Popescu", "2014-07-07", "M", ", OL1 1NL", carer_forename="Ioana"),
     _facts("Andrei Popescu", "2011-07-07", "M", "70 Manchester Street, OL9 6ES", carer_forename="Mihaela"),
     TWO, "A common name among families from Romania; year of birth, home and mother all differ."),
    ("initial", _facts("Alexander Whitehead", "2010-12-30", "M", "1 Sandy Lane, OL2 5UY"),
     _facts("A Whitehead", "2010-12-30", "M", "1 Sandy Lane, OL2 5UY"), SAME,
     "A surgery kept the initial alone. The birth date and the home are his."),
)  # fmt: skip
