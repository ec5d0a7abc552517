"""The benchmarks compare like with like: every store does the same job. Nothing is timed here."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def test_the_job_comes_to_what_its_file_expects() -> None:
    """job.json's sums follow from its rules."""
    from benchmarks.job import check

    check()


def test_a_bare_shelf_is_right_after_checkouts_shipments_and_refunds(tmp_path: Path) -> None:
    """The twin's stock is what came in, less what was sold, and what came back."""
    from benchmarks.job import ON_SALE, wishes
    from benchmarks.stores.sqlite import BareSqlite

    store = BareSqlite(str(tmp_path), "OFF")
    store.reset()
    till = store.open()
    numbers = [till.checkout(k) for k in range(30)]
    for number in numbers[:20]:
        till.ship(number)
    for number in numbers[:10]:
        till.refund(number)
    till.close()

    sold = sum(quantity for k in range(20) for _, quantity in wishes(k))
    held = sum(quantity for k in range(20, 30) for _, quantity in wishes(k))
    received = sum(product.stock for product in ON_SALE)
    with closing(sqlite3.connect(store.path)) as connection:
        found = connection.execute("SELECT sum(on_hand), sum(reserved) FROM stock").fetchone()
    assert (received - sold + 10, held) == found


def test_tokolib_does_the_job_and_its_books_agree() -> None:
    """The counter proves each total itself, and verify() finds nothing wrong afterwards."""
    from benchmarks.job import ON_SALE, baskets, wishes
    from benchmarks.stores.tokolib_shop import Counter, open_filled

    counter = Counter(open_filled("memory://", [ON_SALE[product] for product, _ in wishes(0)]), baskets()[:1])
    number = counter.checkout(0)
    counter.ship(number)
    counter.refund(number)

    report = counter.shop.verify()
    assert () == report.violations
    counter.close()


def test_a_buyer_is_refused_when_the_lot_is_sold(tmp_path: Path) -> None:
    """A till answers a lack of stock with SoldOut, and nothing is stored."""
    from benchmarks.job import HOT, ON_SALE, priced
    from benchmarks.stores.protocol import SoldOut
    from benchmarks.stores.tokolib_shop import Counter, open_filled

    one = ON_SALE[HOT]._replace(stock=1)
    counter = Counter(open_filled("memory://", [one]), [({one.sku: 1}, priced([(HOT, 1)])[1])])
    counter.checkout(0)

    with pytest.raises(SoldOut):
        counter.checkout(1)
    assert 1 == len(counter.shop.orders.page().items)
    counter.close()


def test_the_docs_page_keeps_what_stands_around_the_table(tmp_path: Path) -> None:
    """Only what is between the two marks is written anew."""
    from benchmarks.results import BEGIN, END, Row, markdown, write_between_marks

    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_between_marks(page, markdown([Row("a ÷ b", 2.0, 4.0, 0.5, "jobs/s", 3, "at least 0.4:", True)], "today"))

    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n\ntoday\n") and text.endswith(f"{END}\nafter\n")
    assert "| a ÷ b | 2 | 4 | 0.5 | jobs/s | at least 0.4: met |" in text
    assert "old" not in text
