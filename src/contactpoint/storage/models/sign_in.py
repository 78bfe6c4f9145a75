"""Organisations that sign their own people in by OpenID Connect, and who has signed in so (R4)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class SignInProvider(models.Model):
    """How one organisation signs its people in. There is no secret here: we prove who we are by our own key.

    `acr` and `amr` are the values of those claims that stand for a second factor; one has to be there.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    issuer = models.CharField(max_length=200)
    client_id = models.CharField(max_length=120)
    authorization_endpoint = models.CharField(max_length=300)
    token_endpoint = models.CharField(max_length=300)
    jwks_uri = models.CharField(max_length=300)
    algorithms = models.JSONField()
    acr = models.JSONField()
    amr = models.JSONField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One in force for an organisation, and never one without a second factor."""

        db_table = "sign_in_provider"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_at__isnull=True),
                name="sign_in_provider_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(acr=[], amr=[]), name="sign_in_provider_asks_second_factor"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"provider {self.pk}"


class SignInBinding(models.Model):
    """That an account is who an issuer calls by a subject: bound once, at the first sign-in, and kept."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    class Meta:
        """A subject is one account, and an account one subject of an issuer."""

        db_table = "sign_in_binding"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="sign_in_binding_subject"),
            models.UniqueConstraint(fields=["account", "issuer"], name="sign_in_binding_account"),
        ]

    def __str__(self) -> str:
        """Name nobody in logs."""
        return f"binding {self.pk}"
