"""A dashboard in words, as its page shows it and its PDF holds it."""

from dataclasses import dataclass

from contactpoint.web.presenters.charts import Chart, Drawing
from contactpoint.web.presenters.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Whose it is and of when (`lead`), its figures, charts and tables, and how it is counted (`notes`)."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    drawings: tuple[Drawing, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def drawn(chart: Chart | None, title: str, how: str) -> tuple[Drawing, ...]:
    """The one chart of a dashboard, where there is anything to draw."""
    return (Drawing(title=title, how=how, chart=chart),) if chart else ()
