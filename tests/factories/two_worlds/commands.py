"""What whoever runs the service reads at the command line, which is nothing about a child (R57).

Each command is the product's own; only where it would start a server it is given the one that runs. The log
is verified before anything of it is sealed: what is sealed must be committed.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path
from unittest import mock

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import override_settings
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import LOADER, NOW, feed
from tests.factories.two_worlds import log_commands
from tests.factories.two_worlds.hidden import DAY, PLACES
from tests.factories.two_worlds.lookers import ACCOUNTS, LOOKERS
from tests.factories.two_worlds.looking import World
from tests.factories.two_worlds.making import for_a_while
from tests.factories.two_worlds.still import numbers_by_record
from tests.factories.viewers import WITH_ME

from contactpoint.access.accounts import signed_in
from contactpoint.actions.account.replay import replay
from contactpoint.actions.find.open_record import open_record
from contactpoint.cli import (
    comparing,
    doctor_database,
    families,
    incidents,
    messages,
    retaining,
    settings,
    supplying,
)
from contactpoint.cli.auditing import print_report
from contactpoint.cli.backup import back_up_words, count_rows
from contactpoint.cli.log_commands import replay_lines
from contactpoint.cli.manifest import Manifest
from contactpoint.domain.audit.checkpoint import Signer
from contactpoint.domain.audit.keys import follow
from contactpoint.domain.audit.verify import verify_log
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.errors import ContactPointError, NotFound
from contactpoint.pipelines.intake import take_in
from contactpoint.pipelines.keep_time import keep_time
from contactpoint.storage import audit_evidence

_OURS = "childrens-services-353"
_WORRIED = Purpose(code=PurposeCode.SAFEGUARDING)
_FAR_AHEAD = datetime(2045, 1, 1)  # noqa: DTZ001 - a day, as somebody types it
_KEY = Signer(name="contactpoint.test/log", private=Ed25519PrivateKey.from_private_bytes(bytes(32)))
_NEW = {"local_id": "X9", "forename": "Ola", "surname": "Nowak", "date_of_birth": "2018-01-02", "sex": "F"}
_SEND = {"involvement_id": "I9", "service": "send", "organisation": "la-353"}


def type_commands(world: World, folder: Path) -> None:
    """Type each of them, and keep what it prints."""
    for name in _COMMANDS:
        type_command(world, folder, name)


def type_command(world: World, folder: Path, name: str) -> None:
    """Type one, and keep what it prints, what it complains of and how it ends."""
    what = world.step(f"contactpoint {name}")
    with as_the_owner(), redirect_stdout(StringIO()) as printed, redirect_stderr(StringIO()) as complained:
        ended = _ended(partial(_COMMANDS[name], world, folder))
    told = f"{printed.getvalue()}\nSTDERR {complained.getvalue()}\nEXIT {ended}"
    world.seen.show_without_statements(what, told)
    world.typed += 1


def _ended(typed: Callable[[], None]) -> int:
    """The exit code, and the sentence that goes with it, as `contactpoint.cli.main` has them."""
    try:
        typed()
    except typer.Exit as ended:
        return ended.exit_code
    except ContactPointError as error:
        messages.err.print(str(error), markup=False)
        return messages.exit_code(error)
    return 0


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
    world.delivered += 1
    day = NOW + (1 + world.delivered) * DAY
    world.still.now = max(world.still.now, day)
    path = feed(folder, _OURS, *_rows(), as_at=str(day.date()), kind="delta")
    (folder / "postgres").mkdir(exist_ok=True)
    with (
        acting_as_role("worker"),
        numbers_by_record(),
        mock.patch.object(messages, "time", mock.Mock(monotonic=world.still.seconds)),
        mock.patch.multiple(
            supplying, default_home=lambda: folder, Directory=_running, enter_django=lambda _: None
        ),
    ):
        try:
            supplying.load(path, source=_OURS)
        finally:
            for rejects in sorted(folder.glob(f"{path.stem}*rejected*")):
                print(rejects.name, rejects.read_text(encoding="utf-8"))


def _supply_compare(world: World, folder: Path) -> None:
    path = feed(folder, _OURS, *_rows(), as_at=str(NOW.date()), kind="full")
    (folder / "postgres").mkdir(exist_ok=True)
    with (
        acting_as_role("worker"),
        mock.patch.object(messages, "time", mock.Mock(monotonic=world.still.seconds)),
        mock.patch.multiple(
            comparing, default_home=lambda: folder, Directory=_running, enter_django=lambda _: None
        ),
    ):
        for as_json in (False, True):
            comparing.compare(path, source=_OURS, as_json=as_json)
    path.unlink()


def _rows() -> tuple[dict[str, str], ...]:
    """Rows of which some are rejected; what they say of a child is also said elsewhere, or nowhere."""
    return (
        {**_NEW, **_SEND, **PLACES[0]},
        {**_NEW, **_SEND, "local_id": "X10", "date_of_birth": "31/02/2018"},
        {**_NEW, **_SEND, "local_id": "X11", "forename": "", "surname": ""},
        {**_NEW, **_SEND, "local_id": "X12", "organisation": "nobody"},
    )


def _family_report(_world: World, _folder: Path) -> None:
    with mock.patch.object(families, "acting_as", return_value=nullcontext()):
        families.list_waiting()


def _incident_report(world: World, _folder: Path) -> None:
    """Who saw what: of everybody who looked here, by name, by child and by time."""
    with acting_as_role("web"):
        for number in world.numbers:
            for who in ("nurse", "teacher", "council"):
                how = {"membership_id": None, "request_id": "test", "on": world.still.now.date()}
                by = signed_in(ACCOUNTS[who], **how).viewer
                with suppress(NotFound):
                    open_record(number=number, purpose=_WORRIED, by=by, at=world.still.now, how=WITH_ME)
    asked = {"child": None, "account": None, "begin": None, "end": None, "out": None}
    whose = [{"account": f"{one.name}@example.org"} for one in LOOKERS]
    of_whom = [{"child": number} for number in world.numbers if number]
    since = [{"begin": world.still.began.replace(tzinfo=None)}]
    with mock.patch.object(incidents, "acting_as", acting_as_role):
        for which in (*whose, *of_whom, *since):
            incidents.report(**{**asked, **which})


def _incident_feed(world: World, folder: Path) -> None:
    """Shut a feed, let a file of it wait, try what it would bring, and open it."""
    inbox = folder / "incident" / "inbox"
    shutil.rmtree(inbox, ignore_errors=True)
    inbox.mkdir(parents=True)
    with (
        mock.patch.object(incidents, "acting_as", acting_as_role),
        override_settings(HOME=str(inbox.parent)),
    ):
        incidents.shut(because="A forged file", feed=_OURS)
        path = feed(inbox, _OURS, *_rows(), as_at=str((world.still.now + DAY).date()), kind="delta")
        os.utime(path, (0, 0))
        with acting_as_role("worker"):
            take_in(inbox, by=LOADER, at=world.still.now)
        for yes in (False, True):
            incidents.open_again(feed=_OURS, yes=yes)
        for scope in ({"nationally": True}, {"organisation": "harbour-recovery"}):
            incidents.shut(because="A stolen laptop", **scope)
            incidents.open_again(**scope)


@contextmanager
def _running(_home: Path) -> Iterator[mock.Mock]:
    yield mock.Mock()


# By the commands that each types; what is in none of them is in `EXCUSED`.
_COMMANDS: dict[str, Callable[[World, Path], None]] = {
    "doctor": _doctor,
    "audit verify": _audit_verify,
    "audit replay": _audit_replay,
    "backup": _backup,
    "retention --dry-run": _dry_run,
    "retention, archive report": _retention,
    "settings list, settings history": _settings,
    "family-report": _family_report,
    "supply load": _supply_load,
    "supply compare": _supply_compare,
    "incident report": _incident_report,
    "incident shut, incident open": _incident_feed,
    "audit checkpoint": partial(log_commands.sign, key=_KEY),
    "audit hand-over": partial(log_commands.hand_over, key=_KEY),
}
# Those that are drawn at random: the others end every session, or put a signed head over acts, which differ.
DRAWN = tuple(
    name
    for name in _COMMANDS
    if not name.startswith(("incident shut", "audit checkpoint", "audit hand-over"))
)
TYPED = frozenset(one.partition(" --")[0] for names in _COMMANDS for one in names.split(", "))
