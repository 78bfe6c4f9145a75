"""Shields, and the pairs of identities that must never meet."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.breach import OUTCOME_KNOWN, BreachAsked
from contactpoint.storage.models.records import Child


class Shield(models.Model):
    """A decision that a child's whereabouts must not be visible (R26-R31). No feed can end one.

    `state` says where it is in its life (domain/disclosure/shield_life.py); it hides until it is lifted,
    whatever the state. Only a step moves it. `authority` is whose desk it waits at, empty for the national
    one. `kept_from` is the one person for whom there is no such child (ADR 19); where it is None, the shield
    hides the child's whereabouts from everybody.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="shields")
    ground = models.CharField(max_length=24)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=64)
    review_by = models.DateField()
    lifted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, db_default="temporary")
    authority = models.CharField(max_length=3, db_default="", blank=True)
    confirm_by = models.DateTimeField(null=True)
    lift_at = models.DateTimeField(null=True)
    kept_from = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """At most one shield in force per child, and one from each person that it is kept from."""

        db_table = "shield"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child"],
                condition=models.Q(lifted_at__isnull=True, kept_from__isnull=True),
                name="shield_one_for_all_in_force",
            ),
            models.UniqueConstraint(
                fields=["kept_from", "child"],
                condition=models.Q(lifted_at__isnull=True, kept_from__isnull=False),
                name="shield_one_from_each_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ground__in=["domestic_abuse", "adoption", "hidden_location", "protected_identity"]
                ),
                name="shield_ground_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="lifted", lifted_at__isnull=False)
                | models.Q(
                    state__in=["temporary", "escalated", "confirmed", "lift_asked", "lift_waiting"],
                    lifted_at__isnull=True,
                ),
                name="shield_hides_until_lifted",
            ),
            models.CheckConstraint(
                condition=models.Q(confirm_by__isnull=False) | ~models.Q(state="temporary"),
                name="shield_temporary_has_an_end_of_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(lift_at__isnull=False) | ~models.Q(state__in=["lift_waiting", "lifted"]),
                name="shield_lift_waits_until",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"shield {self.pk}"


class ShieldStep(models.Model):
    """What moved a shield, by whom and on what coded answers; append-only, and nothing else moves one.

    `by` is empty for what a process did. `answers` holds codes alone, never what somebody typed (R17).
    """

    id = models.BigAutoField(primary_key=True)
    shield = models.ForeignKey(Shield, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=16)
    was = models.CharField(max_length=16, blank=True)
    becomes = models.CharField(max_length=16)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_for = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    review_by = models.DateField(null=True)
    lift_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "shield_step"

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"step {self.pk}"


class PairedAuthority(models.Model):
    """Whose shield desk takes the second decision where an authority's own has fewer than two people."""

    authority = models.CharField(primary_key=True, max_length=3)
    second_desk = models.CharField(max_length=3)

    class Meta:
        """Two authorities."""

        db_table = "paired_authority"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(authority=models.F("second_desk")), name="paired_authority_is_another"
            ),
        ]

    def __str__(self) -> str:
        """Name the authority."""
        return self.authority


class PairingChange(models.Model):
    """A pairing of desks that one of the national team asked for, and what another said of it (R31).

    `second_desk` is empty where the pairing would end; `both_ways` where each would be the other's second.
    """

    id = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    second_desk = models.CharField(max_length=3, blank=True)
    both_ways = models.BooleanField()
    because = models.TextField()
    state = models.CharField(max_length=8)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Two people for what holds, and one about an authority at a time."""

        db_table = "pairing_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["authority"], condition=models.Q(state="asked"), name="pairing_change_one_asked"
            ),
            models.CheckConstraint(
                condition=~models.Q(authority=models.F("second_desk")), name="pairing_change_is_another"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", answered_by__isnull=True, answered_at__isnull=True)
                | models.Q(state="dropped", answered_by=models.F("asked_by"), answered_at__isnull=False)
                | (
                    models.Q(state__in=["agreed", "refused"], answered_at__isnull=False)
                    & ~models.Q(answered_by=models.F("asked_by"))
                    & models.Q(answered_by__isnull=False)
                ),
                name="pairing_change_answered_by_another",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"pairing {self.pk}"


class NearLook(models.Model):
    """When it was last looked whether unshielded children share what a shield hides."""

    shield = models.OneToOneField(Shield, primary_key=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Table options."""

        db_table = "near_look"

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"look of shield {self.pk}"


class NearChild(models.Model):
    """An unshielded child who shares a hidden address, carer or telephone, and what the desk said of it.

    `shares` names what is shared ("address", "carer", "phone"), never its value.
    """

    id = models.BigAutoField(primary_key=True)
    shield = models.ForeignKey(Shield, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    shares = models.CharField(max_length=40)
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True, db_default="")
    decided_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Each child once beside each shield."""

        db_table = "near_child"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shield", "child"], name="near_child_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "protected", "not_connected"]),
                name="near_child_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"near child {self.pk}"


class BreachQuestion(BreachAsked):
    """Whether what was seen before a shield was placed is a breach: decided within 72 hours (R55)."""

    shield = models.OneToOneField(Shield, primary_key=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """What can come of it."""

        db_table = "breach_question"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=OUTCOME_KNOWN,
                name="breach_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"breach question {self.pk}"


class KeptAttempt(models.Model):
    """Something a person did to find a child who is kept from them, as the worker found it in the audit.

    They met absence. `event` is theirs; what the desk said of it is added, once.
    """

    id = models.BigAutoField(primary_key=True)
    shield = models.ForeignKey(Shield, on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.UUIDField()
    how = models.CharField(max_length=16)
    at = models.DateTimeField()
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True, db_default="")
    decided_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Each event once for each shield."""

        db_table = "kept_attempt"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shield", "event"], name="kept_attempt_once"),
            models.CheckConstraint(
                condition=models.Q(how__in=["searched", "opened"])
                & models.Q(outcome__in=["", "acted", "chance"]),
                name="kept_attempt_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never anybody."""
        return f"attempt {self.pk}"


class OverrideRight(models.Model):
    """The right to override shields, given to an account by one person and then by a second (R33).

    It is none until the second has agreed, and none after its last day or once it was ended.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Three people, and one right at a time for each."""

        db_table = "override_right"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at__isnull=True), name="override_right_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("given_by")), name="override_not_given_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True)
                | (~models.Q(agreed_by=models.F("given_by")) & ~models.Q(agreed_by=models.F("account"))),
                name="override_agreed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"override right {self.pk}"


class OverrideUse(models.Model):
    """A shield that somebody overrode, and what came of looking into it (R33). It begins with the look.

    `told_at` is when its shield desks were told by e-mail that something waits.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.UUIDField(unique=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=3, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=24)
    used_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True, db_default="")
    closed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Somebody else says what came of it."""

        db_table = "override_use"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(outcome="", closed_by__isnull=True)
                | (
                    models.Q(outcome__in=["justified", "mistake", "not_justified"], closed_by__isnull=False)
                    & ~models.Q(closed_by=models.F("account"))
                ),
                name="override_looked_into_by_another",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"override {self.pk}"


class SealKeyRow(models.Model):
    """A key that sealed rows are or were encrypted with (ADR 28): its number and fingerprint, never the key.

    `retired_at` is when no row needed it any more; `in_audit` that events may be written with it, which stay.
    """

    number = models.SmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    in_audit = models.BooleanField(db_default=False)

    class Meta:
        """Table options."""

        db_table = "seal_key"

    def __str__(self) -> str:
        """Name the number."""
        return f"seal key {self.pk}"
