"""The chart of a feed's deliveries: every published one, oldest first, to one scale, and told in words."""

from datetime import UTC, date, datetime

from contactpoint.domain.feeds import Feed, FeedDelivery, FeedLine
from contactpoint.web.presenters.charts import BOTTOM, LEFT, TOP, WIDTH
from contactpoint.web.presenters.feeds import feed_view

LINE = FeedLine(
    code="gp", name="GPs", organisation="A surgery", promised_days=7, last_told=None, received_at=None,
    held=0, under_way=0, paused=None,
)  # fmt: skip
HEIGHT = BOTTOM - TOP


def delivery(day, accepted, rejected, state="published"):
    at = datetime(2026, 11, day, 9, 0, tzinfo=UTC)
    return FeedDelivery(
        id=day, file_name="gp.csv", as_at=date(2026, 11, day), kind="full", state=state, received_at=at,
        published_at=at, read=accepted + rejected, accepted=accepted, rejected=rejected, changed=0, before=0,
        leaving=0, ending=0,
    )  # fmt: skip


def trend(*newest_first):
    feed = Feed(line=LINE, contract="gp", deliveries=newest_first, files=(), own_rows=False)
    return feed_view(feed, date(2026, 11, 30)).trend


def test_one_delivery_is_no_trend_nor_is_what_was_never_published():
    assert trend() is None
    assert trend(delivery(1, 9, 0)) is None
    assert trend(delivery(3, 0, 9, "refused"), delivery(2, 9, 0, "held"), delivery(1, 9, 0)) is None


def test_bars_stand_oldest_first_to_one_scale_with_rejected_rows_on_top_of_accepted():
    found = trend(
        delivery(20, 150, 50), delivery(12, 99, 0, "held"), delivery(10, 100, 0), delivery(1, 50, 0)
    )
    heights = [(bar.filled_height, bar.outlined_height) for bar in found.bars]
    assert heights == [(HEIGHT / 4, 0), (HEIGHT / 2, 0), (HEIGHT * 3 / 4, HEIGHT / 4)]
    for bar in found.bars:
        assert bar.filled_y + bar.filled_height == BOTTOM
        assert bar.outlined_y + bar.outlined_height == bar.filled_y
    lefts = [bar.x for bar in found.bars]
    assert lefts == sorted(lefts)
    assert lefts[0] >= LEFT
    assert found.bars[-1].x + found.bars[-1].width <= WIDTH
    assert all(one.x + one.width < other.x for one, other in zip(found.bars, found.bars[1:], strict=False))


def test_it_says_in_words_what_it_shows():
    found = trend(delivery(20, 1150, 50), delivery(1, 50, 0))
    assert found.in_words == (
        "Rows of the last 2 published deliveries, at most 1,200. The newest had 1,150 accepted and 50 "
        "rejected. The table holds the numbers."
    )
    assert (found.most, found.first, found.last) == ("1,200", "1 Nov 2026", "20 Nov 2026")
