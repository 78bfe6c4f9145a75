"""The charts of data quality: drawn of what is told alone, worst first, and told in words."""

from datetime import date, timedelta

from contactpoint.domain.feeds import promise_kept
from contactpoint.domain.quality import Hardly, SourceInDetail, SourceQuality, WeekQuality
from contactpoint.web.presenters.charts import BOTTOM, ROW, TOP, WIDTH, named_bars, shares_chart
from contactpoint.web.presenters.quality_charts import MOST, list_drawings, source_drawings, week_table
from contactpoint.web.presenters.shares import rest_of

ON = date(2026, 11, 23)


def source(name, *, gaps=0.25, linked=0.9, rejected=0.01, old=3, every=7):
    told = None if old is None else ON - timedelta(days=old)
    return SourceQuality(
        code=name.lower(), name=name, week=ON, records=400, gaps=gaps, before=None, worst=None, linked=linked,
        held_up=None, rejected=rejected, promise=promise_kept(last_told=told, promised_days=every, on=ON),
        days_old=old,
    )  # fmt: skip


def drawn(*sources):
    return {one.title: one.chart for one in list_drawings(sources)}


def week(back, *, counted=True, complete=0.75, linked=0.5, came=True, rejected=0.02, days=4):
    return WeekQuality(
        begin=ON - timedelta(weeks=back), was_counted=counted, complete=complete, linked=linked,
        held_up=None, came=came, rejected=rejected, days_since=days,
    )  # fmt: skip


def test_the_worst_stands_first_and_each_bar_has_its_name_and_its_words():
    found = drawn(source("Good", gaps=Hardly.FEW), source("Bad", gaps=0.5), source("Few", gaps=None))
    chart = found["Records with no field missing"]
    assert [(bar.name, bar.words, bar.filled) for bar in chart.bars] == [
        ("Bad", "50.0%", WIDTH / 2),
        ("Good", "all but under 10", WIDTH),
    ]
    assert chart.height == 2 * ROW
    assert chart.in_words.startswith("Records with no field missing, by source: Bad, 50.0%; Good, all but")


def test_most_rejected_and_least_connected_stand_first():
    found = drawn(
        source("A", linked=0.9, rejected=0.5), source("B", linked=Hardly.FEW, rejected=Hardly.FEW),
    )  # fmt: skip
    assert [bar.name for bar in found["Records that meet another source's"].bars] == ["B", "A"]
    assert [bar.name for bar in found["Rows rejected in 13 weeks"].bars] == ["A", "B"]
    assert found["Rows rejected in 13 weeks"].bars[1].filled == 0


def test_the_latest_stands_first_to_one_scale_with_a_mark_where_it_is_due():
    chart = drawn(
        source("Early", old=2, every=20), source("Late", old=10, every=5), source("Never", old=None)
    )["How old the newest word is"]
    assert [(bar.name, bar.words, bar.filled, bar.mark) for bar in chart.bars] == [
        ("Late", "10 days, may be 5", WIDTH / 2, (WIDTH - 4) / 4 + 2),
        ("Early", "2 days, may be 20", WIDTH / 10, WIDTH - 2),
    ]


def test_of_many_sources_those_that_need_somebody_most_are_drawn_and_it_says_so():
    many = [source(f"Source {place:02}", gaps=place / 100) for place in range(1, 13)]
    (first, *_) = list_drawings(many)
    assert len(first.chart.bars) == MOST
    assert first.chart.bars[0].name == "Source 12"
    assert f"The {MOST} that need somebody most are drawn." in first.how


def test_where_nothing_may_be_told_nothing_is_drawn():
    assert drawn(source("Few", gaps=None, linked=None, rejected=None, old=None)) == {}
    assert named_bars([], in_words="") is None


def test_a_week_of_which_nothing_is_told_has_no_bar_and_one_week_is_no_chart():
    chart = shares_chart([0.5, None, 1.0], first="a", last="b", in_words="c")
    assert [(bar.filled_height, bar.outlined_height) for bar in chart.bars] == [
        ((BOTTOM - TOP) / 2, (BOTTOM - TOP) / 2), (0, 0), (BOTTOM - TOP, 0),
    ]  # fmt: skip
    assert chart.most == "100%"
    assert shares_chart([0.5, None], first="a", last="b", in_words="c") is None


def test_a_source_is_drawn_over_its_weeks_and_the_table_holds_every_figure():
    weeks = (
        week(2, complete=0.5), week(1, counted=False, complete=None, linked=None,
             came=False, rejected=None, days=None),
        week(0, complete=Hardly.NEARLY_ALL, rejected=None),
    )  # fmt: skip
    found = SourceInDetail(line=source("Census"), weeks=weeks)
    titles = {one.title: one.chart for one in source_drawings(found)}
    assert titles.keys() == {
        "Records with no field missing, by week",
        "Records that meet another source's, by week",
        "How old the newest word was, by week",
    }, "one week of rejected rows is no chart"
    words = titles["Records with no field missing, by week"].in_words
    assert "in 2 of 3 weeks: 50.0% at first, all but under 10 at last" in words
    assert week_table(weeks).rows == (
        ("9 November 2026", "50.0%", "50.0%", "too few", "2.0%", "4"),
        ("16 November 2026", "–", "–", "–", "–", "–"),
        ("23 November 2026", "all but under 10", "50.0%", "too few", "too few", "4"),
    )


def test_the_rest_tells_no_more_than_the_share():
    assert [rest_of(one) for one in (None, 0.25, Hardly.FEW, Hardly.NEARLY_ALL)] == [
        None, 0.75, Hardly.NEARLY_ALL, Hardly.FEW,
    ]  # fmt: skip
