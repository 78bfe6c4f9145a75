"""Files that are wrong, hostile or out of turn, and the whole sentence that refuses each (R19).

The sentence stands in a text file beside the refused one and on the feed page; the command prints it.
"""

import ctypes
import errno
import os
from contextlib import contextmanager

import pytest
from tests.factories.bad_files import BIRTHS, FILES, NAMED, BadFile
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import BEN, LOADER, NOW, build_sources, feed, load, rows
from tests.factories.watch_folder import put, run, settle

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.pipelines.deliver import deliver
from contactpoint.storage.models import Delivery, FeedFile
from contactpoint.supply.opening import MOST_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(db, tmp_path, settings):
    build_sources()
    settings.HOME = str(tmp_path / "home")
    inbox = tmp_path / "home" / "inbox"
    (inbox / "uploaded").mkdir(parents=True)
    return inbox


def refused(home, name):
    """What is said of a file of the watch folder, which has gone to those refused with all that it held."""
    assert (home / "refused" / name).exists()
    assert not (home / name).exists()
    assert rows("SELECT count(*) FROM child") == [(0,)]
    return (home / "refused" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("bad", FILES.values(), ids=FILES)
def test_in_the_watch_folder(home, bad: BadFile):
    put(home, bad.name, bad.data())
    assert run(home) == 1
    assert refused(home, bad.name) == f"{bad.says}\n"
    assert FeedFile.objects.get().sentence == bad.says
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "bad", [pytest.param(bad, id=name) for name, bad in FILES.items() if bad.name.startswith("births_")]
)
def test_by_the_command(tmp_path, bad: BadFile):
    path = tmp_path / bad.name
    path.write_bytes(bad.data())
    with acting_as_role("worker"), pytest.raises(DeliveryRefused) as refusal:
        deliver(path, source="births", by=LOADER, at=NOW)
    assert str(refusal.value) == bad.says


TOO_LARGE = (
    f"{NAMED} is larger than 512 MB, the most that is read at once. Send what changed as delta files, or ask "
    "whoever runs the directory for more room."
)


def ten_gigabytes(path):
    with path.open("wb") as sparse:
        sparse.truncate(10 * 1024**3)
    settle(path)
    return path


def test_ten_gigabytes_are_refused_by_their_size_alone(home, tmp_path):
    ten_gigabytes(home / NAMED)
    assert run(home) == 1
    assert refused(home, NAMED) == f"{TOO_LARGE}\n"
    with acting_as_role("worker"), pytest.raises(DeliveryRefused) as refusal:
        deliver(ten_gigabytes(tmp_path / NAMED), source="births", by=LOADER, at=NOW)
    assert str(refusal.value) == TOO_LARGE
    assert MOST_BYTES == 512 * 1024**2


def test_the_command_takes_no_file_of_another_source(tmp_path):
    path = feed(tmp_path, "births", AMINA)
    with acting_as_role("worker"), pytest.raises(DeliveryRefused) as refusal:
        deliver(path, source="school-census", by=LOADER, at=NOW)
    assert str(refusal.value) == f"{NAMED} is a file of births, not of school-census."


def test_the_same_file_twice_changes_nothing_and_is_said_to_be_the_same(home):
    for _ in range(2):
        put(home, NAMED, BIRTHS)
        run(home)
    same = f"{NAMED} was published on 22 November 2026. Nothing changed."
    assert list(FeedFile.objects.order_by("id").values_list("state", "sentence")) == [
        ("taken_in", "2 of 2 rows accepted; 2 records are new or changed."),
        ("taken_in", same),
    ]
    (beside,) = (home / "done").glob(f"*_{NAMED}.txt")
    assert beside.read_text(encoding="utf-8") == f"{same}\n"
    assert rows("SELECT count(*) FROM record_version") == [(2,)]


OLDER = (
    "births_2026-11-01_delta.csv speaks for 1 November 2026, but births was published as at 22 November 2026 "
    "already. An older file would undo newer facts."
)


def test_a_file_out_of_order_is_refused_and_undoes_nothing(home, tmp_path):
    load(feed(tmp_path, "births", AMINA, BEN))
    older = feed_text("births", {**BEN, "postcode": "OL1 1AA"})
    put(home, "births_2026-11-01_delta.csv", older)
    run(home)
    assert FeedFile.objects.get().sentence == OLDER
    assert rows("SELECT facts->>'postcode' FROM record_version ORDER BY id") == [("OL1 4AB",), ("OL12 9XY",)]


LINK = "It is a link or a device, not a file of its own. Put a copy of the file here.\n"


@pytest.mark.parametrize("kind", ["a symbolic link", "a hard link", "a pipe"])
def test_what_is_no_file_of_its_own_is_turned_away_and_what_it_leads_to_is_not_read(home, tmp_path, kind):
    secret = tmp_path / NAMED
    secret.write_bytes(BIRTHS.encode())
    place = home / NAMED
    if kind == "a symbolic link":
        place.symlink_to(secret)
    elif kind == "a hard link":
        place.hardlink_to(secret)
    else:
        os.mkfifo(place)
    settle(place)
    assert run(home) == 0
    assert refused(home, NAMED) == LINK
    assert secret.read_bytes() == BIRTHS.encode()
    assert FeedFile.objects.count() == 0


def test_a_file_that_somebody_still_writes_is_left_alone_however_slowly(home):
    """Until it is closed a file may lack the rest of its rows, though nothing was added for a while."""
    path = put(home, NAMED, BIRTHS[:-1])
    with path.open("a", encoding="utf-8") as writer:
        assert run(home) == 0
        assert path.exists()
        writer.write("\n")
    settle(path)
    assert run(home) == 1
    assert FeedFile.objects.get().sentence == "2 of 2 rows accepted; 2 records are new or changed."


@contextmanager
def without_powers():
    """Give up, for a while, what lets root read every file."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version with 64 capabilities; this thread
    before = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, before) == 0, errno.errorcode[ctypes.get_errno()]
    none = (ctypes.c_uint32 * 6)(0, before[1], before[2], 0, before[4], before[5])
    assert libc.capset(header, none) == 0, errno.errorcode[ctypes.get_errno()]
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0, errno.errorcode[ctypes.get_errno()]


def test_a_file_that_may_not_be_read_is_refused(home):
    put(home, NAMED, BIRTHS).chmod(0)
    with without_powers():
        assert run(home) == 1
    assert refused(home, NAMED) == f"{NAMED} cannot be read: Permission denied.\n"
