"""What an import would do and what the last one did, each with the table of its rows."""

from __future__ import annotations

from importer.model import Outcome
from importer.report.fates import View
from importer.web.files import prepared
from importer.web.rows import Table
from importer.web.work import Report


class Reports:
    """`forecast` is what an import would do, None if nobody looked since something changed; `result` is what the
    last import of this page did.
    """

    def __init__(self) -> None:
        self.forecast: Report | None = None
        self.forecast_table = Table((), View.FORECAST)
        self.result: Report | None = None
        self.result_table = Table((), View.DONE)

    @property
    def to_come(self) -> int:
        """Return how many ratings of the last import are still to be sent."""
        return (self.result.summary.totals or {}).get(Outcome.PENDING, 0) if self.result is not None else 0

    async def foresee(self, found: Report) -> None:
        """Show what an import would do."""
        self.forecast = found
        self.forecast_table = await prepared(found.rows, View.FORECAST)

    async def show(self, found: Report) -> None:
        """Show what an import did."""
        self.result = found
        self.result_table = await prepared(found.rows, View.DONE)
        self.forget_forecast()

    def forget_forecast(self) -> None:
        """Show no more what an import would do: something has changed."""
        self.forecast = None
        self.forecast_table = Table((), View.FORECAST)

    def forget(self) -> None:
        """Show nothing any more."""
        self.forget_forecast()
        self.result = None
        self.result_table = Table((), View.DONE)
