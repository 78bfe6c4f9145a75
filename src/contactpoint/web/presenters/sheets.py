"""A dashboard in words, as its page shows it and its PDF holds it."""

from dataclasses import dataclass

from contactpoint.web.presenters.charts import Chart
from contactpoint.web.presenters.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Whose it is and of when (`lead`), its figures, its chart and tables, and how it is counted (`notes`).

    `drawn` is what the chart is called, and `drawn_how` what its bars are.
    """

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    chart: Chart | None
    drawn: str
    drawn_how: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
