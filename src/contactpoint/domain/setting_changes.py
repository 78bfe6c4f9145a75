"""Changes of settings: proposed with a reason, agreed to by a second person where they protect less."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contactpoint.domain.settings import Values


class ChangeState(StrEnum):
    """How a proposal stands."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingInQuestion:
    """A change as far as the rules ask. `agreeing` is somebody who answers what `asked_by_viewer` or not."""

    key: str
    now: int | str
    becomes: int | str
    agreeing: bool = False
    asked_by_viewer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingVersion:
    """One value that was set: from when it holds, who said so, why, and who agreed where it took two."""

    id: int
    key: str
    value: int | str
    from_when: datetime
    because: str
    by: str
    agreed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """A change that waits for a second person."""

    id: int
    key: str
    value: int | str
    because: str
    asked_by: str
    asked_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDone:
    """The answer to whatever somebody does about a setting; `from_when` where it holds from then."""

    key: str
    state: str
    from_when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsKept:
    """All there is to see: what holds now, every version newest first, and what waits for a second person."""

    now: Values
    versions: tuple[SettingVersion, ...]
    waiting: tuple[SettingChange, ...]
