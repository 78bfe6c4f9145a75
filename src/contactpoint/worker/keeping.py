"""`python -m contactpoint.worker.keeping`: stamps and keeps the published log once, and ends.

A process of its own, because it waits for somebody else's computer and disk: meanwhile events are sealed.
"""

import os


def main() -> None:
    """Stamp the newest head and add what is new to the write-once folder, as far as they are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from contactpoint.pipelines.keep_log import keep_log

    keep_log()


if __name__ == "__main__":
    main()
