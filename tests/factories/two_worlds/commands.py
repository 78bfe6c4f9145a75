"""What whoever runs the service reads at the command line, which is nothing about a child (R57).

Each command is the product's own; only where it would start a server it is given the one that runs. The log
is verified before anything of it is sealed: what is sealed must be committed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import LOADER, feed
from tests.factories.two_worlds.hidden import DAY, PLACES
from tests.factories.two_worlds.lookers import ACCOUNTS
from tests.factories.two_worlds.looking import World
from tests.factories.two_worlds.making import for_a_while
from tests.factories.two_worlds.still import numbers_by_record

from contactpoint.actions.account.replay import replay
from contactpoint.cli import doctor_database, messages, retaining, settings, supplying
from contactpoint.cli.auditing import print_report
from contactpoint.cli.backup import back_up_words, count_rows
from contactpoint.cli.log_commands import replay_lines
from contactpoint.cli.manifest import Manifest
from contactpoint.domain.audit.checkpoint import Signer
from contactpoint.domain.audit.keys import follow
from contactpoint.domain.audit.verify import verify_log
from contactpoint.domain.errors import ContactPointError
from contactpoint.pipelines.keep_time import keep_time
from contactpoint.storage import audit_evidence

_FAR_AHEAD = datetime(2045, 1, 1)  # noqa: DTZ001 - a day, as somebody types it
_KEY = Signer(name="contactpoint.test/log", private=Ed25519PrivateKey.from_private_bytes(bytes(32)))
_NEW = {"local_id": "X9", "forename": "Ola", "surname": "Nowak", "date_of_birth": "2018-01-02", "sex": "F"}
_SEND = {"involvement_id": "I9", "service": "send", "organisation": "la-353"}


def type_commands(world: World, folder: Path) -> None:
    """Type each of them, and keep what it prints."""
    for name, typed in _COMMANDS.items():
        what = world.step(f"contactpoint {name}")
        with as_the_owner(), redirect_stdout(StringIO()) as printed:
            typed(world, folder)
        world.seen.show_without_statements(what, printed.getvalue())


def _doctor(world: World, folder: Path) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return world.still.now

    with for_a_while(), mock.patch.object(doctor_database, "datetime", Clock):
        found = doctor_database.database_findings(
            connection.connection, home=folder, audit_dir=folder / "audit"
        )
        for one in found:
            # The clock of this machine is held still, and that of the database is not.
            if one.check != "clock":
                print(one.line())


def _audit_verify(world: World, _folder: Path) -> None:
    keys, _ = follow(_KEY.verifier(), [])
    report = verify_log(
        entries=audit_evidence.entries(),
        checkpoints=audit_evidence.checkpoints(),
        unsealed=audit_evidence.unsealed(),
        key=keys,
        now=world.still.now,
    )
    print_report(report)


def _backup(world: World, folder: Path) -> None:
    with for_a_while():
        rows = count_rows(connection.connection)
    made = Manifest(
        made_at=world.still.now.isoformat(),
        release="1",
        postgresql="18",
        migrations=[],
        rows=rows,
        audit_key="",
        audit_size=0,
        keys={},
        files={"database.dump": {"bytes": 1_000_000 + sum(rows.values()), "sha256": ""}},
    )
    print("\n".join(back_up_words(made, folder, with_secrets=False, secrets="elsewhere")))


def _retention(world: World, _folder: Path) -> None:
    with acting_as_role("worker"):
        # The database's own clock goes on, and it lets nobody end anything early.
        keep_time(by=LOADER, at=world.still.began)
    with mock.patch.object(retaining, "acting_as", acting_as_role):
        retaining.report(since=None)


def _dry_run(_world: World, _folder: Path) -> None:
    with mock.patch.object(retaining, "acting_as", acting_as_role):
        for day in (None, _FAR_AHEAD):
            retaining.run_retention(dry_run=True, as_of=day)


def _audit_replay(world: World, _folder: Path) -> None:
    """What the nurse could see of every child, whatever anybody did unseen."""
    with acting_as_role("worker"):
        for number in world.numbers:
            # What stood before is kept by the database's own clock: a day later all of it is the past.
            at = world.still.now + DAY
            asked = {"account": ACCOUNTS["nurse"], "child": number, "moment": at, "because": "Asked"}
            print("\n".join(replay_lines(replay(**asked, by=LOADER, at=at))))


def _settings(_world: World, _folder: Path) -> None:
    with mock.patch.object(settings, "acting_as", acting_as_role):
        settings.list_settings(moment=None)
        settings.history()


def _supply_load(world: World, folder: Path) -> None:
    """Rows of which some are rejected; what they say of a child is also said elsewhere, or nowhere."""
    rows = (
        {**_NEW, **_SEND, **PLACES[0]},
        {**_NEW, **_SEND, "local_id": "X10", "date_of_birth": "31/02/2018"},
        {**_NEW, **_SEND, "local_id": "X11", "forename": "", "surname": ""},
        {**_NEW, **_SEND, "local_id": "X12", "organisation": "nobody"},
    )
    path = feed(folder, "childrens-services-353", *rows, as_at=str(world.still.now.date()), kind="delta")
    (folder / "postgres").mkdir(exist_ok=True)
    with (
        acting_as_role("worker"),
        numbers_by_record(),
        mock.patch.object(messages, "time", mock.Mock(monotonic=world.still.seconds)),
        mock.patch.multiple(
            supplying, default_home=lambda: folder, Directory=_running, enter_django=lambda _: None
        ),
        suppress(ContactPointError),
    ):
        supplying.load(path, source="childrens-services-353")
    for rejects in sorted(folder.glob("*rejected*")):
        print(rejects.name, rejects.read_text(encoding="utf-8"))


@contextmanager
def _running(_home: Path) -> Iterator[mock.Mock]:
    yield mock.Mock()


_COMMANDS: dict[str, Callable[[World, Path], None]] = {
    "doctor": _doctor,
    "audit verify": _audit_verify,
    "audit replay": _audit_replay,
    "backup": _backup,
    "retention --dry-run": _dry_run,
    "retention, archive report": _retention,
    "settings": _settings,
    "supply load": _supply_load,
}
