"""Viewers and purposes, made without a database."""

from uuid import UUID

from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.relationship import Came, HowCome

WORRIED = Purpose(code=PurposeCode.SAFEGUARDING)
WITH_ME = HowCome(code=Came.WITH_ME)

KEISHA = UUID("00000000-0000-4000-8000-000000000001")
OWEN = UUID("00000000-0000-4000-8000-000000000002")
PRIYA = UUID("00000000-0000-4000-8000-000000000003")


def viewer(**changed) -> Viewer:
    """A school nurse in good standing, unless changed."""
    values = {
        "account_id": KEISHA,
        "name": "Keisha Barrow",
        "role": Role.PRACTITIONER,
        "organisation_code": "bridgewater-nhs",
        "organisation_name": "Bridgewater Community Health",
        "organisation_kind": "nhs_trust",
        "authority": "353",
        "job_title": "School nurse",
        "phone": "0161 496 0101",
        "services": ("school_nurse", "health_visitor"),
    }
    return Viewer(**{**values, **changed})


def teacher(**changed) -> Viewer:
    """A teacher of a school in Oldham."""
    return viewer(
        **{
            "account_id": OWEN,
            "name": "Owen Tanner",
            "organisation_code": "105734",
            "organisation_name": "Broadfield Primary School",
            "organisation_kind": "school",
            "services": ("school",),
            **changed,
        }
    )
