"""From a bound Django form field to the parameters of the GOV.UK Frontend macro that draws it.

The ids are chosen here once, so that a link in the error summary always leads to an element that takes focus:
the input itself, the first radio or checkbox, the wrong box of a date.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from contactpoint.web.govuk.fields import BOXES, DateBoxes, TypedDate

Params = dict[str, Any]


def first_error(bound: BoundField) -> str | None:
    """The first message of a field as plain text (slicing an ErrorList would print its brackets)."""
    messages = list(bound.errors)
    return str(messages[0]) if messages else None


def error_target(form: forms.BaseForm, name: str) -> str:
    """The id of the element that must take focus when the error of field `name` is followed."""
    bound = form[name]
    if isinstance(bound.field.widget, DateBoxes):
        return f"{bound.auto_id}-{_wrong_boxes(bound)[0]}"
    return str(bound.auto_id)


def error_list(form: forms.BaseForm) -> list[Params]:
    """The items of the error summary in field order; a form-wide error leads to the first field."""
    visible = [bound for bound in form if not bound.is_hidden]
    items = [
        {"text": str(text), "href": f"#{error_target(form, visible[0].name)}"}
        for text in form.non_field_errors()
    ]
    for bound in visible:
        text = first_error(bound)
        if text is not None:
            items.append({"text": text, "href": f"#{error_target(form, bound.name)}"})
    return items


def field_component(bound: BoundField, extra: Params) -> tuple[str, Params]:
    """The component that draws this field and its parameters; `extra` adds to or replaces them."""
    component, params = _by_widget(bound)
    message = first_error(bound)
    if message is not None:
        params["errorMessage"] = {"text": message}
    if bound.help_text and component != "checkboxes-single":
        params["hint"] = {"text": str(bound.help_text)}
    return component.removesuffix("-single"), {**params, **extra}


def _by_widget(bound: BoundField) -> tuple[str, Params]:
    widget = bound.field.widget
    if isinstance(widget, DateBoxes):
        return "date-input", _date(bound)
    if isinstance(widget, forms.CheckboxSelectMultiple):  # which is a RadioSelect to Django
        return "checkboxes", _choices(bound, multiple=True)
    if isinstance(widget, forms.RadioSelect):
        return "radios", _choices(bound, multiple=False)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes-single", _single_checkbox(bound)
    if isinstance(widget, forms.Select):
        return "select", _labelled(bound) | {"items": _items(bound)}
    if isinstance(widget, forms.Textarea):
        return "textarea", _labelled(bound) | {
            "value": _text(bound),
            "rows": str(widget.attrs.get("rows", 3)),
        }
    if isinstance(widget, forms.FileInput):
        return "file-upload", _labelled(bound) | {"attributes": {"accept": widget.attrs.get("accept", "")}}
    if isinstance(widget, forms.PasswordInput):
        return "password-input", _labelled(bound) | {"autocomplete": widget.attrs.get("autocomplete")}
    return "input", _labelled(bound) | _input(bound, widget)


def _labelled(bound: BoundField) -> Params:
    return {"id": bound.auto_id, "name": bound.html_name, "label": {"text": str(bound.label)}}


def _input(bound: BoundField, widget: forms.Widget) -> Params:
    attrs = widget.attrs
    return {
        "value": _text(bound),
        "type": getattr(widget, "input_type", "text"),
        "classes": attrs.get("class", ""),
        "autocomplete": attrs.get("autocomplete"),
        "inputmode": attrs.get("inputmode"),
        "spellcheck": False,
    }


def _fieldset(bound: BoundField) -> Params:
    return {
        "legend": {
            "text": str(bound.label),
            "classes": bound.field.widget.attrs.get("legend", "govuk-fieldset__legend--s"),
        }
    }


def _choices(bound: BoundField, *, multiple: bool) -> Params:
    del multiple
    return {
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "fieldset": _fieldset(bound),
        "items": _items(bound),
    }


def _items(bound: BoundField) -> list[Params]:
    chosen = {str(value) for value in _as_list(bound.value())}
    key = "selected" if type(bound.field.widget) is forms.Select else "checked"
    choices: Iterable[tuple[Any, Any]] = getattr(bound.field, "choices", ())
    return [{"value": str(value), "text": str(text), key: str(value) in chosen} for value, text in choices]


def _single_checkbox(bound: BoundField) -> Params:
    item: Params = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
    if bound.help_text:
        item["hint"] = {"text": str(bound.help_text)}
    return {"idPrefix": bound.auto_id, "name": bound.html_name, "items": [item]}


def _date(bound: BoundField) -> Params:
    typed = TypedDate(*(bound.value() or ()))
    wrong = _wrong_boxes(bound) if bound.errors else ()
    widths = dict(zip(BOXES, ("2", "2", "4"), strict=True))
    return {
        "id": bound.auto_id,
        "fieldset": _fieldset(bound),
        "items": [
            {
                "id": f"{bound.auto_id}-{box}",
                "name": f"{bound.html_name}-{box}",
                "label": box.capitalize(),
                "value": getattr(typed, box),
                "classes": f"govuk-input--width-{widths[box]}"
                + (" govuk-input--error" if box in wrong else ""),
            }
            for box in BOXES
        ],
    }


def _wrong_boxes(bound: BoundField) -> tuple[str, ...]:
    """The boxes an error's code names ("month", "day year"); all three where it names none."""
    errors = bound.errors.as_data()
    named = str(errors[0].code or "").split() if errors else []
    return tuple(box for box in BOXES if box in named) or BOXES


def _text(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, set)) else [value]
