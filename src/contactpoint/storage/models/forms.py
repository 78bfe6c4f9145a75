"""What forms were answered with, so that sending one twice does nothing twice."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class AnsweredForm(models.Model):
    """One form of one account, told by the random key it carried, and what its sender was answered.

    `sent` is a digest of what the form said: the same key with other contents is another form's mistake.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    action = models.CharField(max_length=40)
    sent = models.BinaryField(max_length=32)
    answer = models.JSONField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        """One answer per account and key."""

        db_table = "answered_form"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "key"], name="answered_form_once"),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"answered form {self.pk}"
