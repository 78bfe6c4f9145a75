"""What was typed goes back into whatever form there is, as text and never as markup."""

import pytest

from contactpoint.web.refill import refilled


def main(inside):
    return f"<!DOCTYPE html><body><input name=a value=x><main id=m>{inside}</main><p>a &amp; b</p></body>"


BOX, TWO = (
    '<input type="checkbox" name="a">',
    '<option value="1" selected>I</option><option value="2">II</option>',
)
CASES = [
    ("text", '<input type="text" name="a" value="old">', {"a": ["new"]}, 'name="a" value="new"'),
    ("no type", '<input name="a">', {"a": ["new"]}, '<input name="a" value="new">'),
    ("markup", '<input name="a">', {"a": ['"><b>']}, 'value="&quot;&gt;&lt;b&gt;"'),
    ("radio", '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>',
     {"a": ["1"]}, 'value="1" checked><input type="radio" name="a" value="2">'),
    ("checkbox", BOX, {"a": ["on"]}, '<input type="checkbox" name="a" checked>'),
    ("textarea", '<textarea name="a">old &lt;</textarea>', {"a": ["x<y"]}, 'name="a">\nx&lt;y</textarea>'),
    ("select", f'<select name="a">{TWO}</select>', {"a": ["2"]}, '>I</option><option value="2" selected>'),
]  # fmt: skip


@pytest.mark.parametrize(("field", "given", "typed", "made"), CASES, ids=[case[0] for case in CASES])
def test_each_kind_of_field(field, given, typed, made):
    assert made in refilled(main(given), typed, "Here again.")


@pytest.mark.parametrize("kind", ["hidden", "password", "file", "submit"])
def test_what_is_not_typed_is_left_alone(kind):
    given = f'<input type="{kind}" name="a" value="ours">'
    assert given in refilled(main(given), {"a": ["theirs"]}, "Here again.")


def test_everything_else_is_copied_as_it_is():
    page = main('<!-- c --><br/><svg viewBox="0 0 1 1"><path d="M0"/></svg>&nbsp;&#38;<b>x</b>')
    words = '<div class="cp-note" role="status"><p class="govuk-body">Here again.</p></div>'
    assert refilled(page, {"a": ["new"]}, "Here again.") == page.replace("<main id=m>", "<main id=m>" + words)
