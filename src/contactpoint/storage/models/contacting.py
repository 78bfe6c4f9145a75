"""Requests to get in touch about a child, and messages to a desk.

The web role has no right on this table: pages come by it through the functions of
storage/sql/contacting.sql, which pass over what a shield hides.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class ContactRequest(models.Model):
    """Somebody asks a service, or where that may not be named a desk, to contact them about a child.

    `organisation` and `service` are empty for a message to a desk. `desk` is the authority whose desk
    brokers, or "national". `told_at` is when its service was told by e-mail, `desk_told_at` when a desk
    was that something waits. `via` is the message with which a desk passed it on. The telephone is
    encrypted (storage/typed_texts.py).
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=32, blank=True)
    desk = models.CharField(max_length=8)
    about = models.CharField(max_length=12)
    urgency = models.CharField(max_length=8)
    phone = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    to_account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=10, default="waiting")
    taken_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=16, blank=True)
    changed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    desk_told_at = models.DateTimeField(null=True)
    via = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="passed_on", db_index=False
    )

    class Meta:
        """Nobody asks a service twice while it is open; an outcome comes with the end, and only then."""

        db_table = "contact_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child", "organisation", "service", "asked_by", "asked_for"],
                condition=models.Q(state__in=["waiting", "taken"]),
                nulls_distinct=False,
                name="contact_request_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, service="")
                | (models.Q(organisation__isnull=False) & ~models.Q(service="")),
                name="contact_request_service_or_desk",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "taken", "withdrawn"], outcome="")
                | (models.Q(state="answered") & ~models.Q(outcome="")),
                name="contact_request_outcome_at_the_end",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"contact request {self.pk}"


class ContactStep(models.Model):
    """What has happened to a request, step by step; a step is never changed.

    `to` is the colleague it was handed on to. Steps go when their request goes.
    """

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=10)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    to = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Only what is handed on goes to somebody; only an answer says how."""

        db_table = "contact_step"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(what="handed_on", to__isnull=False)
                | (~models.Q(what="handed_on") & models.Q(to__isnull=True)),
                name="contact_step_handed_to_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(what="answered") & ~models.Q(outcome="")
                | (~models.Q(what="answered") & models.Q(outcome="")),
                name="contact_step_answered_how",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"contact step {self.pk}"
