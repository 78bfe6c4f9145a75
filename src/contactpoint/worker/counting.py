"""`python -m contactpoint.worker.counting`: counts the days of use that are over, and ends.

A process of its own, because a day of a country is much to read: meanwhile events go on being sealed.
"""

import os


def main() -> None:
    """Count every day that is over and not counted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.count_use import count_use

    os.nice(5)  # searches go first
    count_use(by=system_viewer("worker"), at=timezone.now())


if __name__ == "__main__":
    main()
