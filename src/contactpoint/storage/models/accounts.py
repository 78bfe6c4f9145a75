"""Organisations, the people who sign in, and what each may act as."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Organisation(models.Model):
    """A body whose services or people are in the directory."""

    code = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=32)
    authority = models.CharField(max_length=3, blank=True, db_index=True)
    phone = models.CharField(max_length=24, blank=True)
    hours = models.CharField(max_length=80, blank=True)
    cover = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    accredited_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)  # its list names it no more: it stays for the history

    class Meta:
        """Table options."""

        db_table = "organisation"

    def __str__(self) -> str:
        """Name the organisation."""
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; the sign-in library asks for these two names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":  # noqa: ANN401 - Django's own signature
        """Make an account with a usable password, or none."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who may sign in. Good standing is worked out from the dates, never stored (R3, R56)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=24, blank=True)
    is_active = models.BooleanField(default=True)
    checked_on = models.DateField(null=True)
    trained_until = models.DateField(null=True)
    agreement_signed_on = models.DateField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_for = models.CharField(max_length=12, blank=True, db_default="")  # "manager", or a review
    # Once a year somebody says that it is still needed; counted from the day on which the account is made.
    renew_by = models.DateField(
        null=True, db_default=models.Func(template="(CURRENT_DATE + 365)", output_field=models.DateField())
    )
    password_given_at = models.DateTimeField(null=True)  # somebody else chose it, for one use
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="team")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        """Nobody is their own manager."""

        db_table = "account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(manager=models.F("id")), name="account_not_its_own_manager"
            )
        ]

    def __str__(self) -> str:
        """Name nobody in logs."""
        return str(self.id)


class Membership(models.Model):
    """What an account may act as: one role for one organisation."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    services = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One row per account, organisation and role."""

        db_table = "membership"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "organisation", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=[
                        "practitioner",
                        "authority_team",
                        "partner_team",
                        "national_team",
                        "shield_team",
                        "consent_team",
                        "auditor",
                        "audit_reviewer",
                        "technical_administrator",
                    ]
                ),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the role and organisation."""
        return f"{self.role} for {self.organisation_id}"
