"""Words and pictures of feeds: how fresh, how many rows, what waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from contactpoint.domain.feeds import (
    Feed,
    FeedDelivery,
    FeedFileLine,
    FeedLine,
    Freshness,
    PausedSince,
    Promise,
    promise_kept,
)
from contactpoint.web.presenters.charts import Chart, chart_of
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.words import counted, day_words, moment_words

KIND_WORDS = {"full": "Full", "delta": "Changes"}
STATE_WORDS = {
    "staged": "Being linked",
    "linked": "Being published",
    "published": "Published",
    "held": "Waits for a person",
    "refused": "Refused by a person",
    "replaced": "Replaced by a newer file",
}
FILE_WORDS = {
    "waiting": "Waiting",
    "taking_in": "Being taken in",
    "taken_in": "Taken in",
    "refused": "Refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A feed in the list. `needs` is what a person should do about it, empty where nothing."""

    code: str
    name: str
    organisation: str
    fresh: str
    last_told: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery in the list."""

    id: int
    speaks_for: str
    kind: str
    file_name: str
    received: str
    accepted: str
    rejected: str
    changed: str
    withdrawn: str
    state: str
    reasons: tuple[str, ...]
    rejects_button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A delivery that waits for a person, and what it would do."""

    id: int
    title: str
    lines: tuple[str, ...]
    decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file that was handed in."""

    name: str
    given: str
    state: str
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed's page."""

    code: str
    name: str
    organisation: str
    facts: tuple[tuple[str, str], ...]
    paused: str
    held: tuple[HeldView, ...]
    trend: Chart | None
    deliveries: tuple[DeliveryRow, ...]
    files: tuple[FileRow, ...]
    moving: bool


def freshness_words(promise: Promise) -> str:
    """Fresh or late, against what was promised."""
    every = f"promised every {counted(promise.every_days, 'day', 'days')}"
    if promise.state is Freshness.NEVER or promise.due is None:
        return f"Nothing yet, {every}"
    if promise.state is Freshness.LATE:
        return (
            f"{counted(promise.days_late, 'day', 'days')} late: was due by {day_words(promise.due)}, {every}"
        )
    return f"On time: next due by {day_words(promise.due)}, {every}"


def feed_rows(lines: tuple[FeedLine, ...], on: date) -> list[FeedRow]:
    """The list: what needs somebody first, then by name."""
    rows = [_feed_row(line, on) for line in lines]
    return sorted(rows, key=lambda row: (not row.needs, row.name))


def feed_view(feed: Feed, on: date) -> FeedView:
    """One feed."""
    line, promise = feed.line, _promise(feed.line, on)
    last = next((one for one in feed.deliveries if one.state == "published"), None)
    facts = [
        ("How fresh", freshness_words(promise)),
        ("Last told us about", day_words(line.last_told) if line.last_told else "Nothing yet"),
        ("Received", _moment(line.received_at) if line.received_at else "Nothing yet"),
    ]
    if last:
        facts.append(("Last delivery", _rows_words(last)))
    return FeedView(
        code=line.code,
        name=line.name,
        organisation=line.organisation,
        facts=tuple(facts),
        paused=_paused_words(line.paused) if line.paused else "",
        held=tuple(_held(one) for one in feed.deliveries if one.state == "held"),
        trend=_trend(feed.deliveries),
        deliveries=tuple(_delivery_row(one, own_rows=feed.own_rows) for one in feed.deliveries),
        files=tuple(_file_row(one) for one in feed.files),
        moving=any(one.state in ("waiting", "taking_in") for one in feed.files),
    )


def uploaded_page(code: str, name: str) -> MessagePage:
    """Handed in."""
    return MessagePage(
        title="The file has arrived",
        lines=(
            "It is being checked now. Large files take some minutes.",
            "What became of it will stand on the page of the feed.",
        ),
        links=(Link(text=f"Go to {name}", href=f"/feeds/{code}/"),),
    )


def done_page(what: str, code: str) -> MessagePage:
    """Decided."""
    title, line = {
        "pause": (
            "The feed is paused",
            "Every file of it is refused, with your reason, until it is resumed.",
        ),
        "resume": ("The feed is resumed", "Files of it are taken in again from now on."),
        "let_go_on": ("The delivery goes on", "It is linked and published within minutes."),
        "refuse": ("The delivery is refused", "Nothing of it is published. Everything stays as it was."),
    }[what]
    return MessagePage(
        title=title, lines=(line,), links=(Link(text="Go back to the feed", href=f"/feeds/{code}/"),)
    )


