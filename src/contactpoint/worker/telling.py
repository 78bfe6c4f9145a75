"""`python -m contactpoint.worker.telling`: sends today's e-mails about what is new, and ends.

A process of its own, because everybody's children are much to read: meanwhile events go on being sealed.
"""

import os


def main() -> None:
    """Tell everybody once today."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.digest import send_digests

    os.nice(5)  # searches go first
    send_digests(by=system_viewer("worker"), at=timezone.now())


if __name__ == "__main__":
    main()
