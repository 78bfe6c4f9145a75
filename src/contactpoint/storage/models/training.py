"""Training directories that are believed, and what each said of whom (R3, R56)."""

from django.db import models

from contactpoint.storage.models.accounts import Account


class TrainingKey(models.Model):
    """The public key of a training directory; `kid` is its thumbprint (RFC 7638)."""

    kid = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=80)
    public = models.JSONField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "training_key"

    def __str__(self) -> str:
        """Name the key."""
        return self.kid


class TrainingStatement(models.Model):
    """A statement that set somebody's training date, whole, so that anybody can verify it again."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.ForeignKey(TrainingKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        """Table options."""

        db_table = "training_statement"

    def __str__(self) -> str:
        """Name nobody in logs."""
        return f"statement {self.pk}"
