"""Makes and sends e-mail, and nothing else does. What is sent names no child (CONTRIBUTING, house rule 7)."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

__all__ = ["EmailMessage", "send"]


def send(messages: Sequence[EmailMessage]) -> None:
    """Send them over one connection; a folder that stands for a server is its owner's alone."""
    if settings.EMAIL_FILE_PATH:  # who is told works where
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
    with get_connection() as post:
        post.send_messages(list(messages))
