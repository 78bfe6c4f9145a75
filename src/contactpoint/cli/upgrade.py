"""`python -m contactpoint.cli.upgrade [KEY ORIGIN]`: brings the tables up to date, as their owner.

With `--plan` it changes nothing, and prints what it would do as JSON.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Migrate, lay the guards again, and make the keys that are named and were never made."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    if sys.argv[1:] == ["--plan"]:
        print(json.dumps(plan()))
        return
    call_command("migrate", verbosity=0, interactive=False)
    if sys.argv[1:]:
        from contactpoint.pipelines.seal import ensure_key

        ensure_key(Path(sys.argv[1]), origin=sys.argv[2])
    if settings.SEAL_KEY:
        from contactpoint.storage.at_rest import ensure_ring

        ensure_ring(Path(settings.SEAL_KEY))


def plan() -> dict[str, object]:
    """Return the migrations to come, each with what it changes, and the applied ones that this code lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    steps = executor.migration_plan(loader.graph.leaf_nodes())
    known = {
        *loader.disk_migrations,
        *(old for one in loader.disk_migrations.values() for old in one.replaces),
    }
    unknown = sorted(f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) not in known)
    pending = {
        f"{step.app_label}.{step.name}": [operation.describe() for operation in step.operations]
        for step, _ in steps
    }
    return {"pending": pending, "unknown": unknown}


if __name__ == "__main__":
    main()
