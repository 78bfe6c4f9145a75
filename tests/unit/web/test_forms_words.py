"""What a form says of a wrong answer is in our words, whichever form it is."""

import importlib
import pkgutil

import pytest
from django import forms
from django.core.exceptions import ValidationError

from contactpoint.web import forms as all_forms
from contactpoint.web.govuk.fields import DateBoxesField, TypedDate

# The value of these is that of the button that was pressed: nobody can leave it out.
_BUTTONS = {"AnswerForm.outcome", "HandOnForm.colleague", "VerdictForm.verdict"}
_OF_DJANGO = {"This field is required.", "Enter a valid value."}


def _fields():
    for found in pkgutil.iter_modules(all_forms.__path__):
        module = importlib.import_module(f"{all_forms.__name__}.{found.name}")
        for name, form in vars(module).items():
            if isinstance(form, type) and issubclass(form, forms.Form) and form.__module__ == module.__name__:
                for label, field in form.base_fields.items():
                    if f"{name}.{label}" in _BUTTONS:
                        continue
                    yield pytest.param(field, id=f"{found.name}.{name}.{label}")


def _said(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize("field", [one for one in _fields() if one.values[0].required])
def test_what_must_be_answered_says_what_to_do(field):
    assert _said(field, TypedDate() if isinstance(field, DateBoxesField) else "") not in _OF_DJANGO


@pytest.mark.parametrize("field", [one for one in _fields() if getattr(one.values[0], "max_length", None)])
def test_a_text_that_is_too_long_or_cannot_be_read_says_what_to_do(field):
    too_long = f"{'x' * field.max_length}@example.org"
    assert "Ensure" not in _said(field, too_long)
    assert "Null" not in _said(field, "x\0@example.org")
