"""`python -m tests.harness.runner`: a warm process of the worker's role; does what its input says.

Everything slow to import is imported before the first line is read, so that a kill falls into the work.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path

import django


def main() -> None:  # noqa: C901 - one order after another
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.utils import timezone

    from contactpoint.actions.protect.place_shield import place_shields
    from contactpoint.actions.recording import record
    from contactpoint.domain.audit.events import Action
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.shield_life import Ground
    from contactpoint.domain.errors import ContactPointError
    from contactpoint.pipelines import at_rest
    from contactpoint.pipelines import seal as sealing
    from contactpoint.pipelines.load import load_files
    from contactpoint.pipelines.reference import load_reference
    from contactpoint.pipelines.running import tell_nobody
    from contactpoint.storage.at_rest import renew_some

    at_rest.at_rest.renew_some = partial(renew_some, most=20)
    by = system_viewer("loader")

    def load(files):
        report = load_files([Path(file) for file in files], by=by)
        return [one.state for one in report.deliveries]

    def seal(leaves):
        done = sealing.seal(
            signer=sealing.load_signer(Path(settings.AUDIT_KEY)),
            folder=Path(settings.AUDIT_DIR),
            leaves_a_time=leaves,
        )
        return done.numbered

    def verify(key):
        public, now = sealing.read_key(Path(key)), timezone.now()
        reports = [sealing.verify_database(key=public, now=now)]
        if os.environ["CONTACTPOINT_AUDIT_DIR"]:
            folder = Path(settings.AUDIT_DIR)
            reports.append(sealing.verify_directory(folder, key=public, now=now))
        return [str(fault) for report in reports for fault in report.faults]

    def reference(folder):
        load_reference(Path(folder), by=by)

    def shield(numbers):
        now = timezone.now()
        return len(place_shields(numbers=numbers, ground=Ground.HIDDEN_LOCATION, by=by, at=now))

    def rotate():
        path = Path(settings.SEAL_KEY)
        at, tell = timezone.now(), tell_nobody
        return at_rest.rotate_seal_key(path=path, because="harness", by=by, at=at, progress=tell).number

    def events(count):
        for _ in range(count):
            with transaction.atomic():
                record(Action.DELIVERED, by=by, at=timezone.now(), details={"harness": True})

    does = {
        "events": events,
        "load": load,
        "seal": seal,
        "verify": verify,
        "reference": reference,
        "rotate": rotate,
        "shield": shield,
    }
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        name, *given = json.loads(line)
        try:
            answer = {"done": does[name](*given)}
        except ContactPointError as error:
            answer = {"refused": type(error).__name__, "sentence": str(error)}
        except Exception as error:  # noqa: BLE001 - whatever a killed server made of it
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
