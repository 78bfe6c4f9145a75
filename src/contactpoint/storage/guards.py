"""Roles, row security, triggers and grants, laid again after every migration (ADR 0006).

They are plain SQL files that may run any number of times, so that what the database allows is always exactly
what the newest files say, whichever release made the tables.
"""

from importlib import resources
from typing import Any

from django.db import connections, transaction

FILES = (
    "foundations.sql",
    "roles.sql",
    "references.sql",
    "row_security.sql",
    "grants.sql",
    "filling.sql",
    "kept_from.sql",
    "discreet.sql",
    "moves.sql",
    "unplaced.sql",
    "team_words.sql",
    "reading.sql",
    "history.sql",
    "keeping.sql",
    "matching.sql",
    "contacting.sql",
    "notices.sql",
    "seen.sql",
    "shielding.sql",
    "consent.sql",
    "rollout.sql",
    "mediation.sql",
    "mixed.sql",
    "override.sql",
    "pairings.sql",
    "sealed.sql",
    "review.sql",
    "reports.sql",
    "work.sql",
    "quality.sql",
    "retention.sql",
    "family.sql",
    "education.sql",
    "incident.sql",
    "people.sql",
    "directory.sql",
    "feedback.sql",
    "known_pairs.sql",
    "sign_in.sql",
    "training.sql",
    "audit.sql",
    "handover.sql",
    "past.sql",
    "replay.sql",
    "reinstating.sql",
    "reorganising.sql",
    "settings.sql",
    "reference_lists.sql",
    "models.sql",
    "mappings.sql",
    "typed.sql",
    "feed_corrections.sql",
    "word_corrections.sql",
)


def lay_guards(using: str = "default", **_signal: Any) -> None:  # noqa: ANN401 - a signal's arguments
    """Run every guard file as the owner of the tables, all or none."""
    folder = resources.files("contactpoint.storage") / "sql"
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name in FILES:
            cursor.execute((folder / name).read_text(encoding="utf-8"))
