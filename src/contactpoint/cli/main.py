"""`contactpoint`: every command, and what each error becomes."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from contactpoint.cli.accounts import account
from contactpoint.cli.authorities import authority
from contactpoint.cli.incidents import incident
from contactpoint.cli.log_commands import audit
from contactpoint.cli.messages import BAD_INPUT, BUG, FAILED, INTERRUPTED, err, exit_code
from contactpoint.cli.modelling import add_to as add_models_to
from contactpoint.cli.retaining import archive
from contactpoint.cli.sealing import seal
from contactpoint.cli.settings import settings
from contactpoint.cli.sso import sso
from contactpoint.cli.training import training
from contactpoint.domain.errors import ContactPointError, InvalidInput, places_of

EXIT_CODES = (
    "Exit codes: 0 done, 1 failed or found something wrong, 2 bad input, 3 refused, 70 our own fault."
)

app = typer.Typer(
    name="contactpoint",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=f"""
Find out who else is already in contact with a child. All data is synthetic.

**Start here:** `contactpoint demo` sets everything up, fills a directory with a small synthetic England, and
prints the address and the sign-ins.

Everything is kept in one data folder: `CONTACTPOINT_HOME`, or `.contactpoint` in the checkout
(`contactpoint status` says where). Delete it to begin afresh.

