"""What a shield leaves visible: four facts, and constants, the same for every shielded child (R26-R34)."""

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.domain.disclosure.held import ShieldedRecord

# The organisation that runs the national desk.
NATIONAL_DESK = "contactpoint"
# One desk for the whole country, so that the desk does not reveal the area (R32). The number lies in the
# range that Ofcom keeps for drama: it rings nowhere.
NATIONAL_DESK_PHONE = "0808 157 0192"


def is_national_shield_desk(viewer: Viewer) -> bool:
    """Say whether somebody acts for the one shield desk of the whole country (R21, R32)."""
    return viewer.role is Role.SHIELD_TEAM and viewer.organisation_code == NATIONAL_DESK


def does_this_search_exclude_shielded_records(criteria: Criteria) -> bool:
    """Any criterion on a hidden field excludes shielded records: no search confirms whereabouts (R10)."""
    return criteria.uses_hidden_field


def what_does_a_shielded_record_show(record: ShieldedRecord) -> ProtectedRecord:
    """A shielded record shows name, birth date, sex and number, and a desk that is everybody's (R27, R32)."""
    return ProtectedRecord(
        number=record.number,
        name=record.name,
        date_of_birth=record.date_of_birth,
        sex=record.sex,
        desk_phone=NATIONAL_DESK_PHONE,
    )
