"""The Django application that owns every table of the directory."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StorageConfig(AppConfig):
    """Label `storage`."""

    name = "contactpoint.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lay the guards whenever tables may have changed."""
        from contactpoint.storage.guards import lay_guards

        post_migrate.connect(lay_guards, sender=self)
