"""`make test-cluster`: one process, several processes and a Spark cluster say the same of the same orders."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import attrs
import pytest
from pyspark.sql import SparkSession

import tokolib
from cluster.spark import cluster, java_home
from tokolib import IDR
from tokolib.adapters.repricing import what_if_in_processes
from tokolib.adapters.spark.what_if import what_if_on_spark, write_facts
from tokolib.checkout import Basket
from tokolib.conditions import one_of
from tokolib.desk.repricing import past_orders, rules_over_time
from tokolib.kernel.hosting import drive
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.unit import Unit
from tokolib.pricing import Scope
from tokolib.pricing.what_if.facts import PricingFacts
from tokolib.pricing.what_if.rules import Changes, RulesOverTime
from tokolib.pricing.what_if.what_if import what_if
from tokolib.records.facts import facts_of_text, facts_text
from tokolib.testing import ManualClock

ORDERS: Final = int(os.environ.get("TOKOLIB_CLUSTER_ORDERS", "400"))
COPIES: Final = 5
"""Each order is priced so many times, under an id of its own."""
WORKERS: Final = 2


def _sold() -> tuple[list[PricingFacts], RulesOverTime]:
    """The facts of orders that a shop took, and the promotions as they ran."""
    clock = ManualClock(datetime(2026, 3, 2, 2, tzinfo=UTC))
    with tokolib.open("memory://", country="ID", clock=clock) as shop:
        for number in range(12):
            shop.catalog.put(f"SKU-{number}", f"Barang {number}")
            shop.prices.put(f"SKU-{number}", IDR(10_001 + 7_013 * number))
            shop.stock.receive(f"SKU-{number}", 10**6, key=f"opening-{number}")
        shop.promotions.percent("semua", 7)
        shop.promotions.percent("dua", 20, on=Scope.LINE, target=one_of("sku", "sku-1", "sku-2"))
        shop.promotions.gift("tas", "SKU-0", at_least=IDR(100_000))
        for number in range(ORDERS):
            clock.instant += timedelta(minutes=37)
            lines = {f"SKU-{(number * 5 + step) % 12}": 1 + (number + step) % 4 for step in range(1 + number % 5)}
            shop.orders.place(Basket(lines), tender="cash", key=f"k{number}")
            if number == ORDERS // 2:
                clock.instant += timedelta(minutes=1)
                shop.promotions.percent("semua", 9)

        async def every(unit: Unit) -> list[PricingFacts]:
            found: list[PricingFacts] = []
            after: str | None = None
            while True:
                page = await past_orders(unit, None, None, after=after, limit=200)
                found += page.items
                if (after := page.after) is None:
                    return found

        work = shop.promotions.work
        return drive(work.read(every)), drive(work.read(rules_over_time))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on a master with two workers, all on loopback."""
    folder: Path = tmp_path_factory.mktemp("spark")
    if java := java_home():
        os.environ["JAVA_HOME"] = java
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with cluster(folder, WORKERS) as url:
        paths = os.pathsep.join(path for path in sys.path if path)
        made = (
            SparkSession.Builder()
            .master(url)
            .appName("tokolib what_if")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.memory", "512m")
            .config("spark.executorEnv.PYTHONPATH", paths)
            .config("spark.ui.enabled", "false")
            .config("spark.sql.files.openCostInBytes", "1")
            .config("spark.sql.files.maxPartitionBytes", str(256 * 1024))
            .getOrCreate()
        )
        try:
            yield made
        finally:
            made.stop()


def test_one_process_several_processes_and_a_cluster_say_the_same(session: SparkSession, tmp_path: Path) -> None:
    """To the last figure and gift, also where nothing changes."""
    sold, rules = _sold()
    facts = [attrs.evolve(each, order_id=f"{each.order_id}.{copy}") for each in sold for copy in range(COPIES)]
    changed = rules.changed(Changes(without=(PromotionId("prm_semua"), PromotionId("prm_tas"))))
    path = str(tmp_path / "facts.parquet")
    write_facts(session, path, facts, facts_text)

    started = time.perf_counter()
    alone = what_if(facts, changed)
    one = time.perf_counter()
    shared = what_if_in_processes(facts, changed, processes=2)
    several = time.perf_counter()
    spread = what_if_on_spark(session, path, changed, facts_of_text)
    ended = time.perf_counter()

    executors = session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    parts = session.read.parquet(path).rdd.getNumPartitions()
    print(
        f"\n{len(facts):,} orders: {one - started:.1f} s in one process, {several - one:.1f} s in two, "
        f"{ended - several:.1f} s on Spark with {len(executors) - 1} executors and {parts} partitions"
    )
    assert alone == shared == spread
    assert alone.orders == len(facts) and 0 < alone.changed
    assert 0 == alone.by_gift["sku-0"].would < alone.by_gift["sku-0"].was
    assert WORKERS == len(executors) - 1
    assert parts >= WORKERS
    assert 0 == what_if_on_spark(session, path, rules, facts_of_text).changed