{EXIT_CODES}
""",
)
population = typer.Typer(
    no_args_is_help=True, help="Synthetic England: children, families and the sources' files."
)
supply = typer.Typer(no_args_is_help=True, help="Take in what sources deliver.")
match = typer.Typer(
    no_args_is_help=True, help="Why records are or are not one person, and how good links are."
)
app.add_typer(match, name="match")
app.add_typer(account, name="account")
app.add_typer(incident, name="incident")
app.add_typer(settings, name="settings")
app.add_typer(authority, name="authority")
app.add_typer(archive, name="archive")
app.add_typer(sso, name="sso")
app.add_typer(training, name="training")
app.add_typer(supply, name="supply")
app.add_typer(population, name="population")
app.add_typer(audit, name="audit")
app.add_typer(seal, name="seal")

PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command()
def demo(
    children: Annotated[
        int | None, typer.Option(help="Children under 18. Usual: 20,000.", min=100, max=14_000_000)
    ] = None,
    authorities: Annotated[
        str | None, typer.Option(help="How many local authorities, or their DfE codes with commas. Usual: 3.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, another England. Usual: 1.", min=0)] = None,
    port: Annotated[
        int | None,
        typer.Option(help="Port on this machine; 8000 or the next free one.", min=1, max=65535),
    ] = None,
    code: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Only print the next one-time code of this person.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Try the whole way once, headless, on a small England, and clean up."),
    ] = False,
) -> None:
    """Set up everything, fill it, and serve it: a minute or two the first time, then seconds.

    Generates a synthetic England, writes what each source would hold as files, loads, links and publishes
    them through the ordinary supply path, makes one account for each role, serves on this machine, and prints
    the address and the sign-ins. Killed midway, the next start goes on.

    Examples: `contactpoint demo`, `contactpoint demo --code amina@demo.example`, `contactpoint demo --check`
    """
    from contactpoint.cli.filling import England

    if code is not None:
        from contactpoint.cli.demo import print_code

        print_code(code)
        return
    if check:
        from contactpoint.cli.checking import check_demo

        raise typer.Exit(0 if check_demo() else FAILED)
    from contactpoint.cli.demo import run_demo

    usual, asked = England(), (children, authorities, seed)
    wanted = England(
        children=children or usual.children,
        authorities=authorities or usual.authorities,
        seed=usual.seed if seed is None else seed,
    )
    run_demo(None if asked == (None, None, None) else wanted, port=port)


@app.command()
def national(
    children: Annotated[
        int, typer.Option(help="Children under 18, at least 100 an authority.", min=100, max=14_000_000)
    ] = 12_200_000,
    authorities: Annotated[
        str, typer.Option(help="How many local authorities, or their DfE codes with commas between.")
    ] = "153",
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="Its data folder, made if need be. Usual: .contactpoint-national."),
    ] = None,
    searches: Annotated[
        bool, typer.Option(help="Measure searching at the end; needs a checkout of the source.")
    ] = True,
) -> None:
    """Build the whole of England, from nothing to ready to serve: an hour or two, and much disk.

    Generates 12.2 million children and what all their sources would hold, then loads, links and publishes
    it through the ordinary supply path, and measures searches. Each phase is timed; its figures are in
    national.json. Killed in any phase, the next start goes on. It says first how much disk it needs.

    Examples: `contactpoint national --children 200000 --dir /srv/national`,
    then `CONTACTPOINT_HOME=/srv/national contactpoint serve`
    """
    from contactpoint.cli.national import run_national

    run_national(children=children, authorities=authorities, folder=folder, searches=searches)


@app.command()
def serve(
    port: Annotated[
        int | None, typer.Option(help="Port on this machine; 8000 or the next free one.", min=1, max=65535)
    ] = None,
) -> None:
    """Serve the directory on this machine until Ctrl-C.

    Starts PostgreSQL, brings the tables up to date, and runs the pages and the worker. With DATABASE_URL set,
    it runs the pages alone, as that role, on that database.

    Example: `contactpoint serve --port 8080`
    """
    from contactpoint.cli.serving import serve_directory

    serve_directory(port=port)


@app.command()
def worker() -> None:
    """Run the worker alone: it numbers, signs and publishes audit events every two seconds.

    `demo` and `serve` run one already. It needs DATABASE_URL (the worker's role), CONTACTPOINT_AUDIT_KEY and
    CONTACTPOINT_AUDIT_DIR, or else works on the data folder's own PostgreSQL.
    """
    from contactpoint.cli.serving import run_worker

    run_worker()


@app.command("family-report")
def family_report() -> None:
    """List the families who asked what is held and wait for an answer: how many, whose to answer, how late.

    It names nobody. The report itself is made on the page of whoever answers, to read, to print, or to save
    as a file. Exit code 1 where somebody waits for longer than the law allows.

    Example: `contactpoint family-report`
    """
    from contactpoint.cli.families import list_waiting

    raise typer.Exit(0 if list_waiting() else FAILED)


@app.command()
def guide(
    folder: Annotated[Path, typer.Argument(help="Where the site is written; made if it is not there.")],
) -> None:
    """Build the guides, one for each role, as a site of plain files: to read, print, or put on a web server.

    The directory itself has the same under Help.

    Example: `contactpoint guide site`
    """
    from contactpoint.cli.guide_site import build_site

    build_site(folder)


@app.command()
def status() -> None:
    """Say where the data is, what runs, and how much is in the directory.

    Exit code 1 if nothing runs.
    """
    from contactpoint.cli.status import print_status

    raise typer.Exit(0 if print_status() else FAILED)


@app.command()
def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be done; change nothing.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="As on this day; ahead only with --dry-run."),
    ] = None,
) -> None:
    """Archive, bring back and destroy what has had its time, and say how much that was, naming nobody.

    The worker does it by itself, once a day; this does it now, or goes on where that was cut short. Records
    are archived at 18 (25 with consent), a year after a death and one or three after leaving England, and
    destroyed six years later. Exit code 3 while a delivery is being taken in.

    Example: `contactpoint retention --dry-run --as-of 2027-08-31`
    """
    from contactpoint.cli.retaining import run_retention

    run_retention(dry_run=dry_run, as_of=as_of)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Look at everything that can be wrong, one line a check, and say exactly what to type.

    Machine, data folder, keys, roles, grants, row security, triggers, audit log. It starts and changes
    nothing. Exit code 1 if something is wrong.

    Example: `contactpoint doctor --json`
    """
    from contactpoint.cli.doctor import examine

    raise typer.Exit(0 if examine(as_json=as_json) else FAILED)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder; made if need be.")],
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Put the keys in as well. Better kept apart, in a safe.")
    ] = False,
) -> None:
    """Back up everything, as of one moment, while it serves.

    The database, hidden rows too, and the published audit log, with checksums. A backup is whole once it has
    its manifest.json, which is written last. With DATABASE_URL set (the owner's), that database is backed up.

    Example: `contactpoint backup /srv/backups/2026-11-22`
    """
    from contactpoint.cli.backup import back_up_here

    back_up_here(folder, with_secrets=with_secrets)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `contactpoint backup` made.")],
    secrets: Annotated[
        Path | None, typer.Option(help="The folder with the keys, where the backup does not hold them.")
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(help="A newer copy of the published audit log: refuse if the backup is behind it."),
    ] = None,
) -> None:
    """Restore a backup into an empty data folder: CONTACTPOINT_HOME.

    Verifies every checksum and key first, counts every row and verifies the audit log afterwards, and never
    overwrites anything. Exit code 3 if something is there already, or the backup is damaged or too new.

    Example: `contactpoint restore /srv/backups/2026-11-22 --secrets /mnt/safe`
    """
    from contactpoint.cli.restore import restore_here

    restore_here(folder, secrets=secrets, published=published)


@app.command()
def upgrade(
    backups: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where backups go, with DATABASE_URL set; else in the data folder."),
    ] = None,
) -> None:
    """Bring the data of an earlier release up to this one: says what changes, and backs up first.

    `serve` and `demo` do the same when they start. Data of a later release are refused. Stop `serve` before.

    Example: `contactpoint upgrade`
    """
    from contactpoint.cli.upgrading import upgrade_here

    upgrade_here(backups=backups)


