"""`python -m contactpoint.worker.reviewing`: judges the days of use that are due, and ends.

A process of its own, because a day of a country is much to read: meanwhile events go on being sealed.
"""

import os


def main() -> None:
    """Judge every day that is over, and settle those four weeks old."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.review_use import review_use

    os.nice(5)  # searches go first
    review_use(by=system_viewer("worker"), at=timezone.now())


if __name__ == "__main__":
    main()
