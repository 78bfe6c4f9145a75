"""What people chose to be told of, when they looked, and their daily e-mails. No table names a child.

Notices themselves are kept nowhere: they are made anew from what may be told at the moment (ADR 27).
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class NoticeChoice(models.Model):
    """Where somebody wants to be told of one kind of thing; without a row, what holds for everybody."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    telling = models.CharField(max_length=8)

    class Meta:
        """One choice for each kind."""

        db_table = "notice_choice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "kind"], name="notice_choice_once"),
            models.CheckConstraint(
                condition=models.Q(telling__in=["email", "here", "nowhere"]), name="notice_choice_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"choice {self.pk}"


class NoticeLook(models.Model):
    """When somebody last looked at their notices, and the time before: what came since then is new."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    looked_at = models.DateTimeField()
    looked_before = models.DateTimeField(null=True)

    class Meta:
        """One row per account and organisation."""

        db_table = "notice_look"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "organisation"], name="notice_look_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"look {self.pk}"


class Digest(models.Model):
    """A daily e-mail to somebody: claimed before it is sent, so that nobody gets two of a day.

    One without `sent_at` was lost on the way: the next day's tells what it would have, from `told_from` on.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    told_from = models.DateTimeField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """One a day for each person."""

        db_table = "digest"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "day"], name="digest_once_a_day"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"digest {self.pk}"


class DigestRun(models.Model):
    """A day on which people were told: when that began, and that everybody was."""

    day = models.DateField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "digest_run"

    def __str__(self) -> str:
        """Name the day."""
        return f"digests of {self.day}"
