"""Where somebody is signed in, what they were typing, and the way back for whoever lost a second factor."""

import uuid
from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class SignInSession(models.Model):
    """One sign-in in one browser. It outlives the session itself, so that what comes too late has an owner.

    `browser` is a kind ("Firefox on Windows"), never the whole of what the browser says of itself; no network
    address is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, db_index=True)
    browser = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "sign_in_session"

    def __str__(self) -> str:
        """Name nobody in logs."""
        return str(self.id)


class KeptDraft(models.Model):
    """What somebody had typed when their session ended or was locked: encrypted, one row for an account."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="+")
    body = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        """Table options."""

        db_table = "kept_draft"

    def __str__(self) -> str:
        """Name nobody in logs."""
        return str(self.pk)


class FactorRecovery(models.Model):
    """A request for a new second factor. The link itself is never kept, only what recognises it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    allowed_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    allowed_at = models.DateTimeField(null=True)
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    ends_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One request waits for an account at a time; nobody allows their own."""

        db_table = "factor_recovery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(closed_at__isnull=True), name="factor_recovery_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(allowed_by=models.F("account")), name="factor_recovery_by_another"
            ),
        ]

    def __str__(self) -> str:
        """Name nobody in logs."""
        return str(self.id)
