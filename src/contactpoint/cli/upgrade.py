"""`python -m contactpoint.cli.upgrade KEY ORIGIN`: brings the tables up to date, as their owner."""

import sys
from pathlib import Path


def main() -> None:
    """Migrate, lay the guards again, and make the audit log's key if there is none."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from contactpoint.pipelines.seal import ensure_key

    ensure_key(Path(sys.argv[1]), origin=sys.argv[2])


if __name__ == "__main__":
    main()
