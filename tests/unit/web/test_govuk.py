"""GOV.UK Frontend's macros from Django: nothing typed becomes markup, every error leads to its field."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError

from contactpoint.web.forms.dates import read_birth_date
from contactpoint.web.govuk.adapter import error_list, field_component
from contactpoint.web.govuk.environment import refuse_unsafe_html, render_component
from contactpoint.web.govuk.fields import DateBoxesField

EVIL = '<script>alert("x")</script>'


class Everything(forms.Form):
    text = forms.CharField(label="Text", help_text="A hint")
    reason = forms.ChoiceField(label="Reason", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Several", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )
    tick = forms.BooleanField(label="Tick")
    born = DateBoxesField(label="Born", read=read_birth_date)
    words = forms.CharField(label="Words", widget=forms.Textarea)
    place = forms.ChoiceField(label="Place", choices=[("", "Anywhere"), ("x", "Here")])
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput)


def drawn(form, name):
    return render_component(*field_component(form[name], {}))


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_an_error_link_leads_to_an_element_that_takes_focus(name):
    form = Everything({})
    target = next(
        item["href"] for item in error_list(form) if form[name].auto_id in item["href"]
    ).removeprefix("#")
    element = re.search(rf'<(\w+)[^>]*\bid="{target}"', drawn(form, name))
    assert element is not None
    assert element[1] in ("input", "select", "textarea")


def test_the_link_of_a_date_leads_to_the_wrong_box_and_marks_that_box_alone():
    form = Everything({"born-day": "27", "born-month": "13", "born-year": "2019"})
    assert {"href": "#id_born-month", "text": "Enter a date of birth like 27 3 2019"} in error_list(form)
    html = drawn(form, "born")
    marked = re.findall(r'<input class="([^"]*)" id="([^"]*)"', html)
    assert [box for classes, box in marked if "govuk-input--error" in classes] == ["id_born-month"]
    assert 'value="13"' in html, "what was typed is kept"


def test_an_error_of_the_whole_form_leads_to_the_first_field():
    class Strict(Everything):
        def clean(self):
            raise ValidationError("Together they make no sense")

    assert error_list(Strict({}))[0] == {"text": "Together they make no sense", "href": "#id_text"}


def test_nothing_is_chosen_that_nobody_chose():
    assert "checked" not in drawn(Everything(), "reason")


@pytest.mark.parametrize("name", ["text", "words", "born"])
def test_what_was_typed_is_shown_again_as_text(name):
    form = Everything({name: EVIL, f"{name}-day": EVIL})
    html = drawn(form, name)
    assert EVIL not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "params",
    [
        {"html": EVIL},
        {"titleHtml": EVIL},
        {"items": [{"text": "A", "conditional": {"html": EVIL}}]},
        {"label": {"html": "even harmless plain text"}},
    ],
)
def test_plain_text_is_refused_where_the_macro_would_print_it_as_markup(params):
    with pytest.raises(ValueError, match="must not hold plain text"):
        refuse_unsafe_html(params)


def test_markup_that_a_component_made_may_stand_inside_another():
    inner = render_component("button", {"text": EVIL})
    outer = render_component("inset-text", {"html": inner})
    assert "govuk-button" in outer
    assert EVIL not in outer
