"""The tags `{% govuk "button" text="Go" %}`, `{% govuk_field form "name" %}`, `{% govuk_errors form %}`."""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

from contactpoint.web.govuk.adapter import error_list, field_component
from contactpoint.web.govuk.environment import render_component

register = template.Library()


@register.simple_tag
def govuk(component: str, params: Mapping[str, Any] | None = None, **more: Any) -> SafeString:
    """Draw a GOV.UK Frontend component from a mapping of parameters and single ones."""
    return render_component(component, {**(params or {}), **more})


@register.simple_tag
def govuk_field(form: forms.BaseForm, name: str, **more: Any) -> SafeString:
    """Draw one field of a form. `label_classes`, `legend_classes` and `hint` change its look and words."""
    label_classes, legend_classes = more.pop("label_classes", None), more.pop("legend_classes", None)
    if "hint" in more:
        more["hint"] = {"text": str(more["hint"])}
    component, params = field_component(form[name], more)
    if label_classes and "label" in params:
        params["label"]["classes"] = label_classes
    if legend_classes and "fieldset" in params:
        params["fieldset"]["legend"]["classes"] = legend_classes
    return render_component(component, params)


@register.simple_tag
def govuk_errors(form: forms.BaseForm) -> SafeString:
    """Draw the error summary of a form, or nothing where it has no error."""
    items = error_list(form)
    if not items:
        return SafeString("")
    return render_component("error-summary", {"titleText": "There is a problem", "errorList": items})
