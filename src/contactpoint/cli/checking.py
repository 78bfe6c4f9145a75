"""`contactpoint demo --check`: the whole way once, headless, in a temporary folder, and nothing left behind.

It signs in over HTTP as a person would, with a password and a one-time code, looks for a child whose last
name it misspells, opens the record, and prints who is in contact.
"""

import csv
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contactpoint.cli.browser import Browser, Page
from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.filling import England, fill
from contactpoint.cli.home import make_home, open_to_all
from contactpoint.cli.messages import say
from contactpoint.cli.postgres import free_port
from contactpoint.cli.processes import ProcessTree, Stopped, stoppable
from contactpoint.cli.sign_ins import SignIn, fresh_code, read_sign_ins
from contactpoint.domain.errors import ContactPointError

SMALL: Final = England(children=400, authorities="1", seed=1)
MOST_TRIED: Final = 8  # children: a shielded one, say, rightly shows nobody
SHORTEST_NAME: Final = 6  # letters in which two may be swapped and the name still be known


class CheckFailed(ContactPointError):
    """The main job did not work from end to end; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A child of the school census, as somebody who half remembers the name would ask for it."""

    forename: str
    surname: str
    misspelt: str
    born: tuple[str, str, str]


def check_demo() -> bool:
    """Go the whole way; whether it worked. Prints each step, and cleans up whatever happens."""
    try:
        with stoppable():
            _go_the_whole_way()
    except Stopped:
        say("Stopped.")
        return False
    except ContactPointError as failure:
        say(f"The check failed: {failure}")
        return False
    say("The check passed; nothing of it is left.")
    return True


def _go_the_whole_way() -> None:
    with tempfile.TemporaryDirectory(prefix="contactpoint-check-", dir=_reachable()) as folder:
        Path(folder).chmod(0o711)
        with Directory(make_home(Path(folder) / "home"), throwaway=True) as directory:
            england = fill(directory, SMALL)
            tree = ProcessTree(directory, port=free_port())
            try:
                tree.start()
                _look(tree.address, read_sign_ins(directory.home)[0], england / "feeds")
            finally:
                tree.stop()
            _verify(directory)


def _verify(directory: Directory) -> None:
    """The worker sealed what was done as it ended; the published files must prove it."""
    enter_django(directory.environment("auditor"))
    from contactpoint.pipelines.seal import read_key, verify_directory

    key = read_key(directory.public_key)
    report = verify_directory(directory.audit_dir, key=key, now=datetime.now(UTC))
    if not report.is_sound:
        raise CheckFailed(f"The audit log does not verify: {report.faults[0]}")
    say(f"Every look was recorded: {report.size} audit events, sealed and verified.")


def _reachable() -> str | None:
    """A folder for temporary ones that root's PostgreSQL, running as nobody, may enter."""
    usual = Path(tempfile.gettempdir())
    return "/var/tmp" if os.geteuid() == 0 and not open_to_all(usual) else None  # noqa: S108 - a random name in it


def _look(address: str, sign_in: SignIn, feeds: Path) -> None:
    browser = Browser(address)
    page = _sign_in(browser, sign_in)
    say(f"Signed in as {sign_in.name}, {sign_in.job_title}, {sign_in.organisation_name}")
    for number, wanted in enumerate(_children(feeds)):
        if number == MOST_TRIED:
            break
        record = _open_record(browser, page, wanted)
        if record is not None and record.having("cp-contact"):
            _print_contacts(record, wanted)
            return
    raise CheckFailed("None of the children looked for was found with somebody in contact.")


def _sign_in(browser: Browser, sign_in: SignIn) -> Page:
    page = browser.open("/account/login/")
    login = page.form_to("/account/login/")
    page = browser.submit(page, login, login=sign_in.email, password=sign_in.password)
    code, _ = fresh_code(sign_in.code_secret)
    page = browser.submit(page, page.form_to("/account/code/"), code=code)
    if not page.address.endswith("/find/"):
        raise CheckFailed(f"Signing in led to {page.address}: {' '.join(page.having('h1'))}")
    return page


def _open_record(browser: Browser, page: Page, wanted: Wanted) -> Page | None:
    """Search, and open the first result, as long as it is the child that was meant."""
    form = page.form_to("/find/")
    typed = {"forename": wanted.forename, "surname": wanted.misspelt, "purpose": form.choices["purpose"][0]}
    boxes = zip(("day", "month", "year"), wanted.born, strict=True)
    results = browser.submit(page, form, **typed, **{f"date_of_birth-{box}": value for box, value in boxes})
    if results.status != 200:
        raise CheckFailed(f"Searching was answered with {results.status}: {' '.join(results.having('h1'))}")
    names = results.having("cp-card__name")
    if not names or wanted.surname not in names[0]:
        return None
    say(f"Searched for “{wanted.forename} {wanted.misspelt}”: {' '.join(results.having('h1'))}")
    record = browser.submit(results, results.form_to("/open/"))
    if any("/how/" in form.action for form in record.forms):  # nothing says that they work with the child
        form = record.form_to("/how/")
        record = browser.submit(record, form, how=form.choices["how"][0])
    return record


def _print_contacts(record: Page, wanted: Wanted) -> None:
    heading = record.having("h1")[0]
    if wanted.surname not in heading:
        raise CheckFailed(f"The record opened is of {heading}, not of {wanted.surname}.")
    phones = record.having("cp-contact__phone")
    if not phones:
        raise CheckFailed(f"The record of {heading} gives no telephone number.")
    say(f"Who is in contact with {heading}:")
    service = phone = ""
    for names, text in record.texts:  # in the order in which elements end: a contact's parts before itself
        if "cp-contact__service" in names:
            service, phone = text, "no telephone number given"
        elif "cp-contact__phone" in names:
            phone = text
        elif "cp-contact" in names:
            say(f"  {service}: {phone}")


def _children(feeds: Path) -> Iterator[Wanted]:
    """Pupils with a plain name long enough to be misspelt, those known to children's services first."""
    known = {_who(row) for file in feeds.glob("childrens-services-*_full.csv") for row in _rows(file)}
    pupils = [row for file in feeds.glob("school-census_*_full.csv") for row in _rows(file) if _is_plain(row)]
    for row in sorted(pupils, key=lambda row: _who(row) not in known):
        surname, middle = row["surname"], len(row["surname"]) // 2
        swapped = surname[: middle - 1] + surname[middle] + surname[middle - 1] + surname[middle + 1 :]
        year, month, day = row["date_of_birth"].split("-")
        yield Wanted(forename=row["forename"], surname=surname, misspelt=swapped, born=(day, month, year))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


def _who(row: dict[str, str]) -> tuple[str, str, str]:
    return row["forename"], row["surname"], row["date_of_birth"]


def _is_plain(row: dict[str, str]) -> bool:
    name, middle = row["surname"], len(row["surname"]) // 2
    plain = name.isascii() and name.isalpha() and row["forename"].isalpha() and len(name) >= SHORTEST_NAME
    return plain and name[middle - 1] != name[middle] and row["date_of_birth"].count("-") == 2
