"""`python -m contactpoint.worker.ending`: archives and destroys what has had its time today, and ends.

A process of its own, because the first run of a country has much to do: meanwhile events go on being sealed.
"""

import contextlib
import os


def main() -> None:
    """Do what is due today and was not done yet; while a delivery is being taken in, leave it for later."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.errors import Conflict
    from contactpoint.pipelines.keep_time import keep_time

    os.nice(5)  # searches go first
    with contextlib.suppress(Conflict):
        keep_time(by=system_viewer("worker"), at=timezone.localtime())


if __name__ == "__main__":
    main()