def no_uploads_page() -> MessagePage:
    """There is nowhere to put a file."""
    return MessagePage(
        title="Files cannot be handed in here",
        lines=("This directory was not given a data folder. Ask whoever runs it to load the file.",),
    )


def _feed_row(line: FeedLine, on: date) -> FeedRow:
    promise = _promise(line, on)
    needs = []
    if line.held:
        needs.append(f"{counted(line.held, 'delivery waits', 'deliveries wait')} for a person")
    if line.asked_by:
        needs.append("A second person has to agree how it is read")
    if line.paused:
        needs.append("Paused")
    if promise.state is Freshness.LATE:
        needs.append("Late")
    return FeedRow(
        code=line.code,
        name=line.name,
        organisation=line.organisation,
        fresh=freshness_words(promise),
        last_told=day_words(line.last_told) if line.last_told else "Nothing yet",
        needs=tuple(needs),
    )


def _promise(line: FeedLine, on: date) -> Promise:
    return promise_kept(last_told=line.last_told, promised_days=line.promised_days, on=on)


def _paused_words(paused: PausedSince) -> str:
    return f"Paused by {paused.by} on {_moment(paused.at)}: {paused.because}"


def _rows_words(one: FeedDelivery) -> str:
    return (
        f"{one.accepted:,} rows accepted, {one.rejected:,} rejected, {one.changed:,} records new or changed"
    )


def _held(one: FeedDelivery) -> HeldView:
    share = one.leaving / one.before if one.before else 0
    decided = {"let_go_on": "let it go on", "refuse": "refused it"}.get(one.decided or "")
    return HeldView(
        id=one.id,
        title=f"{one.file_name} waits for a person",
        lines=(
            f"It no longer holds {one.leaving:,} of the {one.before:,} records that are here ({share:.1%}).",
            f"They would be withdrawn; {counted(one.ending, 'contact', 'contacts')} would be shown as ended.",
            "If the source really has let go of so many, let it go on.",
            "If the file looks cut short, refuse it and send a whole one.",
        ),
        decided=f"{one.decided_by} {decided}. It is being done." if decided else "",
    )


def _trend(deliveries: tuple[FeedDelivery, ...]) -> Chart | None:
    shown = [one for one in reversed(deliveries) if one.state == "published" and one.read]
    if len(shown) < 2:
        return None
    most, newest = max(one.read for one in shown), shown[-1]
    return chart_of(
        [(one.accepted, one.rejected) for one in shown],
        first=_short(shown[0].as_at),
        last=_short(newest.as_at),
        in_words=(
            f"Rows of the last {len(shown)} published deliveries, at most {most:,}. The newest had "
            f"{newest.accepted:,} accepted and {newest.rejected:,} rejected. The table holds the numbers."
        ),
    )


def _delivery_row(one: FeedDelivery, *, own_rows: bool) -> DeliveryRow:
    button = ""
    if own_rows and one.can_have_rejects:
        button = f"Download {counted(one.rejected, 'row', 'rows')} with reasons"
    return DeliveryRow(
        id=one.id,
        speaks_for=day_words(one.as_at),
        kind=KIND_WORDS[one.kind],
        file_name=one.file_name,
        received=_moment(one.received_at),
        accepted=f"{one.accepted:,}",
        rejected=f"{one.rejected:,}",
        changed=f"{one.changed:,}",
        withdrawn=f"{one.leaving:,}" if one.kind == "full" and one.state == "published" else "–",
        state=STATE_WORDS[one.state],
        reasons=tuple(
            f"{counted(rows, 'row', 'rows')}: {field + ': ' if field else ''}{reason}"
            for field, reason, rows in one.reasons[:5]
        ),
        rejects_button=button,
    )


def _file_row(one: FeedFileLine) -> FileRow:
    how = f"uploaded by {one.given_by}" if one.given_by else "from the watch folder"
    return FileRow(
        name=one.file_name,
        given=f"{_moment(one.given_at)}, {how}",
        state=FILE_WORDS[one.state],
        more=one.step or one.sentence,
    )


def _moment(at: datetime) -> str:
    return moment_words(timezone.localtime(at))


def _short(day: date) -> str:
    return f"{day.day} {day_words(day).split()[1][:3]} {day.year}"
