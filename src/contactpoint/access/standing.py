"""Whether an account is in good standing, worked out from its dates each time and never stored (R3, R56)."""

from dataclasses import dataclass
from datetime import date, timedelta

from contactpoint.domain.disclosure.actors import Lapse

CHECK_LASTS_YEARS = 3
IDLE_DAYS = 90
TOLD_BEFORE = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides. `last_seen` is None for who signs in for the first time; `shut` in an incident (R55)."""

    accredited_until: date | None
    checked_on: date | None
    trained_until: date | None
    agreement_signed_on: date | None
    last_seen: date | None
    suspended_on: date | None
    second_factor: bool
    shut: bool = False

    def lapses(self, on: date) -> tuple[Lapse, ...]:
        """Every reason why this account may not be used on that day, in the order to mend them."""
        questions = (
            (Lapse.SHUT, self.shut),
            (Lapse.SUSPENDED, self.is_suspended()),
            (Lapse.ORGANISATION_NOT_ACCREDITED, not self.organisation_is_accredited(on)),
            (Lapse.CHECK_EXPIRED, not self.check_is_recent(on)),
            (Lapse.TRAINING_EXPIRED, not self.training_is_current(on)),
            (Lapse.AGREEMENT_UNSIGNED, self.agreement_signed_on is None),
            (Lapse.IDLE, self.is_idle(on)),
            (Lapse.NO_SECOND_FACTOR, not self.second_factor),
        )
        return tuple(lapse for lapse, applies in questions if applies)

    def ends_soon(self, on: date) -> tuple[tuple[Lapse, date], ...]:
        """What runs out within four weeks, with the last good day of each: nobody is surprised (R56)."""
        last_days = (
            (Lapse.CHECK_EXPIRED, self.check_ends - timedelta(days=1) if self.check_ends else None),
            (Lapse.TRAINING_EXPIRED, self.trained_until),
            (Lapse.ORGANISATION_NOT_ACCREDITED, self.accredited_until),
        )
        soon = [(what, last) for what, last in last_days if last and on <= last <= on + TOLD_BEFORE]
        return tuple(sorted(soon, key=lambda one: one[1]))

    def is_suspended(self) -> bool:
        """Somebody suspended the account, for example while its use is looked into (R52)."""
        return self.suspended_on is not None

    def organisation_is_accredited(self, on: date) -> bool:
        """The organisation must be accredited (R3)."""
        return self.accredited_until is not None and on <= self.accredited_until

    def check_is_recent(self, on: date) -> bool:
        """An enhanced criminal-record check must be held that is under three years old (R3)."""
        return self.check_ends is not None and on < self.check_ends

    @property
    def check_ends(self) -> date | None:
        """The first day on which the check is three years old; 29 February counts as 1 March."""
        if self.checked_on is None:
            return None
        try:
            return self.checked_on.replace(year=self.checked_on.year + CHECK_LASTS_YEARS)
        except ValueError:
            return date(self.checked_on.year + CHECK_LASTS_YEARS, 3, 1)

    def training_is_current(self, on: date) -> bool:
        """Training must have been passed and not have run out (R3, R56)."""
        return self.trained_until is not None and on <= self.trained_until

    def is_idle(self, on: date) -> bool:
        """Ninety days without use suspend an account (R56)."""
        return self.last_seen is not None and on - self.last_seen > timedelta(days=IDLE_DAYS)