@supply.command("load")
def supply_load(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet, named <source>_<date>_<full or delta>.csv.")],
    source: Annotated[str, typer.Option(help="The source's code, such as school-census.")],
) -> None:
    """Take in one file of a source: check every row, link it, publish it, all or nothing.

    Rejected rows are written to a file with line, field and reason: mend them and load just that file. The
    same file twice changes nothing. Exit code 3 if the file is refused, or held for a person to look at.

    Example: `contactpoint supply load school-census_2026-11-22_delta.csv --source school-census`
    """
    from contactpoint.cli.supplying import load

    load(file, source=source)


@supply.command("compare")
def supply_compare(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet, named <source>_<date>_<full or delta>.csv.")],
    source: Annotated[str, typer.Option(help="The source's code, such as school-census.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")] = False,
) -> None:
    """Say what a file would change of what is held, by the contract of this release; nothing is loaded.

    Run from a new release over a restored backup, before that release is put to use, it says what its
    contract would make of the next delivery: rows, rejected rows by reason, and how many held records would
    differ, and in which fields.

    Example: `contactpoint supply compare school-census_2026-11-22_full.csv --source school-census`
    """
    from contactpoint.cli.comparing import compare

    compare(file, source=source, as_json=as_json)


@supply.command("reference")
def supply_reference(
    folder: Annotated[Path, typer.Argument(help="Where organisations.csv, sources.csv and others stand.")],
) -> None:
    """Take in reference files: who there is, what they supply, wards, second desks, identities kept apart.

    organisations.csv, sources.csv, wards.csv, paired_authorities.csv and sealed_pairs.csv, as many as are
    there, all of them or nothing (docs/feeds/reference.md). Whom a file names is put in or changed; whom it
    does not name stays. Of a sealed pair only a digest is kept: destroy its file.

    Example: `contactpoint supply reference england/reference`
    """
    from contactpoint.cli.supplying import load_references

    load_references(folder)


@population.command("generate")
def population_generate(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if need be.")],
    children: Annotated[int, typer.Option(help="Children under 18, at least 100 an authority.")] = 20_000,
    authorities: Annotated[
        str, typer.Option(help="How many local authorities, or their DfE codes with commas between.")
    ] = "3",
    seed: Annotated[int, typer.Option(help="The same seed and options give the same bytes.", min=0)] = 1,
    as_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day the full deliveries speak for; four weeks ago if not given."
        ),
    ] = None,
    mistakes: Annotated[
        Literal["first", "second"],
        typer.Option(help="By which error model sources err; linking was tuned with the first alone."),
    ] = "first",
) -> None:
    """Write a synthetic England: what each source would hold, as files, and the truth behind them.

    `feeds/` holds one file a source and delivery, with organisations.csv and sources.csv; truth.parquet says
    who is who and why each error was made. Nothing in it describes a real person.

    Example: `contactpoint population generate england --children 200000 --authorities 10`
    """
    from contactpoint.cli.england import generate_england

    generate_england(
        folder,
        children=children,
        authorities=authorities,
        seed=seed,
        as_at=as_at.date() if as_at else None,
        mistakes=mistakes,
    )


@audit.command("verify")
def audit_verify(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Verify these published files instead of the database.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The log's public key; the data folder's own if not given.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="A checkpoint somebody outside kept: the log must still begin with it."),
    ] = None,
    vault: Annotated[
        Path | None, typer.Option(help="Verify this write-once folder instead; needs --key.")
    ] = None,
    tsa_roots: Annotated[
        Path | None, typer.Option(help="Hold its time stamps against these certificates (PEM).")
    ] = None,
) -> None:
    """Verify the audit log: every entry, every signed head, and that nothing was rewritten.

    With `--dir` and `--key` it needs the files and the public key and nothing else: no database, no data
    folder, no trust in whoever runs this. Each fault names its entry. Exit code 1 if anything is wrong.

    Example: `contactpoint audit verify --since last-month.note`
    """
    if vault is not None:
        from contactpoint.cli.log_commands import verify_kept

        raise typer.Exit(0 if verify_kept(vault, key=key, since=since, roots=tsa_roots) else FAILED)
    from contactpoint.cli.auditing import verify

    raise typer.Exit(0 if verify(folder=folder, key=key, since=since) else FAILED)


