"""`python -m contactpoint.worker.taking_in`: takes in once what waits, and ends.

A process of its own, because linking needs much memory and gives it back only by ending; and because
whatever a file does to it, events go on being sealed.
"""

import os
from pathlib import Path


def main() -> None:
    """Take in everything that waits in the data folder's inbox."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.intake import take_in

    os.nice(5)  # searches go first
    take_in(Path(settings.HOME) / "inbox", by=system_viewer("loader"))


if __name__ == "__main__":
    main()
