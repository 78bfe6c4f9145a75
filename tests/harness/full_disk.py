"""`python -m tests.harness.full_disk FOLDER`: really fills a small disk, and holds the product to its words.

Run in a mount namespace of its own, in which it mounts the disk: both end with it. First the tables cannot
grow, then the write-ahead log cannot either, which stops PostgreSQL; then there is room again.
"""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg

from contactpoint.cli.postgres import free_port
from contactpoint.cli.processes import answers
from tests.harness.feeds import CHANGING, write_generation
from tests.harness.judge import faults, picture
from tests.harness.place import CONTROL, Place
from tests.harness.window import Page, Window

SIZE: Final = 640  # megabytes of disk
LEFT: Final = 82 << 20  # bytes that are left of it for loads to fill
PAGE: Final = 4096
PATIENCE: Final = 150
SAID: Final = {"service": "school", "role": "Head of year", "lead": "no", "assessment": "no"}
SINCE: Final = {"start-day": "1", "start-month": "9", "start-year": "2026"}

FULL: Final = (
    "contactpoint: The disk is full, so nothing of this was done. Ask whoever runs ContactPoint to make room "
    "on it, then do the same again.\n"
)
STOPPED: Final = (
    "contactpoint: The disk is full, and the database stands still until there is room. Ask whoever runs "
    "ContactPoint to make room on it, then do the same again: what was recorded already is not recorded "
    "twice.\n"
)
PAGE_SAYS: Final = ("There is no room left here", "do the same again")


class SmallDisk:
    """A directory on a small disk, served as `contactpoint serve` does it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        self.place = Place(folder / "home")
        self.place.start()
        self.people = self.place.make_people()
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment |= {"CONTACTPOINT_HOME": str(self.place.home)}
        self.address = ""
        self._serving: subprocess.Popen[bytes] | None = None

    @property
    def free(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.folder).free

    def serve(self) -> None:
        """Start `contactpoint serve` and wait for its pages."""
        port = free_port()
        command = [sys.executable, "-P", "-m", "contactpoint", "serve", "--port", str(port)]
        self._serving = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        self.address = f"http://localhost:{port}"
        wait_for("the pages answer", lambda: answers(f"{self.address}/readyz"))

    def still_serves(self) -> bool:
        """Whether the command that serves has not given up."""
        return self._serving is not None and self._serving.poll() is None

    def command(self, *words: str) -> tuple[int, str]:
        """Run a command; its exit code, and what it said of an error."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "contactpoint", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    def load(self, file: Path) -> tuple[int, str]:
        """`contactpoint supply load`."""
        return self.command("supply", "load", str(file), "--source", file.name.partition("_")[0])

    def leave(self, room: int) -> None:
        """Take all room but that many bytes."""
        with self._ballast.open("ab") as file:
            if (size := file.tell() + self.free - room) < file.tell():
                file.truncate(size)
            while (more := self.free - room) > PAGE:
                with contextlib.suppress(OSError):  # somebody took some of it meanwhile
                    os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size + more)

    def make_room(self) -> None:
        """Give it all back."""
        self._ballast.unlink()

    def end(self) -> int | None:
        """End everything in order; the exit code of the command that served."""
        code = None
        if self._serving is not None:
            self._serving.send_signal(signal.SIGTERM)
            code = self._serving.wait(timeout=60)
        self.place.end()
        return code


def wait_for(what: str, holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.2)


def say(what: str) -> None:
    print(what, flush=True)


def load_until_full(disk: SmallDisk) -> tuple[list[Path], Path]:
    """Load generation after generation; those that were taken in, and the one that was refused."""
    done: list[Path] = []
    for number in range(1, 60):
        for file in write_generation(disk.place.england, number):
            if len(done) == 4:
                disk.leave(LEFT)
            code, said = disk.load(file)
            if code == 0:
                done.append(file)
                continue
            assert (code, said) == (1, FULL), (code, said)
            return done, file
    raise AssertionError("the disk did not fill")


