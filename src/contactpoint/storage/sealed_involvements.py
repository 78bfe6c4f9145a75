"""Whose a sealed involvement is, encrypted: organisation, people and telephones in one column of its row.

`KEY.BASE64` stands in `sealed_said`, bound to the row and padded so that its length tells little. What it
holds is empty in the row, or stands for it only where statements compare: `typed_by` is a pseudonym of
whoever typed the row, as an account of that organisation; `organisation_tag` answers whether the row is of
an organisation that is named, and tells no two rows of the same one. The database passes the row on like
any other, and notes in front of the value what has to be left out when it is opened: whoever reads the row
opens it here.

A row and its image in `past_row` are handled alike: as the JSON that the database makes of the row. What
somebody said before of their own work (`own_word_version`) is encrypted whenever its row is.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring

SAID: Final = "sealed_said"
TAG: Final = "organisation_tag"
NAMED: Final = (
    "team",
    "practitioner",
    "practitioner_role",
    "contact_phone",
    "contact_hours",
    "contact_cover",
)
HIDDEN: Final = ("organisation_id", "involvement_id", "typed_by_id", "confirmed_by_id", *NAMED)
TOLD: Final = "told"  # involvement_told (discreet.sql): of a discreet place pages are told nothing
AGREED: Final = "agreed"  # as_agreed (reading.sql): nobody's name was agreed to
_NOT_AGREED: Final = ("practitioner", "practitioner_role", "contact_phone", "contact_hours", "contact_cover")
_VERSIONED: Final = ("practitioner_role", "contact_phone", "contact_hours", "contact_cover")
_ROW, _VERSION = "involvement", "own_word_version"
_OF_ORGANISATION: Final = "involvement.organisation"
_TAG_LENGTH: Final = 24
_DIGEST_LENGTH: Final = 45  # of a tag that is a whole digest
_BLOCK: Final = 512  # most rows fill one

Image = dict[str, Any]


def seal_image(image: Mapping[str, Any], key: SealKey) -> Image:
    """Return what stands for a row that is in the clear, without `sealed_with`."""
    row = int(image["id"])
    typed_by = image.get("typed_by_id")
    return {
        **image,
        **{name: "" for name in NAMED if name in image},
        "organisation_id": None,
        "involvement_id": _key_of(image, key),
        "typed_by_id": str(pseudonym(key, typed_by, image["organisation_id"])) if typed_by else None,
        "confirmed_by_id": None,
        TAG: key.tag(_OF_ORGANISATION, f"{row}\0{image['organisation_id']}", _TAG_LENGTH),
        SAID: _sealed(image, HIDDEN, _ROW, row, key),
    }


def open_image(image: Mapping[str, Any], ring: KeyRing | None = None) -> Image:
    """Return a row with whose it is, without its marks, whether it is sealed or not.

    Whoever confirmed it after it was encrypted stands in the row until it is encrypted anew.

    Raises:
        Misconfigured: the key is not there, or is another one than it was sealed with; or somebody put the
            value into another row.
    """
    said = image.get(SAID)
    if not said:
        return dict(image)
    *marks, text = str(said).split(":")
    values = _opened(text, _ROW, int(image["id"]), ring or key_ring())
    if AGREED in marks:
        values |= dict.fromkeys(_NOT_AGREED, "")
    confirmed = {"confirmed_by_id": image["confirmed_by_id"]} if image.get("confirmed_by_id") else {}
    return {name: value for name, value in image.items() if name not in (SAID, TAG)} | values | confirmed


def seal_version(version: Mapping[str, Any], key: SealKey) -> Image:
    """Return what stands for a version of somebody's own word; bound to the word: the next may copy it."""
    said = _sealed(version, _VERSIONED, _VERSION, int(version["involvement_id"]), key)
    return {**version, **dict.fromkeys(_VERSIONED, ""), SAID: said}


def open_version(version: Mapping[str, Any], ring: KeyRing) -> Image:
    """Return a version with what it says, whether it is sealed or not."""
    if not version[SAID]:
        return dict(version)
    values = _opened(version[SAID], _VERSION, int(version["involvement_id"]), ring)
    return {**version, **values, SAID: None}


def is_told(image: Mapping[str, Any]) -> bool:
    """Whether what is opened is for pages, to which no discreet place is named."""
    return TOLD in str(image.get(SAID) or "").split(":")[:-1]


def pseudonym(key: SealKey, account: object, organisation: str) -> UUID:
    """What stands for whoever typed a row, as an account of that organisation."""
    tag = key.tag("involvement.typed_by", f"{organisation}\0{account}", _DIGEST_LENGTH)
    return UUID(bytes=base64.urlsafe_b64decode(tag[1:])[:16])


def pseudonyms(account: UUID | None, organisation: str) -> list[UUID]:
    """Under each key, what stands for an account of an organisation in sealed rows."""
    return [pseudonym(key, account, organisation) for key in _keys()] if account else []


def organisation_tags(row: int, organisation: str) -> list[str]:
    """Under each key, what stands for an organisation in that sealed row."""
    name = f"{row}\0{organisation}"
    return [key.tag(_OF_ORGANISATION, name, _TAG_LENGTH) for key in _keys()]


def _keys() -> list[SealKey]:
    """Every key of the file; none where there is no file: then nothing is sealed that could be found."""
    if not settings.SEAL_KEY or not Path(settings.SEAL_KEY).exists():
        return []
    return list(key_ring().keys.values())


def _key_of(image: Mapping[str, Any], key: SealKey) -> str:
    """What stands for a source's own key of the row: it may be the organisation."""
    own = image["involvement_id"]
    return key.tag("involvement.involvement_id", f"{image['id']}\0{own}", _TAG_LENGTH) if own else ""


def _sealed(image: Mapping[str, Any], names: Sequence[str], of: str, row: int, key: SealKey) -> str:
    text = json.dumps({name: image[name] for name in names if name in image}, separators=(",", ":")).encode()
    return key.seal(text, bound_to=_place(of, row), block=_BLOCK)


def _opened(text: str, of: str, row: int, ring: KeyRing) -> Image:
    values: Image = json.loads(ring.opened(text, bound_to=_place(of, row)))
    return values


def _place(of: str, row: int) -> str:
    return f"contactpoint sealed 1\0{of}.{SAID}\0{row}"
