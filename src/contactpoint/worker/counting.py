"""`python -m contactpoint.worker.counting`: counts use, data and children.

A process of its own, because a country is much to read: meanwhile events go on being sealed.
"""

import os


def main() -> None:
    """Count every day that is over, every source this week and all children this month, once each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.count_children import count_children
    from contactpoint.pipelines.count_quality import count_quality
    from contactpoint.pipelines.count_use import count_use

    os.nice(5)  # searches go first
    count_use(by=system_viewer("worker"), at=timezone.now())
    count_quality(by=system_viewer("worker"), at=timezone.localtime())
    count_children(by=system_viewer("worker"), at=timezone.localtime())


if __name__ == "__main__":
    main()
