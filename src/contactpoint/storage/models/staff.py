"""Joining, roles that take two people, files of people, and what was told before something ran out."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class Invitation(models.Model):
    """Who invited somebody for which organisation, and when they were told how to sign in."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    invited_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    invited_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "invitation"

    def __str__(self) -> str:
        """Name nobody in logs."""
        return str(self.pk)


class RoleGrant(models.Model):
    """A role that two people give: one asks, a second agrees, and neither is whoever gets it (R1)."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=32)
    services = models.JSONField(default=list)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Three different people; one question about a role at a time."""

        db_table = "role_grant"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(account=models.F("asked_by")), name="role_not_asked_for_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True)
                | (~models.Q(agreed_by=models.F("asked_by")) & ~models.Q(agreed_by=models.F("account"))),
                name="role_agreed_by_a_third",
            ),
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=models.Q(agreed_at__isnull=True, ended_at__isnull=True),
                name="role_asked_once",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"grant {self.pk}"


class PeopleFile(models.Model):
    """A file of people to invite: how far it was taken, and its bad rows with their reasons."""

    id = models.BigAutoField(primary_key=True)
    given_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    done_through = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejects = models.JSONField(default=list)
    given_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The same file of the same person for the same body is one and the same."""

        db_table = "people_file"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["given_by", "organisation", "digest"], name="people_file_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"people file {self.pk}"


class LapseNotice(models.Model):
    """That somebody was told what of an account runs out, on which day; never twice of the same."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=32)
    last_day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        """Once for each thing and day."""

        db_table = "lapse_notice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "what", "last_day"], name="lapse_told_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"notice {self.pk}"
