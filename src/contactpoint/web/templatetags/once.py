"""Hidden in forms: `{% once %}`, their random key, and `{% seen version %}`, what their page showed."""

from uuid import UUID, uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contactpoint.domain.meanwhile import Version
from contactpoint.web.once import seal_version

register = template.Library()


@register.simple_tag(name="once")
def hidden_key(key: str | UUID | None = None) -> SafeString:
    """The hidden field; a key that is given is one kept from an earlier showing of the same draft."""
    return format_html('<input type="hidden" name="form_key" value="{}">', key or uuid4())


@register.simple_tag
def seen(version: Version) -> SafeString:
    """The hidden field with what the page shows of a thing that somebody else may change meanwhile."""
    return format_html('<input type="hidden" name="seen" value="{}">', seal_version(version))
