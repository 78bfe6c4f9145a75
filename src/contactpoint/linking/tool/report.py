"""What linking found, as one HTML page that needs nothing else: no script, no font, no network."""

import math
from html import escape
from typing import Final

import polars as pl

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.model.explain import FULL, explain
from contactpoint.linking.model.levels import COMPARISONS, Levels
from contactpoint.linking.model.weights import SAME, STRANGER, Model
from contactpoint.linking.tool.link import Linked
from contactpoint.linking.tool.page import page, section, table
from contactpoint.linking.tool.reading import Records
from contactpoint.linking.tool.svg import Bar, bars, histogram, waterfall
from contactpoint.linking.tool.writing import reasons

STEP: Final = 2.0
MOST_COLUMNS: Final = 60
MOST_REVIEWS: Final = 100
MOST_SIZES: Final = 20
KINDS: Final = {
    "possible_same_child": "perhaps one person",
    "possible_two_children": "perhaps two people",
    "identifier_conflict": "identifiers conflict",
}


def report_html(found: Linked, records: Records) -> str:
    """Return the page. Every value of a record in it is escaped."""
    parts = (
        _summary(found, records),
        _sizes(found),
        _scores(found),
        _reviews(found),
        _examples(found),
        _weights(found.model),
        _columns(found, records),
    )
    return page("Linkage report", "".join(parts))


def _summary(found: Linked, records: Records) -> str:
    people = found.records["cluster"].n_unique()
    facts = {
        "Records": f"{found.records.height:,}",
        "Sources": f"{found.records['source'].n_unique():,}",
        "People": f"{people:,}",
        "Pairs to look at": f"{found.reviews.height:,}",
        "Values left out": f"{records.problems.height:,}",
    }
    tiles = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    limits = found.model.thresholds
    learnt = (
        "learnt from these records without labels, so its figures here are in-sample"
        if found.learnt
        else "not learnt from these records"
    )
    return (
        f'<dl class="tiles">{tiles}</dl><p>Model <code>{escape(found.model.version)}</code>, {learnt}. '
        f"A pair is linked from {limits.link:g} bits on and shown to a person from {limits.review:g} bits "
        "on; one bit doubles the odds.</p>"
    )


def _sizes(found: Linked) -> str:
    sizes = found.records.group_by("cluster").len().group_by("len").len("people").sort("len")
    rows = [(str(size), people) for size, people in sizes.iter_rows()]
    if len(rows) > MOST_SIZES:
        rest = sum(people for _, people in rows[MOST_SIZES - 1 :])
        rows = [*rows[: MOST_SIZES - 1], (f"{rows[MOST_SIZES - 1][0]} and more", rest)]
    drawn = bars(
        "People by the number of their records",
        [
            Bar(
                label=f"{size} record{'' if size == '1' else 's'}",
                start=0,
                end=people,
                number=f"{people:,}",
                kind="total",
            )
            for size, people in rows
        ],
    )
    return section("sizes", "How many records a person has", f"<figure>{drawn}</figure>")


def _scores(found: Linked) -> str:
    limits = found.model.thresholds
    counted = (
        found.pairs.with_columns(
            (pl.col("weight") / STEP).floor().clip(-MOST_COLUMNS, MOST_COLUMNS).alias("place")
        )
        .group_by("place", "decision")
        .len()
    )
    if counted.is_empty():
        return section("scores", "Scores of pairs", "<p>No two records resemble each other enough.</p>")
    held = {(int(place), decision): count for place, decision, count in counted.iter_rows()}
    places = range(min(place for place, _ in held), max(place for place, _ in held) + 1)
    columns = [
        (place * STEP, {kind: held.get((place, kind), 0) for kind in ("same", "review", "different")})
        for place in places
    ]
    drawn = histogram("Pairs by weight", columns, STEP, {"review": limits.review, "link": limits.link})
    rows = [
        [
            f"{edge:+.0f} to {edge + STEP:+.0f}",
            *(f"{counts[kind]:,}" for kind in ("same", "review", "different")),
        ]
        for edge, counts in columns
    ]
    told = table("Pairs by weight in bits", ["weight", "same", "review", "different"], rows, numbers=3)
    key = '<p class="key"><i class="same"></i> same <i class="review"></i> for a person to look at</p>'
    note = "<p>Only pairs that resemble each other are scored and shown.</p>"
    return section(
        "scores",
        "Scores of pairs",
        f"<figure>{drawn}</figure>{key}{note}<details><summary>As a table</summary>{told}</details>",
    )


