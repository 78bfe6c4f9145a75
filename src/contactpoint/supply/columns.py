"""Every column a feed may have: its form, its limits and what it means, said once for all contracts."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from contactpoint.domain.involvement import ConsentBasis
from contactpoint.domain.people import AddressKind, Sex


class Form(StrEnum):
    """How the text of a column is read and checked."""

    KEY = "key"
    TEXT = "text"
    LINE = "line"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    CODE = "code"
    FLAG = "flag"
    NUMBER = "number"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    UPRN = "uprn"
    IDENTIFIERS = "identifiers"
    ORGANISATION = "organisation"
    AUTHORITY = "authority"
    SERVICE = "service"


# Whether an address is kept back is for us to say, and for no source.
_ADDRESS_KINDS: Final = tuple(kind for kind in AddressKind if kind is not AddressKind.NOT_SHOWN)


class Part(StrEnum):
    """Whether a column says who the child is, or which service is in contact."""

    KEY = "key"
    IDENTITY = "identity"
    INVOLVEMENT = "involvement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a feed.

    `longest` counts characters. `codes` is the code list of a CODE column. `may_be_future` lets a date lie
    after the day the file speaks for.
    """

    name: str
    form: Form
    part: Part
    meaning: str
    longest: int = 80
    required: bool = False
    codes: tuple[str, ...] = ()
    may_be_future: bool = False


def _identity(name: str, form: Form, meaning: str, longest: int = 80, codes: tuple[str, ...] = ()) -> Column:
    return Column(name=name, form=form, part=Part.IDENTITY, meaning=meaning, longest=longest, codes=codes)


def _involved(
    name: str,
    form: Form,
    meaning: str,
    longest: int = 80,
    codes: tuple[str, ...] = (),
    *,
    future: bool = False,
) -> Column:
    return Column(
        name=name,
        form=form,
        part=Part.INVOLVEMENT,
        meaning=meaning,
        longest=longest,
        codes=codes,
        may_be_future=future,
    )


_DECLARED: Final = (
    Column(
        name="local_id",
        form=Form.KEY,
        part=Part.KEY,
        longest=40,
        required=True,
        meaning="The source's own key for the child; the same key always means the same child",
    ),
    _identity("forename", Form.TEXT, "First name"),
    _identity("middle_names", Form.TEXT, "Other given names", 120),
    _identity("surname", Form.TEXT, "Last name, or the only name"),
    _identity("former_surname", Form.TEXT, "An earlier last name"),
    _identity("known_as", Form.TEXT, "The name the child is called by"),
    _identity("suffix", Form.TEXT, "What follows the name, such as Jr", 20),
    _identity(
        "date_of_birth",
        Form.PARTIAL_DATE,
        "Date of birth; a year, or a year and month, where no more is known",
    ),
    _identity("sex", Form.CODE, "M, F or blank for not specified", 1, tuple(Sex)),
    _identity("address", Form.LINE, "Address on one line, without the postcode", 160),
    _identity("postcode", Form.POSTCODE, "Postcode", 8),
    _identity("uprn", Form.UPRN, "Unique property reference number", 12),
    _identity("address_kind", Form.CODE, "What the address is to the child", 16, _ADDRESS_KINDS),
    _identity("address_from", Form.DATE, "Since when the child has lived there", 10),
    _identity(
        "placed_by",
        Form.AUTHORITY,
        "The authority that looks after the child and placed it, this one or another; blank for none. Of the "
        "return on looked-after children (SSDA903) the authority whose return it is, and not PL_LA, where "
        "the placement is",
        3,
    ),
    _identity("other_address", Form.LINE, "A second current home", 160),
    _identity("other_postcode", Form.POSTCODE, "Its postcode", 8),
    _identity("phone", Form.PHONE, "Telephone of the home or the young person", 24),
    _identity("email", Form.EMAIL, "Electronic mail address", 120),
    _identity("nhs_number", Form.NHS_NUMBER, "NHS number, with its check digit", 12),
    _identity("upn", Form.UPN, "Unique pupil number, with its check letter", 13),
    _identity(
        "other_identifiers", Form.IDENTIFIERS, "Other numbers as scheme:value, separated by semicolons", 160
    ),
    _identity("carer_forename", Form.TEXT, "First name of a parent or carer"),
    _identity("carer_surname", Form.TEXT, "Last name of a parent or carer"),
    _identity("carer_relationship", Form.TEXT, "What the carer is to the child", 40),
    _identity("carer_phone", Form.PHONE, "The carer's telephone", 24),
    _identity("carer2_forename", Form.TEXT, "First name of a second parent or carer"),
    _identity("carer2_surname", Form.TEXT, "Last name of a second parent or carer"),
    _identity("carer2_relationship", Form.TEXT, "What the second carer is to the child", 40),
    _identity("carer2_phone", Form.PHONE, "The second carer's telephone", 24),
    _identity("mother_former_surname", Form.TEXT, "The mother's last name before any marriage"),
    _identity("birth_order", Form.NUMBER, "Place among the children of one birth", 2),
    _identity("multiple_birth", Form.FLAG, "Y for a twin, triplet or more", 1),
    _identity("gp_practice", Form.TEXT, "Code of the GP practice the child is registered with", 12),
    _identity("restricted", Form.FLAG, "Y where the source itself hides the child's whereabouts", 1),
    _identity("date_of_death", Form.DATE, "Date of death", 10),
    _involved("involvement_id", Form.TEXT, "The source's key for this involvement", 40),
    _involved("service", Form.SERVICE, "Which service is in contact", 32),
    _involved("organisation", Form.ORGANISATION, "Code of the organisation that gives it", 32),
    _involved("team", Form.TEXT, "Team", 120),
    _involved("practitioner", Form.TEXT, "Name of the practitioner, if there is one", 120),
    _involved("practitioner_role", Form.TEXT, "What the practitioner is", 120),
    _involved("contact_phone", Form.PHONE, "Telephone to ring", 24),
    _involved("contact_hours", Form.TEXT, "When it is answered", 80),
    _involved("contact_cover", Form.TEXT, "Whom to ring at night or in holidays", 160),
    _involved("start_date", Form.DATE, "First day", 10),
    _involved("end_date", Form.DATE, "Last day; blank while it goes on", 10, future=True),
    _involved("last_confirmed", Form.DATE, "When the organisation last said that it goes on", 10),
    _involved("lead_practitioner", Form.FLAG, "Y for the lead practitioner", 1),
    _involved("assessment", Form.FLAG, "Y where an assessment is held; its content is never sent", 1),
    _involved(
        "consent", Form.CODE, "Who allowed a sensitive service to be recorded", 20, tuple(ConsentBasis)
    ),
    _involved("consent_until", Form.DATE, "Until when", 10, future=True),
)
COLUMNS: Final[dict[str, Column]] = {column.name: column for column in _DECLARED}


def pick(names: str, *, required: str = "") -> tuple[Column, ...]:
    """Take columns by name, in the order of the file; those in `required` must be filled in every row."""
    must = set(required.split())
    return tuple(
        replace(COLUMNS[name], required=True) if name in must else COLUMNS[name] for name in names.split()
    )
