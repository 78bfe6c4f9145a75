"""Tells Django where sign-in is."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Sign-in as a Django app without models."""

    name = "contactpoint.access"
    label = "access"

    def ready(self) -> None:
        """Write to the audit log what the sign-in library tells."""
        from contactpoint.access.signals import connect

        connect()
