"""The one table of what was proposed: by which page each opens, and that no column lacks its name."""

import re

import pytest
from django.template.loader import render_to_string

from contactpoint.web.presenters.proposed import ProposedRow, by_two

ROW = ProposedRow(
    number=7, title="Schools, today", who="Ewa Nowak", because="October", state="In force", what="1 new"
)


def drawn(**terms):
    return render_to_string(
        "web/_proposed.html", {"rows": [ROW], "caption": "All", "first": "Change", **terms}
    )


@pytest.mark.parametrize(
    ("terms", "address"),
    [
        ({"to": "reference_change", "middle": "What"}, "/reference/7/"),
        ({"to": "authority_change"}, "/authorities/7/"),
        ({"to": "model_version", "middle": "Proposed"}, "/model/7/"),
        ({"to": "mapping_version", "code": "births"}, "/feeds/births/mapping/7/"),
    ],
)
def test_each_row_opens_its_own_page_and_each_cell_is_named_as_its_column(terms, address):
    page = drawn(**terms)
    assert f'href="{address}"' in page
    columns = re.findall(r'<th scope="col"[^>]*>([^<]+)<', page)
    assert columns == ["Change", *filter(None, [terms.get("middle")]), "Who", "Why", "How far it is"]
    assert re.findall(r'data-label="([^"]+)"', page) == columns[1:]
    assert ("1 new" in page) is ("middle" in terms)


def test_who_agreed_is_named_where_somebody_did():
    assert by_two("Ewa Nowak", "Lena Fox") == "Ewa Nowak, agreed by Lena Fox"
    assert by_two("Ewa Nowak", "") == "Ewa Nowak"
