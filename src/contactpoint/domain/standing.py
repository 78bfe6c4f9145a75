"""Whether an account is in good standing, worked out from its dates each time and never stored (R3, R56)."""

from dataclasses import dataclass
from datetime import date, timedelta

from contactpoint.domain.disclosure.actors import Lapse

CHECK_LASTS_YEARS = 3
AGREEMENT_LASTS_YEARS = 3
FACTOR_LASTS_YEARS = 3
IDLE_DAYS = 90
RENEWAL_DAYS = 365
TOLD_BEFORE = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides. `last_seen` is None for who signs in for the first time; `shut` in an incident (R55).

    `factor_since` is the day of the newest second factor, None where there is none; `vouched_for` where the
    organisation's own sign-in proves a second one each time; `renew_by` is None where no renewal is due.
    `waits` while roll-out is on and no open wave lets the organisation in; `opens_on` is the day for which
    its wave is planned then, None where it is in none.
    """

    accredited_until: date | None
    checked_on: date | None
    trained_until: date | None
    agreement_signed_on: date | None
    last_seen: date | None
    suspended_on: date | None
    factor_since: date | None
    renew_by: date | None = None
    vouched_for: bool = False
    shut: bool = False
    waits: bool = False
    opens_on: date | None = None

    def lapses(self, on: date) -> tuple[Lapse, ...]:
        """Every reason why this account may not be used on that day, in the order to mend them."""
        questions = (
            (Lapse.SHUT, self.shut),
            (Lapse.SUSPENDED, self.is_suspended()),
            (Lapse.ORGANISATION_NOT_ACCREDITED, not self.organisation_is_accredited(on)),
            (Lapse.CHECK_EXPIRED, not self.check_is_recent(on)),
            (Lapse.TRAINING_EXPIRED, not self.training_is_current(on)),
            (Lapse.AGREEMENT_UNSIGNED, not self.agreement_is_current(on)),
            (Lapse.NOT_RENEWED, not self.is_renewed(on)),
            (Lapse.IDLE, self.is_idle(on)),
            (Lapse.NO_SECOND_FACTOR, not self.second_factor_is_current(on)),
            (Lapse.NOT_OPEN_YET, not self.their_area_is_open()),
        )
        return tuple(lapse for lapse, applies in questions if applies)

    def ends_soon(self, on: date) -> tuple[tuple[Lapse, date], ...]:
        """What runs out within four weeks, with the last good day of each: nobody is surprised (R56)."""
        soon = [(what, last) for what, last in self.last_days() if last and on <= last <= on + TOLD_BEFORE]
        return tuple(sorted(soon, key=lambda one: one[1]))

    def last_days(self) -> tuple[tuple[Lapse, date | None], ...]:
        """The last good day of everything that has one; None where there is nothing yet, or no end."""
        factor_ends = None if self.vouched_for else self.factor_ends
        return (
            (Lapse.CHECK_EXPIRED, _day_before(self.check_ends)),
            (Lapse.TRAINING_EXPIRED, self.trained_until),
            (Lapse.AGREEMENT_UNSIGNED, _day_before(self.agreement_ends)),
            (Lapse.NOT_RENEWED, self.renew_by),
            (Lapse.NO_SECOND_FACTOR, _day_before(factor_ends)),
            (Lapse.ORGANISATION_NOT_ACCREDITED, self.accredited_until),
        )

    def their_area_is_open(self) -> bool:
        """Nobody looks for a child before the wave of their area is open (R3)."""
        return not self.waits

    def idle_from(self) -> date | None:
        """The last day on which signing in keeps the account open (R56)."""
        return self.last_seen + timedelta(days=IDLE_DAYS) if self.last_seen else None

    @property
    def second_factor(self) -> bool:
        """Whether there is a second factor at all, run out or not (R4)."""
        return self.vouched_for or self.factor_since is not None

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
        return _years_on(self.checked_on, CHECK_LASTS_YEARS)

    @property
    def agreement_ends(self) -> date | None:
        """The first day on which the user agreement has to be signed again (R56)."""
        return _years_on(self.agreement_signed_on, AGREEMENT_LASTS_YEARS)

    @property
    def factor_ends(self) -> date | None:
        """The first day on which the newest second factor is too old: telephones are sold and lost (R4)."""
        return _years_on(self.factor_since, FACTOR_LASTS_YEARS)

    def agreement_is_current(self, on: date) -> bool:
        """The user agreement must have been signed, and not have run out (R3, R56)."""
        return self.agreement_ends is not None and on < self.agreement_ends

    def is_renewed(self, on: date) -> bool:
        """Once a year somebody must say that the account is still needed (R56)."""
        return self.renew_by is None or on <= self.renew_by

    def second_factor_is_current(self, on: date) -> bool:
        """A second factor must have been set up, and not be too old (R4)."""
        return self.vouched_for or (self.factor_ends is not None and on < self.factor_ends)

    def training_is_current(self, on: date) -> bool:
        """Training must have been passed and not have run out (R3, R56)."""
        return self.trained_until is not None and on <= self.trained_until

    def is_idle(self, on: date) -> bool:
        """Ninety days without use suspend an account (R56)."""
        return self.last_seen is not None and on - self.last_seen > timedelta(days=IDLE_DAYS)


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _years_on(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
