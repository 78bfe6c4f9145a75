"""How feeds are run: files on their way in, what people decided, and rejected rows to send back."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.supply import Delivery, Source


class FeedFile(models.Model):
    """A file that was uploaded or put into the watch folder, on its way in, and what became of it.

    `folder` is where it lies meanwhile. `sentence` says how it ended. A page adds rows and changes none.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=120)
    folder = models.CharField(max_length=32, unique=True)
    size = models.BigIntegerField()
    came_by = models.CharField(max_length=8)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    as_at = models.DateField(null=True)
    kind = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12, db_default="waiting")
    step = models.CharField(max_length=80, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(db_default=0)
    sentence = models.CharField(max_length=1000, blank=True, db_default="")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """What it can come to."""

        db_table = "feed_file"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["given_at"],
                condition=models.Q(state__in=["waiting", "taking_in"]),
                name="feed_file_under_way",
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "taking_in", "taken_in", "refused"]),
                name="feed_file_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(came_by__in=["page", "folder"]), name="feed_file_came_by_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"file {self.pk}"


class FeedDecision(models.Model):
    """What a person decided about a source or one of its held deliveries; `done_at` once it is carried out.

    A source is paused while the newest of its decisions to pause or resume is to pause.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=12)
    because = models.CharField(max_length=240, blank=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        """One decision about a held delivery."""

        db_table = "feed_decision"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=models.Q(delivery__isnull=False),
                name="feed_decision_once",
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=["pause", "resume"], delivery__isnull=True)
                | models.Q(what__in=["let_go_on", "refuse"], delivery__isnull=False),
                name="feed_decision_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"{self.what} {self.source_id}"


class RejectsFile(models.Model):
    """The rejected rows of a delivery that its source's own team may have back.

    None of them is near a shield or in quarantine. `reasons` is a list of field, reason and number of rows.
    """

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="rejects_file"
    )
    rows = models.PositiveIntegerField()
    reasons = models.JSONField()

    class Meta:
        """Table options."""

        db_table = "rejects_file"

    def __str__(self) -> str:
        """Name the delivery."""
        return f"rejects of delivery {self.pk}"
