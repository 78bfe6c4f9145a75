"""The mark on what is contested (R61)."""

from contactpoint.domain.disclosure.answers import ContestedItem
from contactpoint.domain.disclosure.contesting import Field

CONTESTED = "A correction has been asked for."


def contested_words(contested: tuple[ContestedItem, ...], said_by: set[str], *fields: Field) -> str:
    """The mark on an item where a source that says so has been asked about it (R61); otherwise nothing."""
    marked = {(one.field, one.source_name) for one in contested}
    asked = any((field.value, source) in marked for field in fields for source in said_by)
    return CONTESTED if asked else ""
