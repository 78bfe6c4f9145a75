"""One cached, autoescaping Jinja environment, used for nothing but GOV.UK Frontend's macros.

The pages themselves are Django templates. The macros live in the package govuk-frontend-jinja; a component's
name ("error-summary") gives both its file and its macro (govukErrorSummary).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol, cast

import jinja2
from django.utils.safestring import SafeString, mark_safe


class Macro(Protocol):
    """A macro turns one mapping of parameters into HTML."""

    def __call__(self, params: Mapping[str, Any], /) -> str:
        """Return the component's HTML."""
        ...


@cache
def _environment() -> jinja2.Environment:
    """The environment: a second one would compile every macro again, and autoescape is never optional."""
    return jinja2.Environment(
        loader=jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _macro(component: str) -> Macro:
    """The macro of a component, or TemplateNotFound where there is no such component."""
    template = _environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    name = "govuk" + "".join(word.capitalize() for word in component.split("-"))
    return cast("Macro", getattr(template.module, name))


def refuse_unsafe_html(params: object, path: str = "params") -> None:
    """Raise ValueError if plain text stands under a key that the macros would print unescaped.

    The macros pass every `html` key (and every key that ends in `Html`) through `safe`. Only text that Django
    itself has already escaped or marked may stand there, so that what a person typed can never become markup.
    """
    if isinstance(params, Mapping):
        for key, value in params.items():
            raw = key == "html" or key.endswith("Html") or key == "safe"
            if raw and value and not hasattr(value, "__html__"):
                raise ValueError(
                    f"{path}.{key} is printed unescaped and must not hold plain text: use `text`."
                )
            refuse_unsafe_html(value, f"{path}.{key}")
    elif isinstance(params, Sequence) and not isinstance(params, str):
        for index, item in enumerate(params):
            refuse_unsafe_html(item, f"{path}[{index}]")


def render_component(component: str, params: Mapping[str, Any]) -> SafeString:
    """Return the HTML of one component; ValueError for plain text where markup is expected."""
    refuse_unsafe_html(params)
    html = str(_macro(component)(params))
    return mark_safe(html)  # noqa: S308 - escaped by the macro; raw keys are checked above
