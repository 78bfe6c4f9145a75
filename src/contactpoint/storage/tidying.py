"""Deletes by age alone: the worker that tidies may read nothing of these rows but when they were."""

from datetime import datetime

from django.contrib.sessions.models import Session

from contactpoint.storage.models.sessions import FactorRecovery, KeptDraft, SignInSession
from contactpoint.storage.models.staff import PeopleFile


def clear_sign_in(*, sessions_before: datetime, drafts_before: datetime, traces_before: datetime) -> int:
    """Delete sessions that expired, drafts kept and traces of signing in used before those moments."""
    old = (
        Session.objects.filter(expire_date__lt=sessions_before),
        KeptDraft.objects.filter(kept_at__lt=drafts_before),
        SignInSession.objects.filter(used_at__lt=traces_before),
        FactorRecovery.objects.filter(asked_at__lt=traces_before),
        PeopleFile.objects.filter(given_at__lt=traces_before),
    )
    return sum(rows._raw_delete(rows.db) for rows in old)  # noqa: SLF001 - one statement, reading no row
