"""The words of "Notices"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.domain.disclosure.notices import Notice, NoticeKind, Notices, OpenedChanged
from contactpoint.web.presenters.keeping import change_words, recent_day_words
from contactpoint.web.presenters.words import counted, day_words, number_words


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice: about whom, what, and where one goes on; `new` since the viewer looked before."""

    who: str
    words: str
    handle: str
    asks: bool
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesView:
    """The page."""

    told: tuple[NoticeView, ...]
    points: str


def notices_view(found: Notices, handles: Mapping[int, str], at: datetime) -> NoticesView:
    """Choose the words for everything on the page."""
    before = found.looked_before.astimezone(at.tzinfo).date() if found.looked_before else None
    points = counted(found.points, "contact point waits", "contact points wait") if found.points else ""
    return NoticesView(told=tuple(_view(one, handles, before, at) for one in found.told), points=points)


def _view(one: Notice, handles: Mapping[int, str], before: date | None, at: datetime) -> NoticeView:
    new = before is None or one.on >= before
    if one.opened is not None:
        return NoticeView(
            who="A record you opened", words=_opened_words(one.opened, at), handle="", asks=False, new=new
        )
    asks = one.kind is NoticeKind.STALE
    words = "Are you still involved?" if one.change is None else change_words(one.change, at.date())
    return NoticeView(
        who=one.own.child_name if one.own else "",
        words=words,
        handle=handles[one.own.involvement_id] if one.own else "",
        asks=asks,
        new=new,
    )


def _opened_words(one: OpenedChanged, at: datetime) -> str:
    when = recent_day_words(one.made_at.astimezone(at.tzinfo).date(), at.date())
    seen = f"You last opened it on {day_words(one.opened_at.astimezone(at.tzinfo).date())}"
    if one.joined is None:
        return (
            f"Part of the record {number_words(one.number)} was about another child and was taken out "
            f"{when}. {seen}: check what you noted."
        )
    return (
        f"Two records became one {when}: the numbers {number_words(one.joined)} and "
        f"{number_words(one.number)} are one child now. {seen}: check what you noted."
    )
