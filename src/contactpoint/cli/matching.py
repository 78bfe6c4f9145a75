"""`contactpoint match`: why two records are or are not one person, and how good links are."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from contactpoint.cli.messages import err, say
from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.evaluate import evaluate
from contactpoint.linking.model.weights import Model, default_model
from contactpoint.linking.tool.columns import plain_header
from contactpoint.linking.tool.evaluating import evaluation_html, figures, sentences
from contactpoint.linking.tool.explaining import explain_lines, load_record, story_of
from contactpoint.linking.tool.mapping import Mapping
from contactpoint.linking.tool.raw import read_raw
from contactpoint.linking.tool.splink_in import read_any_model
from contactpoint.linking.tool.writing import write_text


def explain(first: Path, second: Path, *, model: Path | None, as_json: bool) -> None:
    """Explain one pair of records.

    Raises:
        InvalidInput: a record or the model cannot be read.
    """
    (one, wrong), (two, also) = load_record(first), load_record(second)
    for path, values in ((first, wrong), (second, also)):
        for value in values:
            err.print(f"{path.name}, {value['field']}: {value['reason']} Left out.", markup=False)
    told = story_of(one, two, _model(model))
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _say_story(told)


def explain_pairs(path: Path, *, model: Path | None, as_json: bool) -> bool:
    """Explain pairs of a file (or "-", what is piped in), a line each as they are read; whether all could be.

    Raises:
        InvalidInput: the file or the model cannot be read.
    """
    chosen, whole = _model(model), True
    for told in explain_lines(_lines(path), chosen):
        whole &= "error" not in told
        if as_json:
            print(json.dumps(told, ensure_ascii=False))
        elif "error" in told:
            say(f"{told['id']}: {told['error']}")
        else:
            for value in told.get("left_out", ()):
                place = f"{told['id']}, {value['record']}, {value['field']}"
                err.print(f"{place}: {value['reason']} Left out.", markup=False)
            _say_story(told, f"{told['id']}: ")
    return whole


def _model(path: Path | None) -> Model:
    return read_any_model(path) if path else default_model()


def _lines(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from _decoded(sys.stdin, "what was piped in")
        return
    try:
        with path.open(encoding="utf-8-sig") as opened:
            yield from _decoded(opened, path.name)
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be read: {fault.strerror}.") from fault


def _decoded(opened: TextIO, name: str) -> Iterator[str]:
    try:
        yield from opened
    except UnicodeDecodeError as fault:
        raise InvalidInput(f"{name} is not UTF-8 text.") from fault


def _say_story(told: dict[str, Any], name: str = "") -> None:
    say(f"{name}{told['decision']}: probability {told['probability']:.6f}, weight {told['weight']:+.1f} bits")
    say(f"  {told['prior']:+7.1f}  before looking, against a {told['against']}")
    for line in told["comparisons"]:
        say(f"  {line['bits']:+7.1f}  {line['label']}: {line['level']}")
    if told["rest"] <= -0.05:
        say(f"  {told['rest']:+7.1f}  other explanations")


def evaluate_links(links: Path, truth: Path, *, report: Path | None = None, as_json: bool) -> None:
    """Compare links with the truth.

    Raises:
        InvalidInput: a file cannot be read, lacks a column, or no record is in both.
    """
    found = evaluate(_keyed(read_raw(links, Mapping())), _keyed(read_raw(truth, Mapping())))
    if not found.records:
        raise InvalidInput(
            f"{links.name} and {truth.name} have no record in common: compare source and local_id in both."
        )
    if report:
        write_text(evaluation_html(found), report)
    if as_json:
        print(json.dumps(figures(found), ensure_ascii=False))
        return
    for line in sentences(found):
        say(line)
    for where, count in zip(("links", "truth"), found.unmatched, strict=True):
        if count:
            err.print(f"{count:,} records are only in the {where}; they do not count.", markup=False)


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({name: plain_header(name) for name in frame.columns})
