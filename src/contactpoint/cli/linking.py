"""`contactpoint link`: link and de-duplicate files of any make, without the directory."""

import time
from pathlib import Path

from contactpoint.cli.messages import err, out, say, telling
from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.model.weights import Model
from contactpoint.linking.tool.inspecting import inspect_file
from contactpoint.linking.tool.link import Linked, link_records
from contactpoint.linking.tool.mapping import load_mapping
from contactpoint.linking.tool.reading import Records, read_files
from contactpoint.linking.tool.splink import to_splink
from contactpoint.linking.tool.splink_in import read_any_model
from contactpoint.linking.tool.writing import (
    check_places,
    pairs_table,
    reviews_table,
    write_table,
    write_text,
)

MOST_PROBLEMS = 20  # printed; --problems writes them all


def inspect(path: Path) -> None:
    """Print a mapping for a file, as TOML.

    Raises:
        InvalidInput: it cannot be read.
    """
    out.print(inspect_file(path).toml, markup=False, end="")


def link(
    files: list[Path],
    *,
    clusters: Path | None,
    pairs: Path | None,
    review: Path | None,
    model: Path | None,
    save_model: Path | None,
    report: Path | None,
    problems: Path | None,
    unique_within: list[str],
    mapping: Path | None,
) -> None:
    """Link files and write what was asked for.

    Raises:
        InvalidInput: a file, a mapping or a model that cannot be used, or a place that cannot be written.
    """
    if not files or clusters is None:
        raise InvalidInput("Say which files to link and where to write: link A.csv B.csv --out clusters.csv.")
    began = time.monotonic()
    outputs = [path for path in (clusters, pairs, review, save_model, report, problems) if path]
    check_places(outputs, [*files, *(path for path in (model, mapping) if path)])
    given = read_any_model(model) if model else None
    records = read_files(files, load_mapping(mapping) if mapping else None)
    _tell_problems(records, problems)
    with telling(f"Linking {records.frame.height:,} records") as tell:
        found = link_records(records.frame, model=given, unique_within=unique_within, progress=tell)
    write_table(found.clusters, clusters)
    if pairs:
        write_table(pairs_table(found), pairs)
    if review:
        write_table(reviews_table(found), review)
    if save_model:
        _save(found.model, save_model)
    if report:
        from contactpoint.linking.tool.report import report_html

        write_text(report_html(found, records), report)
    _sum_up(found, clusters, time.monotonic() - began)


def _save(model: Model, path: Path) -> None:
    write_text(to_splink(model) if path.name.endswith(".splink.json") else model.to_json(), path)


def _tell_problems(records: Records, path: Path | None) -> None:
    """Name what was left out: values line by line, columns by name."""
    for name, columns in records.ignored.items():
        err.print(f"{name}: these columns are not used: {', '.join(columns)}", markup=False)
    for problem in records.problems.head(MOST_PROBLEMS).iter_rows(named=True):
        err.print(
            f"{problem['file']}, line {problem['line']}, {problem['field']}: {problem['reason']} Left out.",
            markup=False,
        )
    more = records.problems.height - MOST_PROBLEMS
    if more > 0:
        err.print(f"... and {more:,} more; --problems FILE writes them all.", markup=False)
    if path:
        write_table(records.problems, path)


def _sum_up(found: Linked, path: Path, seconds: float) -> None:
    people = found.records["cluster"].n_unique()
    learnt = "learnt from these records" if found.learnt else "as given"
    say(
        f"  {found.records.height:,} records are {people:,} people; {found.reviews.height:,} pairs to look at"
    )
    say(f"  model {found.model.version} ({learnt}); {seconds:.1f} s in all; written: {path}")
