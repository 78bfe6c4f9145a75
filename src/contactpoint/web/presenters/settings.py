"""The words of "Settings": what holds, what waits, the history, and what a change would mean."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contactpoint.actions.run.settings import SettingPreview
from contactpoint.domain.here import HERE
from contactpoint.domain.setting_changes import ChangeState, SettingDone, SettingsKept, SettingVersion
from contactpoint.domain.setting_table import SETTINGS, Area, Setting
from contactpoint.domain.settings import Values
from contactpoint.web.presenters.words import moment_words

_AREAS: Final = {
    Area.SEARCHING: "Searching",
    Area.OPENING: "Opening records",
    Area.REVIEW: "Review of use",
    Area.KEEPING: "Protecting, asking and answering",
    Area.REASONS: "Reasons for looking",
}
_FEW: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting in the list."""

    key: str
    name: str
    holds: str
    shipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingGroup:
    """The settings of one area."""

    title: str
    rows: tuple[SettingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A change that waits for a second person."""

    id: int
    name: str
    change: str
    because: str
    asked: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version in a history."""

    name: str
    holds: str
    since: str
    by: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One setting: what it means, its bounds, and its history."""

    key: str
    name: str
    means: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[VersionRow, ...]
    waiting: tuple[WaitingRow, ...]


def setting_groups(found: SettingsKept) -> tuple[SettingGroup, ...]:
    """Every setting with what holds now."""
    return tuple(
        SettingGroup(
            title=title,
            rows=tuple(_row(one, found.now) for one in SETTINGS.values() if one.area is area),
        )
        for area, title in _AREAS.items()
    )


def waiting_rows(found: SettingsKept, key: str | None = None) -> tuple[WaitingRow, ...]:
    """What waits for a second person, of one setting or of all."""
    return tuple(
        WaitingRow(
            id=one.id,
            name=SETTINGS[one.key].name,
            change=f"From {value_words(SETTINGS[one.key], found.now.of(SETTINGS[one.key]))} "
            f"to {value_words(SETTINGS[one.key], one.value)}",
            because=one.because,
            asked=f"{one.asked_by}, {_moment(one.asked_at)}",
            mine=one.mine,
        )
        for one in found.waiting
        if key in (None, one.key) and one.key in SETTINGS
    )


def version_rows(found: SettingsKept, key: str | None = None) -> tuple[VersionRow, ...]:
    """The history, newest first, of one setting or of all."""
    return tuple(_version(one) for one in found.versions if key in (None, one.key) and one.key in SETTINGS)


def setting_view(setting: Setting, found: SettingsKept) -> SettingView:
    """One setting."""
    facts = [("Holds now", value_words(setting, found.now.of(setting)))]
    if not setting.is_yes_or_no and not setting.words:
        bounds = f"{setting.least:,} to {value_words(setting, setting.most)}"
        facts.append(("The rules allow", bounds))
    facts += [("As shipped", value_words(setting, setting.shipped)), ("Rule", setting.rule)]
    return SettingView(
        key=setting.key,
        name=setting.name,
        means=setting.means,
        facts=tuple(facts),
        history=version_rows(found, setting.key),
        waiting=waiting_rows(found, setting.key),
    )


def preview_lines(setting: Setting, found: SettingPreview) -> tuple[str, ...]:
    """What a change would mean, in sentences."""
    lines = [
        f"Now: {value_words(setting, found.now)}. Then: {value_words(setting, found.becomes)}.",
        _weight(setting, loosens=found.loosens),
    ]
    if found.reached is not None:
        lines.append(_reached(setting, found))
    return tuple(lines)


def value_words(setting: Setting, value: int | str) -> str:
    """A value as a person reads it."""
    if isinstance(value, str):
        return f"“{value}”"
    if setting.is_yes_or_no:
        return "yes" if value else "no"
    if setting.key == "review_sampled_one_in":
        return f"1 look in {value}"
    return f"{value:,} {setting.unit[value != 1]}"


def done_words(done: SettingDone) -> str:
    """What was just done."""
    name = SETTINGS[done.key].name if done.key in SETTINGS else done.key
    since = _moment(datetime.fromisoformat(done.from_when)) if done.from_when else ""
    match done.state:
        case ChangeState.ASKED:
            return f"{name}: proposed. It waits for a second person; until then nothing changes."
        case ChangeState.REFUSED:
            return f"{name}: refused. Nothing changes."
        case ChangeState.TAKEN_BACK:
            return f"{name}: taken back. Nothing changes."
        case _:
            return f"{name}: set. It holds from {since}."


def _row(setting: Setting, now: Values) -> SettingRow:
    return SettingRow(
        key=setting.key,
        name=setting.name,
        holds=value_words(setting, now.of(setting)),
        shipped=now.of(setting) == setting.shipped,
    )


def _version(one: SettingVersion) -> VersionRow:
    setting = SETTINGS[one.key]
    agreed = f"; {one.agreed_by} agreed" if one.agreed_by else ""
    return VersionRow(
        name=setting.name,
        holds=value_words(setting, one.value),
        since=_moment(one.from_when),
        by=f"{one.by}{agreed}",
        because=one.because,
    )


def _weight(setting: Setting, *, loosens: bool) -> str:
    if not loosens:
        return "This is stricter than now. It holds within two minutes; nobody else has to agree."
    what = "Other words may mislead" if setting.words else "This protects less than now"
    return f"{what}. A second person of the national team has to agree; until then nothing changes."


def _reached(setting: Setting, found: SettingPreview) -> str:
    whom = "organisations" if setting.key.startswith("organisation") else "people"
    many = str(found.reached) if found.reached and found.reached >= _FEW else f"Fewer than {_FEW}"
    if not found.reached:
        many = "No"
    return f"{many} {whom} went beyond the new number on the last day on which they did this."


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