def _reviews(found: Linked) -> str:
    if found.reviews.is_empty():
        return section("reviews", "What to look at", "<p>Nothing: every pair was clear.</p>")
    rows = []
    for row in found.reviews.head(MOST_REVIEWS).iter_rows(named=True):
        good, bad = reasons(row["levels"], found.model)
        one, two = (f"{row[f'source_{end}']} {row[f'local_id_{end}']}" for end in "ab")
        rows.append([one, two, KINDS.get(row["kind"], row["kind"]), good, bad, f"{row['weight']:+.1f}"])
    more = found.reviews.height - len(rows)
    note = f"<p>{more:,} more are not shown; --review writes them all.</p>" if more > 0 else ""
    heads = ["record", "and record", "what", "for one person", "against", "bits"]
    return section("reviews", "What to look at", table("Pairs for a person", heads, rows, numbers=1) + note)


def _examples(found: Linked) -> str:
    """Show the surest link, one in the middle, the least sure one, and the first two to look at."""
    same = found.pairs.filter(pl.col("decision") == "same")
    chosen = []
    if same.height:
        places = {
            "The surest link": 0,
            "A link in the middle": same.height // 2,
            "The least sure link": same.height - 1,
        }
        seen: set[int] = set()
        for title, place in places.items():
            if place not in seen:
                chosen.append((title, same.row(place, named=True)))
            seen.add(place)
    looked_at = zip(("To look at", "Also to look at"), found.reviews.iter_rows(named=True), strict=False)
    chosen += list(looked_at)
    if not chosen:
        return ""
    inner = "".join(_example(title, row, found) for title, row in chosen)
    return section("examples", "Examples, step by step", inner)


def _example(title: str, row: dict[str, str | float | bytes], found: Linked) -> str:
    levels = row["levels"]
    assert isinstance(levels, bytes)  # noqa: S101 - says the type of a column
    told = explain(Levels.unpack(levels), found.model)
    steps = [(f"{line.label}: {line.words}", line.bits) for line in told.lines]
    steps += [("other explanations", told.rest)] if told.rest <= -0.05 else []
    name = f"{title}: {told.weight:+.1f} bits"
    drawn = waterfall(f"{name}, against a {told.against}", told.prior, steps, told.weight)
    return f"<h3>{escape(name)}</h3>{_side_by_side(title, row, found.records)}<figure>{drawn}</figure>"


def _side_by_side(title: str, row: dict[str, str | float | bytes], records: pl.DataFrame) -> str:
    ends = []
    for end in "ab":
        key = (pl.col("source") == row[f"source_{end}"]) & (pl.col("local_id") == row[f"local_id_{end}"])
        ends.append(records.filter(key).row(0, named=True))
    one, two = ends
    rows = [
        [name.replace("_", " "), str(one[name] or ""), str(two[name] or "")]
        for name in PERSON_COLUMNS
        if one[name] or two[name]
    ]
    heads = ["column", *(f"{record['source']} {record['local_id']}" for record in ends)]
    return table(f"{title}: the two records", heads, rows)


def _weights(model: Model) -> str:
    """Show what each level says for the same person against a stranger."""
    parts = []
    for name, kind in COMPARISONS.items():
        label, words = FULL[name]
        rows = []
        for level in kind:
            if level:
                row = model.probabilities[name][level.name.lower()]
                bits = math.log2(row[SAME] / row[STRANGER])
                rows.append(
                    Bar(
                        label=words[level],
                        start=0,
                        end=bits,
                        number=f"{bits:+.1f}",
                        kind="for" if bits >= 0 else "against",
                    )
                )
        parts.append(f"<h3>{escape(label)}</h3><figure>{bars(f'Weights of {label}', rows)}</figure>")
    note = (
        "<p>Bits for the same person against a stranger. Where names agree, how rare they are counts in "
        "place of what is shown; a twin, brother or sister is weighed as well.</p>"
    )
    sources = "".join(f"<li>{escape(source)}</li>" for source in model.sources)
    card = f"<p>{escape(model.about)}</p><ul>{sources}</ul>"
    return section("weights", "What each comparison weighs", card + note + "".join(parts))


def _columns(found: Linked, records: Records) -> str:
    frame = found.records
    shares = frame.select(pl.col(name).is_not_null().mean() for name in PERSON_COLUMNS).row(0, named=True)
    rows = [[name, f"{100 * share:.1f} %"] for name, share in shares.items() if share]
    sources = [
        [name, f"{count:,}"] for name, count in frame.group_by("source").len().sort("source").iter_rows()
    ]
    left = records.problems.group_by("file", "field").len().sort("file", "field")
    problems = [[name, field, f"{count:,}"] for name, field, count in left.iter_rows()]
    inner = table("Records by source", ["source", "records"], sources, numbers=1)
    inner += table("Columns and how full they are", ["column", "filled"], rows, numbers=1)
    if problems:
        inner += table("Values left out", ["file", "column", "values"], problems, numbers=1)
    for name, columns in records.ignored.items():
        inner += f"<p>Not used of {escape(name)}: {escape(', '.join(columns))}.</p>"
    return section("data", "The data", inner)
