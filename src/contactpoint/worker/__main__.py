"""`python -m contactpoint.worker`: runs until it is told to end."""

import os
import signal
import threading


def main() -> None:
    """Set Django up as the worker's database role and seal until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    import django

    django.setup()
    from contactpoint.worker.loop import run

    stop = threading.Event()
    for how in (signal.SIGTERM, signal.SIGINT):
        signal.signal(how, lambda *_: stop.set())
    run(stop=stop)


if __name__ == "__main__":
    main()
