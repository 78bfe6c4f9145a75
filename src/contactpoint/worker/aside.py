"""`python -m contactpoint.worker.aside NAME`: does all that waits of a heavy work (`works.py`), and ends."""

import os
import sys


def main() -> None:
    """Do the work that is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from contactpoint.worker.works import WORKS

    work = WORKS[sys.argv[1]]
    if work.yields:
        os.nice(5)
    work.do()


if __name__ == "__main__":
    main()
