"""The id of a search row follows from its child alone: a statement that names it tells no more."""

import csv

from contactpoint.storage.search_index import MOST_ROWS, Row, written

ONE, OTHER = "C000000102M", "C000000103K"


def row(child, surname="Okafor"):
    return Row(child, False, "Amina", surname, "", 1, 2, 3, None, "", "F", "", "", "", "", "")


def ids(*rows):
    filed = written(rows, (), {})
    return [int(line[0]) for line in csv.reader(filed.rows.decode().splitlines())]


def test_the_rows_of_a_child_have_the_same_ids_whatever_is_written_before_them():
    alone = ids(row(ONE), row(ONE, "Marlowe"))
    assert alone == sorted(set(alone)), "the first is the main one"
    assert ids(row(OTHER), row(ONE), row(ONE, "Marlowe"))[1:] == alone


def test_no_two_children_share_an_id():
    many = [row(child) for child in (ONE, OTHER) for _ in range(MOST_ROWS)]
    assert len(set(ids(*many))) == 2 * MOST_ROWS
