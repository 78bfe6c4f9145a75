"""Form fields that Django lacks or words otherwise: a date in three boxes, a text, an e-mail address."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

BOXES = ("day", "month", "year")
# Said where a field has no words of its own; Django counts what was typed back to the person.
_TEXT_FAULTS: Final = {
    "max_length": "Use at most %(limit_value)d characters",
    "null_characters_not_allowed": "Take out the character that cannot be seen, or type it anew",
}


class TextField(forms.CharField):
    """A text."""

    default_error_messages: ClassVar = {**_TEXT_FAULTS}


class EmailField(forms.EmailField):
    """An e-mail address."""

    default_error_messages: ClassVar = {**_TEXT_FAULTS}


class SmallFileField(forms.FileField):
    """A file that is read whole: its value is its bytes, or empty where none was chosen.

    Args:
        most: bytes at most, a whole number of kilobytes.
        ends: how its name may end, for the browser to offer.
    """

    default_error_messages: ClassVar = {"required": "Choose a file", "empty": "The file is empty"}

    def __init__(self, *, most: int, ends: str, **more: Any) -> None:
        self._most = most
        super().__init__(widget=forms.FileInput(attrs={"accept": ends}), **more)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Return what the file holds."""
        file = super().clean(data, initial)
        if not file:
            return b""
        try:
            if file.size > self._most:
                raise ValidationError(f"The file is larger than {_size(self._most)}")
            return bytes(file.read())
        finally:
            file.close()


def _size(count: int) -> str:
    mega, rest = divmod(count, 1024 * 1024)
    return f"{mega} MB" if mega and not rest else f"{count // 1024} kB"


class TypedDate(NamedTuple):
    """The three boxes as they were typed, stripped; nothing is interpreted yet."""

    day: str = ""
    month: str = ""
    year: str = ""

    def __bool__(self) -> bool:
        """Whether anything was typed in any box."""
        return any(self)


class DateBoxes(forms.Widget):
    """Three text boxes named `<field>-day`, `<field>-month` and `<field>-year`."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedDate:
        """Read the boxes, keeping exactly what was typed so that it can be shown again."""
        del files
        return TypedDate(*(str(data.get(f"{name}-{box}") or "").strip() for box in BOXES))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether none of the boxes was sent at all."""
        del files
        return not any(f"{name}-{box}" in data for box in BOXES)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box stands for the whole."""
        del index
        return f"{id_}-day"


class DateBoxesField(forms.Field):
    """A date in three boxes, read by a function like those of `contactpoint.web.forms.dates`."""

    widget = DateBoxes

    def __init__(self, *, read: Callable[[TypedDate], date], **kwargs: Any) -> None:
        self._read = read
        super().__init__(**kwargs)

    def clean(self, value: TypedDate) -> Any:
        """Return what `read` makes of the boxes; an error carries the wrong box as its code."""
        if not value:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="day")
            return None
        return self._read(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes differ from the first values."""
        return TypedDate(*(initial or ())) != TypedDate(*(data or ()))
