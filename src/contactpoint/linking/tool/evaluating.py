"""What links are worth: as JSON, in sentences, and as a page."""

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from contactpoint.linking.evaluate import GROUPS, MILLION, Evaluation
from contactpoint.linking.shares import Gap, Share
from contactpoint.linking.tool.page import page, section, table
from contactpoint.linking.tool.svg import Range, intervals

NAMES: Final = {"tradition": "name tradition", "region": "region", "deprivation": "deprivation"}


def figures(found: Evaluation) -> dict[str, Any]:
    """Return an evaluation as `match evaluate --json` prints it."""
    told = {
        "records": found.records,
        "people": found.identities,
        "pairs": {
            "precision": found.precision.value,
            "recall": found.recall.value,
            "f1": found.f1,
            "precision_interval": found.precision.interval,
            "recall_interval": found.recall.interval,
            "right": found.precision.part,
            "proposed": found.precision.whole,
            "true": found.recall.whole,
        },
        "clusters": {
            "precision": found.cluster_precision.value,
            "recall": found.cluster_recall.value,
            "f1": found.cluster_f1,
            "right": found.cluster_precision.part,
            "proposed": found.cluster_precision.whole,
        },
        "false_merges_per_million": {
            cause.replace(" ", "_"): rate for cause, rate in found.merged_per_million.items()
        },
        "people_in_false_merges": sum(found.merged.values()),
        "people_split": {
            "people": found.split.part,
            "share": found.split.part / max(1, found.split.whole),
            "of": found.split.whole,
        },
        "largest_gap_in_recall": {group: _gap(gap) for group, gap in found.recall_gaps.items()},
        "largest_gap_in_false_merges": {group: _gap(gap) for group, gap in found.merged_gaps.items()},
        "unmatched_records": {"links": found.unmatched[0], "truth": found.unmatched[1]},
    }
    for group in GROUPS:
        recall, merged = found.recall_by.get(group, {}), found.merged_by.get(group, {})
        told[f"recall_by_{group}"] = {name: _recall(share) for name, share in recall.items()}
        told[f"false_merges_by_{group}"] = {name: _merged(share) for name, share in merged.items()}
    return told


def _recall(share: Share) -> dict[str, Any]:
    return {"recall": share.value, "interval": share.interval, "pairs": share.whole}


def _merged(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {
        "per_million": _rate(share) * MILLION,
        "interval": (low * MILLION, high * MILLION),
        "people": share.whole,
    }


def _rate(share: Share) -> float:
    return share.value if share.whole else 0.0


def _gap(gap: Gap) -> dict[str, Any]:
    return {"gap": gap.value, "interval": gap.interval, "lowest": gap.lowest, "highest": gap.highest}


def sentences(found: Evaluation) -> Iterator[str]:
    """Tell an evaluation in lines: how good, for whom least, and each group."""
    kinds = {
        "pairs": (found.precision.value, found.recall.value, found.f1),
        "clusters": (found.cluster_precision.value, found.cluster_recall.value, found.cluster_f1),
    }
    for kind, rates in kinds.items():
        named = zip(("precision", "recall", "f1"), rates, strict=True)
        yield f"{kind:9} {'   '.join(f'{name} {rate:.5f}' for name, rate in named)}"
    merged = found.merged_per_million
    causes = ", ".join(f"{cause} {rate:.0f}" for cause, rate in merged.items() if cause != "all" and rate)
    yield f"people in any false merge: {merged['all']:.0f} per million{f' ({causes})' if causes else ''}"
    share = found.split.part / max(1, found.split.whole)
    yield f"people split: {found.split.part:,} ({100 * share:.2f} %)"
    yield from gaps(found)
    for group, by in found.recall_by.items():
        for name, one in by.items():
            yield f"recall, {group} {name}: {_told(one)}; {one.whole:,} pairs"
    for group, by in found.merged_by.items():
        for name, one in by.items():
            if one.part:
                yield f"false merges, {group} {name}: {_told_rate(one)}; {one.whole:,} people"


def gaps(found: Evaluation) -> Iterator[str]:
    """Say for whom links are worth least, the figure that matters most about fairness."""
    for group, gap in found.recall_gaps.items():
        low, high = (100 * end for end in gap.interval)
        yield (
            f"largest gap in recall by {NAMES[group]}: {100 * gap.value:.2f} points ({low:.2f} to "
            f"{high:.2f}), {gap.lowest} {gap.low.value:.4f} and {gap.highest} {gap.high.value:.4f}"
        )
    for group, gap in found.merged_gaps.items():
        if gap.value:
            low, high = (MILLION * end for end in gap.interval)
            yield (
                f"largest gap in false merges by {NAMES[group]}: {MILLION * gap.value:.0f} per million "
                f"({low:.0f} to {high:.0f}), {gap.highest} and {gap.lowest}"
            )


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.4f} ({low:.4f} to {high:.4f})"


def _told_rate(share: Share) -> str:
    low, high = share.interval
    return f"{MILLION * _rate(share):.0f} per million ({MILLION * low:.0f} to {MILLION * high:.0f})"


def evaluation_html(found: Evaluation) -> str:
    """Return the page: the figures, and each group's with its interval."""
    merged = found.merged_per_million
    facts = {
        "F1 of pairs": f"{found.f1:.5f}",
        "Precision": f"{found.precision.value:.5f}",
        "Recall": f"{found.recall.value:.5f}",
        "F1 of clusters": f"{found.cluster_f1:.5f}",
        "In a false merge, per million": f"{merged['all']:.0f}",
        "People split": f"{found.split.part:,}",
    }
    tiles = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    causes = [[cause, f"{rate:.0f}"] for cause, rate in merged.items() if cause != "all"]
    parts = [
        f'<dl class="tiles">{tiles}</dl>',
        table(
            "People in a false merge, per million, by their nearest cause",
            ["cause", "rate"],
            causes,
            numbers=1,
        ),
        *(_group(found, group) for group in found.recall_by),
    ]
    return page("What the links are worth", "".join(parts))


def _group(found: Evaluation, group: str) -> str:
    recall, merged = found.recall_by[group], found.merged_by[group]
    ordered = sorted(recall, key=lambda name: recall[name].value)
    drawn = intervals(
        f"Recall by {NAMES[group]}, lowest first, with intervals of 95 %",
        [
            Range(
                label=name,
                low=recall[name].interval[0],
                value=recall[name].value,
                high=recall[name].interval[1],
                number=f"{recall[name].value:.4f}",
            )
            for name in ordered
        ],
    )
    rows = [
        [name, _told(recall[name]), _told_rate(merged[name]), f"{merged[name].whole:,}"] for name in ordered
    ]
    heads = [group, "recall", "in a false merge", "people"]
    told = "".join(
        f"<p>{escape(line[0].upper() + line[1:])}.</p>"
        for line in gaps(found)
        if f"by {NAMES[group]}:" in line
    )
    shown = f"<figure>{drawn}</figure>{table(f'By {NAMES[group]}', heads, rows, numbers=1)}"
    return section(group, f"For whom: {NAMES[group]}", f"{told}{shown}")
