"""The mark on what is contested (R61)."""

from contactpoint.domain.disclosure.answers import ContestedItem, ShownInvolvement
from contactpoint.domain.disclosure.contesting import Field

CONTESTED = "A correction has been asked for."


def contested_words(contested: tuple[ContestedItem, ...], said_by: set[str], *fields: Field) -> str:
    """The mark on an item where a source that says so has been asked about it (R61); otherwise nothing."""
    marked = {(one.field, one.source_name) for one in contested if one.contact is None}
    asked = any((field.value, source) in marked for field in fields for source in said_by)
    return CONTESTED if asked else ""


def contact_contested(contested: tuple[ContestedItem, ...], contact: ShownInvolvement) -> str:
    """The mark on a contact: its source has been asked, or whoever said so of their own work (R61)."""
    if contact.id in {one.contact for one in contested}:
        return CONTESTED
    return contested_words(contested, {contact.source_name}, Field.SERVICE)
