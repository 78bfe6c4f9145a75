"""The two indexes (ADR 0005): what people may search, and what deliveries are matched against.

Phonetic codes are 64-bit hashes made by contactpoint.linking.names. Indexes can be made anew at any time, so
they have no foreign keys, which would cost a call a row; for the searching index the triggers of
storage/sql/row_security.sql check that the child exists, a statement at a time.
"""

from typing import ClassVar, Final

from django.db import models

from contactpoint.storage.models.records import Child, SourceRecord

_NAMES: Final = ("id", "forename", "surname", "shielded")


class SearchIdentity(models.Model):
    """One row per child and alias, of visible fields only.

    A shielded child has one row of name, sex and birth date.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    shielded = models.BooleanField(default=False)
    forename = models.CharField(max_length=80, blank=True)
    surname = models.CharField(max_length=80, blank=True)
    known_as = models.CharField(max_length=80, blank=True)
    sk = models.BigIntegerField()
    fk = models.BigIntegerField()
    sfk = models.BigIntegerField()
    dob = models.DateField(null=True)
    dob_text = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    sec = models.CharField(max_length=6, blank=True)
    dis = models.CharField(max_length=4, blank=True)
    la = models.CharField(max_length=3, blank=True)
    town = models.CharField(max_length=60, blank=True)

    class Meta:
        """A shielded row holds no place."""

        db_table = "search_identity"
        # One B-tree per kind of evidence a search can start from. A three-column (sk, fk, dob) index beside
        # (sk, dob) misleads the generic plan: the hashed pair sfk cures it; so does one that begins with dob,
        # of which it reads whole days. The last stage, the nearest spellings within a birth date, reads only
        # the covering indexes.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["child"], name="search_child"),
            models.Index(fields=["sk", "dob"], include=_NAMES, name="search_sk_dob_names"),
            models.Index(fields=["fk", "dob"], include=_NAMES, name="search_fk_dob_names"),
            models.Index(fields=["sfk", "dob"], name="search_sfk_dob"),
            models.Index(fields=["sfk", "la"], name="search_sfk_la"),
            models.Index(fields=["fk", "sec"], name="search_fk_sec"),
            models.Index(fields=["sk", "sec"], name="search_sk_sec"),
            models.Index(fields=["postcode", "dob"], name="search_pc_dob"),
            models.Index(fields=["dis", "dob"], name="search_dis_dob"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(shielded=False)
                | models.Q(postcode="", sec="", dis="", la="", town="", known_as=""),
                name="search_identity_shield_hides_place",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"search row {self.pk}"


class SearchKey(models.Model):
    """A hashed key to an unshielded child: identifier, telephone, carer, school, GP or address."""

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()

    class Meta:
        """Looked up by kind and key."""

        db_table = "search_key"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "key"], name="search_key_find"),
            models.Index(fields=["child"], name="search_key_child"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"search key {self.pk}"


class MatchIdentity(models.Model):
    """All identity fields of a source record's newest version, for matching; the worker role's alone.

    A withdrawn record stays: it may be the only trace by which the next delivery finds a shielded child.
    `child` is None while the record is quarantined (R21). With `sealed_with`, the number of a key, `facts`
    are encrypted, and tags stand for postcode, NHS number and UPN (storage/at_rest.py).
    """

    record = models.OneToOneField(
        SourceRecord, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    child = models.ForeignKey(
        Child, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    withdrawn = models.BooleanField(default=False)
    facts = models.JSONField()
    sk = models.BigIntegerField(null=True)
    fk = models.BigIntegerField(null=True)
    sfk = models.BigIntegerField(null=True)
    dob = models.CharField(max_length=10, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    sealed_with = models.SmallIntegerField(null=True)

    class Meta:
        """Found by the same kinds of key as a search."""

        db_table = "match_identity"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["child"], name="match_child"),
            models.Index(fields=["nhs_number"], condition=~models.Q(nhs_number=""), name="match_nhs_number"),
            models.Index(fields=["upn"], condition=~models.Q(upn=""), name="match_upn"),
            models.Index(fields=["sk", "dob"], name="match_sk_dob"),
            models.Index(fields=["fk", "dob"], name="match_fk_dob"),
            models.Index(fields=["sfk", "dob"], name="match_sfk_dob"),
            models.Index(fields=["postcode", "dob"], name="match_pc_dob"),
            models.Index(
                fields=["sealed_with"],
                condition=models.Q(sealed_with__isnull=False),
                name="match_sealed_with",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"match row {self.pk}"


class IndexAside(models.Model):
    """An index that a first publication does without until its table is full (storage/sql/filling.sql).

    No row outlives the transaction that wrote it.
    """

    name = models.CharField(primary_key=True, max_length=63)
    of_table = models.CharField(max_length=63)
    definition = models.TextField()

    class Meta:
        """Table options."""

        db_table = "index_aside"

    def __str__(self) -> str:
        """Name the index."""
        return self.name


class Throttle(models.Model):
    """How often somebody did something in one window of time: one upsert a request, no other service."""

    bucket = models.CharField(primary_key=True, max_length=120)
    window = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        """Table options."""

        db_table = "throttle"

    def __str__(self) -> str:
        """Name the bucket."""
        return self.bucket