@app.command()
def link(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="CSV or Parquet, also gzipped.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write source,local_id,cluster.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the scored pairs: Parquet or CSV.")
    ] = None,
    review: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the pairs that a person should look at.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Decide with this model, ours or Splink's settings.")
    ] = None,
    save_model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the model; as Splink settings if it ends in .splink.json."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report to open in a browser.")
    ] = None,
    unique_within: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="A source that lists nobody twice; give it as often as needed."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the files' own columns mean, in TOML.")
    ] = None,
    problems: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every value that was left out, and why.")
    ] = None,
    inspect: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only look at a file, and propose a mapping for it.")
    ] = None,
) -> None:
    """Link records of people across files and within them. No directory and no database is needed.

    Columns: source, local_id, forename, surname, date_of_birth and so on, the same in every file
    (docs/linking.md says all); what is missing is neutral. With more than 2,000 records the model is learnt
    from them, without labels.

    Examples: `contactpoint link a.csv b.parquet --out clusters.csv --report report.html`,
    `contactpoint link --inspect a.csv > map.toml`
    """
    from contactpoint.cli import linking

    if inspect:
        linking.inspect(inspect)
        return
    linking.link(
        files or [],
        clusters=out,
        pairs=pairs,
        review=review,
        model=model,
        save_model=save_model,
        report=report,
        problems=problems,
        unique_within=unique_within or [],
        mapping=mapping,
    )


@match.command("explain")
def match_explain(
    records: Annotated[
        list[Path] | None, typer.Argument(metavar="A.json B.json", help="Two records, a JSON object each.")
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Many, a line each: {"id": 1, "a": {}, "b": {}}; - reads a pipe.'),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Decide with this model, ours or Splink's settings.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Say whether two records are one person, how surely, and why: one line a comparison, in bits.

    The decision is same, review (a person should look) or different. Exit code 2 if a record cannot be read.

    Examples: `contactpoint match explain a.json b.json`,
    `contactpoint match explain --pairs pairs.jsonl --json`
    """
    from contactpoint.cli import matching

    if pairs and not records:
        raise typer.Exit(0 if matching.explain_pairs(pairs, model=model, as_json=as_json) else BAD_INPUT)
    if pairs or len(records or []) != 2:
        raise InvalidInput("Give two records, A.json and B.json, or many with --pairs.")
    first, second = records or []
    matching.explain(first, second, model=model, as_json=as_json)


@match.command("evaluate")
def match_evaluate(
    links: Annotated[
        Path, typer.Option(metavar="FILE", help="source,local_id,cluster, as `link` writes it.")
    ],
    truth: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="source,local_id,person; if known family,tradition,region,deprivation."
        ),
    ],
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An HTML page of it, for whom included.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Compare links with the truth: precision, recall, F1, false merges by cause, splits, and for whom.

    Example: `contactpoint match evaluate --links clusters.csv --truth truth.csv`
    """
    from contactpoint.cli import matching

    matching.evaluate_links(links, truth, report=report, as_json=as_json)


@match.command("difference")
def match_difference(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model file, ours or Splink's settings.")],
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Before a model is activated: which children of this directory it would join or part, how many, and why.

    Nothing is changed. It names child numbers and nothing else about anybody.

    Example: `contactpoint match difference learnt.json`
    """
    from contactpoint.cli import differing

    differing.difference(model, as_json=as_json)


add_models_to(match)


@app.command(context_settings=PASS_THROUGH)
def test(context: typer.Context) -> None:
    """Run every check and every test; or, with arguments, just those tests.

    Everything after `test` goes to pytest. The tests start their own PostgreSQL and their own browser.

    Examples: `contactpoint test`, `contactpoint test tests/unit -k postcode`
    """
    from contactpoint.cli.testing import run_tests

    raise typer.Exit(run_tests(context.args))


@app.command(context_settings=PASS_THROUGH)
def bench(context: typer.Context) -> None:
    """Measure generating, loading, linking and searching at 20,000 and 200,000 children. Takes minutes.

    Example: `contactpoint bench --children 20000`
    """
    from contactpoint.cli.testing import run_bench

    raise typer.Exit(run_bench(context.args))


@app.command()
def check() -> None:
    """Run the checkers alone: lint, format, types, layers, migrations."""
    from contactpoint.cli.testing import run_checks

    raise typer.Exit(FAILED if run_checks() else 0)


def run() -> None:
    """Be the command: exit with its code, and say one plain sentence for what went wrong."""
    try:
        app(prog_name=os.environ.get("CONTACTPOINT_COMMAND", "contactpoint"))
    except ContactPointError as error:
        err.print(f"contactpoint: {error}", markup=False)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone; no noise
        sys.exit(FAILED)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it was, it is ours to mend
        from contactpoint.actions.failures import known_failure

        if known := known_failure(error):
            err.print(f"contactpoint: {known}", markup=False)
            sys.exit(exit_code(known))
        for line in (type(error).__name__, *places_of(error)):  # its message may name a child
            err.print(line, markup=False)
        err.print(
            "contactpoint: this is a fault of ours, not of what you typed. Please report the lines above."
        )
        sys.exit(BUG)