def refuse_on_the_way(disk: SmallDisk, file: Path) -> None:
    """Let a load begin in a little room that goes while it publishes."""
    disk.leave(LEFT)
    command = [sys.executable, "-P", "-m", "contactpoint", "supply", "load", str(file)]
    with disk.place.sql() as holder, disk.place.sql() as watcher:
        with holder.transaction():
            holder.execute("LOCK TABLE record_version IN SHARE MODE")
            loading = subprocess.Popen(
                [*command, "--source", file.name.partition("_")[0]],
                env=disk.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            query = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
            wait_for("it publishes", lambda: watcher.execute(query).fetchone()[0])
            disk.leave(0)
        said = loading.communicate(timeout=PATIENCE)[1]
    assert (loading.returncode, said) in ((1, FULL), (1, STOPPED)), (loading.returncode, said)
    say("a load that meets a full disk on its way is undone, and refused politely")


class Practitioner:
    """Says again and again that she works with a child, and notes what she was told is recorded."""

    def __init__(self, disk: SmallDisk) -> None:
        self._disk, self.window, self.recorded, self._next = disk, Window(disk.address), [], 0
        self.window.sign_in(disk.people["amina"])
        with disk.place.sql() as connection:
            query = "SELECT number FROM child WHERE NOT shielded ORDER BY number LIMIT 1"
            number = connection.execute(query).fetchone()[0]
        self.path = self.window.open_record(number)

    def say_so(self, phone: str) -> Page:
        """Fill the form in and press twice; the page at which it ended."""
        path, page = f"{self.path}working/", self.window.get(f"{self.path}working/")
        if page.status == http.client.OK:
            page = self.window.post(path, {**SAID, **SINCE, "phone": phone}, page)
        if page.status == http.client.OK and page.title == "Check before you record it":
            page = self.window.post(f"{path}check/", {"form_key": page.hidden("form_key")}, page)
        if page.title == "Recorded":
            self.recorded.append(phone)
        return page

    def until_refused(self) -> str:
        """Say so until there is no room for it; what was refused, politely."""
        for _ in range(200):
            self._next += 1
            phone = f"0161 496 {self._next:04d}"
            page = self.say_so(phone)
            if page.title != "Recorded":
                check_polite(page)
                return phone
        raise AssertionError("everything was recorded on a full disk")


def check_polite(page: Page) -> None:
    assert page.status == http.client.INSUFFICIENT_STORAGE, (page.status, page.text)
    for words in PAGE_SAYS:
        assert words in page.text, page.text


def refuse_politely(
    disk: SmallDisk, somebody: Practitioner, steward: Window, upload: tuple[str, Page]
) -> str:
    """Everything that needs room is refused in words; what was said of one form, which is not recorded."""
    code, page = upload
    name = f"{code}_2026-11-01_delta.csv"
    check_polite(steward.upload(f"/feeds/{code}/upload/", name, b"local_id\n" * 1000, page))
    refused = somebody.until_refused()
    say(f"the pages refuse politely after {len(somebody.recorded)} forms that still fitted in")
    assert disk.still_serves()
    return refused


def stop_the_log(disk: SmallDisk) -> None:
    """Let the write-ahead log need a new file, for which there is no room: PostgreSQL gives up."""
    try:
        with disk.place.sql() as connection:
            for _ in range(3):
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CREATE TABLE no_room (n int)")
                connection.execute("DROP TABLE no_room")
                disk.leave(0)
    except psycopg.OperationalError as error:
        say(f"PostgreSQL stopped: {str(error).splitlines()[0]}")
        return
    raise AssertionError("PostgreSQL still wrote")


def run(disk: SmallDisk) -> None:
    runner = disk.place.runner()
    full = sorted(str(file) for file in (disk.place.england / "feeds").glob("*_full.csv"))
    runner.do("load", full)
    runner.end()
    disk.serve()
    somebody, steward = Practitioner(disk), Window(disk.address)
    steward.sign_in(disk.people["dev"])
    code = "childrens-services-353"
    upload = code, steward.get(f"/feeds/{code}/upload/")
    deltas = [*(disk.place.england / "feeds").glob("*_delta.csv")]
    others = [file for file in deltas if not file.name.startswith(CHANGING)]
    arriving = max(others, key=lambda file: file.stat().st_size)
    waiting = disk.place.home / "inbox" / f".{arriving.name}"
    waiting.parent.mkdir(exist_ok=True)
    shutil.copyfile(arriving, waiting)

    done, refused_file = load_until_full(disk)
    say(f"full after {len(done)} loads; the command refuses politely")
    refuse_on_the_way(disk, refused_file)
    disk.leave(0)
    waiting.rename(waiting.with_name(arriving.name))
    refused_form = refuse_politely(disk, somebody, steward, upload)
    stop_the_log(disk)
    code_and_words = disk.load(refused_file)
    assert code_and_words == (1, STOPPED), code_and_words
    page = steward.get("/feeds/")
    check_polite(page)
    say("without a log too, command and pages refuse politely")
    time.sleep(20)
    assert disk.still_serves()

    disk.make_room()
    began = time.monotonic()
    wait_for("the pages answer", lambda: answers(f"{disk.address}/readyz"))
    say(f"there is room: the pages are back after {time.monotonic() - began:.0f} s")
    assert disk.load(refused_file) == (0, "")
    assert somebody.say_so(refused_form).title == "Recorded"
    beside = disk.place.home / "inbox" / "done" / f"{arriving.name}.txt"
    wait_for("the waiting file is taken in", beside.exists)
    assert not beside.read_text(encoding="utf-8").startswith("0 of")
    say(f"the waiting file: {beside.read_text(encoding='utf-8').strip()}")
    judge(disk, somebody, [full, *([str(file)] for file in (*done, refused_file, arriving))])


def judge(disk: SmallDisk, somebody: Practitioner, rounds: list[list[str]]) -> None:
    """Nothing is lost, doubled or half there, and the audit verifies."""
    with disk.place.sql() as connection:
        assert faults(connection) == []
        query = "SELECT contact_phone FROM involvement WHERE typed_by_id IS NOT NULL ORDER BY 1"
        assert [row[0] for row in connection.execute(query).fetchall()] == sorted(somebody.recorded)
        query = "SELECT count(*) FROM audit_pending"
        wait_for("all is sealed", lambda: connection.execute(query).fetchone()[0] == 0)
        found = picture(connection)
    assert disk.command("audit", "verify") == (0, "")
    say("the audit verifies")
    runner = disk.place.control_runner()
    for files in rounds:
        runner.do("load", files)
    runner.end()
    with disk.place.sql(database=CONTROL) as connection:
        expected = picture(connection)
    differs = [what for what in expected if found[what] != expected[what]]
    assert differs == [], differs
    say("nothing is lost or doubled")


def main() -> None:
    """Mount the disk and run."""
    folder = Path(sys.argv[1])
    options = f"size={SIZE}m,mode=711"
    for command in (
        ["mount", "--make-rprivate", "/"],
        ["mount", "-t", "tmpfs", "-o", options, "contactpoint", str(folder)],
    ):
        subprocess.run(command, check=True)
    disk = SmallDisk(folder)
    try:
        run(disk)
    except BaseException:
        print((disk.place.home / "postgres.log").read_text(encoding="utf-8")[-3000:])
        disk.end()
        raise
    assert disk.end() == 0


if __name__ == "__main__":
    main()
