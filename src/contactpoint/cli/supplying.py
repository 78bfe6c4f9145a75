"""`contactpoint supply load`, and the loading of the demonstration: deliver, link, publish."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import Tell, say, telling
from contactpoint.domain.errors import DeliveryHeld, NotFound

if TYPE_CHECKING:
    from contactpoint.domain.disclosure.actors import Viewer
    from contactpoint.pipelines.deliver import DeliveryReport


def load(file: Path, *, source: str) -> None:
    """Take one file in and make it visible, all of it or nothing; the same file again changes nothing.

    Raises:
        NotFound: there is no such file, or no directory yet.
        DeliveryRefused: the file cannot be taken in at all.
        DeliveryHeld: it waits for a person, because it would withdraw too much.
        Conflict: another delivery is being taken in.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    home = default_home()
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment("worker"))
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.deliver import deliver

        by = system_viewer("loader")
        with telling(f"Checking {file.name}") as tell:
            report = deliver(file, source=source, by=by, progress=tell)
        say(report.sentence)
        if report.rejects:
            say(
                f"The rejected rows, each with its reason, are in {report.rejects}. Mend and load just those."
            )
        if report.state == "held":
            raise DeliveryHeld(report.sentence)
        if report.state != "published":
            link_and_publish(by=by)


def load_references(folder: Path) -> None:
    """Take in the reference files of a folder, all of them or nothing.

    Raises:
        NotFound: there is no such folder, or no directory yet.
        DeliveryRefused: it has none of them, or one does not keep to its columns and codes.
    """
    home = default_home()
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment("worker"))
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.reference import load_reference

        found = load_reference(folder, by=system_viewer("loader"))
    say(
        f"Taken in: {found.organisations:,} organisations, {found.sources:,} sources, {found.wards:,} "
        f"postcodes of wards, {found.sealed_pairs:,} pairs of identities kept apart."
    )
    if found.joined:
        say(f"{found.joined:,} of those pairs are one record now: the national desk has to part them.")


def deliver_files(files: Sequence[Path], *, rejects: Path, title: str, by: "Viewer") -> None:
    """Stage several files and report on all of them; rejected rows go into the folder `rejects`."""
    from contactpoint.pipelines.deliver import deliver

    reports: list[DeliveryReport] = []
    with telling(title) as tell:
        for number, file in enumerate(files):
            kept = rejects / f"{file.stem}.rejected.csv"
            source = file.name.partition("_")[0]
            tell_part = _part(tell, number, len(files))
            reports.append(deliver(file, source=source, by=by, rejects=kept, progress=tell_part))
    rejected = sum(report.rejected for report in reports)
    say(f"  {sum(report.accepted for report in reports):,} rows accepted, {rejected:,} rejected")
    if rejected:
        say(f"  (each rejected row with its reason: {rejects})")


def link_and_publish(*, by: "Viewer") -> None:
    """Link what is staged, and make it visible in one moment."""
    from contactpoint.pipelines.link import link
    from contactpoint.pipelines.publish import publish

    with telling("Linking records of one child") as tell:
        linked = link(by=by, progress=tell)
    with telling("Publishing") as tell:
        published = publish(by=by, progress=tell)
    news = f"{published.new_children:,} new children; {published.reviews:,} for a person to decide"
    say(f"  {linked.staged:,} records; {news}")


def _part(tell: Tell, number: int, of: int) -> Tell:
    """Progress of one file as a part of all."""
    return lambda what, share: tell(what, (number + share) / of)
