"""The year's orders as a Parquet file, priced again by every worker of a Spark cluster: the same pure function.

A row is one order; how its facts are written and read is the caller's (`tokolib.records.facts`). Each partition becomes
one report, and the reports are added up here.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from tokolib.pricing.what_if.facts import PricingFacts
from tokolib.pricing.what_if.report import Report, added
from tokolib.pricing.what_if.rules import RulesOverTime
from tokolib.pricing.what_if.what_if import what_if

if TYPE_CHECKING:
    from pyspark.sql import Row, SparkSession

SCHEMA: Final = "order_id string, day date, facts string"
"""The columns of the file; the facts are JSON text."""


def write_facts(
    session: "SparkSession", path: str, facts: Iterable[PricingFacts], write: Callable[[PricingFacts], str]
) -> None:
    """Keep *facts* as Parquet under *path*, where nothing may be yet."""
    rows = [(each.order_id, each.day, write(each)) for each in facts]
    session.createDataFrame(rows, SCHEMA).write.parquet(path)


def what_if_on_spark(
    session: "SparkSession", path: str, rules: RulesOverTime, read: Callable[[str], PricingFacts]
) -> Report:
    """What the orders under *path* came to, and what they would have come to under *rules*.

    It is the report of `what_if`, to the last figure, however many workers there are. They need tokolib installed, and
    whatever *read* is of.

    Raises:
        Py4JJavaError: a worker failed; its trace is in it.
    """

    def priced(rows: "Iterable[Row]") -> Iterator[Report]:
        yield what_if((read(row.facts) for row in rows), rules)

    return added(session.read.parquet(path).select("facts").rdd.mapPartitions(priced).collect())
