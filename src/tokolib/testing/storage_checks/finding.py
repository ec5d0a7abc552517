"""Find, history, ledger and scan: orders, bounds and pages."""

from typing import Any, Final

import pytest

from tokolib.kernel.rows import Kind
from tokolib.kernel.storage_errors import BadCursor, Misuse
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import (
    GOODS,
    Setting,
    entry,
    events,
    everything,
    goods,
    pages,
    write_some_of_everything,
)

NO_CURSORS: Final[tuple[Any, ...]] = ("", "nonsense", "{}", "[]", "[true]", "[[1]]", "[1.5]", "[" * 100_000, 5)
"""What no page of any question ever ended with."""

CITIES: Final = ("Z", "a", "Ä", "z", "É", "é", "zz", "😀", "\uffee")


def ids(page: Any) -> list[str]:
    """The ids of a page."""
    return [doc.id for doc in page.items]


class FindChecks(Setting):
    """Documents are found by declared indexes only."""

    @pytest.fixture
    def ranked(self, store: Driven) -> Driven:
        """Goods a..f in Solo by rank 1, 2, 2, 3, 4, 5, one in Bali, one nowhere."""
        with store.unit() as unit:
            for id, rank in zip("fbcade", (5, 2, 2, 1, 3, 4), strict=True):
                unit.insert(GOODS, id, b"1", goods(id, city="Solo", rank=rank))
            unit.insert(GOODS, "x", b"1", goods("x", city="Bali", rank=2))
            unit.insert(GOODS, "y", b"1", goods("y", rank=2))
        return store

    def test_equal_columns_then_order(self, ranked: Driven) -> None:
        """`equals` fixes the first columns; the rest of the index, then the id, orders the answer."""
        with ranked.reading() as unit:
            assert list("abcdef") == ids(unit.find(GOODS, "by_city", equals={"city": "Solo"}))
            assert list("bc") == ids(unit.find(GOODS, "by_city", equals={"city": "Solo", "rank": 2}))
            assert ["y"] == ids(unit.find(GOODS, "by_city", equals={"city": None}))
            assert [] == ids(unit.find(GOODS, "by_city", equals={"city": "solo"}))

    def test_bounds_are_half_open(self, ranked: Driven) -> None:
        """`since` is in, `until` is out; null lies in no bounds."""
        with ranked.reading() as unit:
            solo = {"city": "Solo"}
            assert list("bcd") == ids(unit.find(GOODS, "by_city", equals=solo, since=2, until=4))
            assert list("def") == ids(unit.find(GOODS, "by_city", equals=solo, since=3))
            assert list("a") == ids(unit.find(GOODS, "by_city", equals=solo, until=2))
            assert [] == ids(unit.find(GOODS, "by_city", equals=solo, since=4, until=2))
            assert ["x"] == ids(unit.find(GOODS, "by_city", until="Solo"))

    @pytest.mark.parametrize("descending", [False, True])
    def test_a_sparse_index_leaves_nulls_out(self, ranked: Driven, descending: bool) -> None:
        """A sparse index leads to no document with a null in one of its columns, and can't be asked for one."""

        def found(index: str, **asked: Any) -> list[str]:
            return [doc.id for doc in pages(unit.find, GOODS, index, limit=3, descending=descending, **asked)]

        with ranked.unit() as unit:
            unit.replace(GOODS, "x", b"2", goods("x", rank=2), expected=1)
            unit.replace(GOODS, "y", b"2", goods("y", city="Ambon", rank=2), expected=1)
        turn = -1 if descending else 1
        with ranked.reading() as unit:
            assert list("yabcdef")[::turn] == found("in_city")
            assert list("bc")[::turn] == found("in_city", equals={"city": "Solo", "rank": 2})
            assert list("ybc")[::turn] == found("ranked_in_city", equals={"rank": 2})
            assert list("ybcd")[::turn] == found("ranked_in_city", since=2, until=4)
            with pytest.raises(Misuse):
                unit.find(GOODS, "in_city", equals={"city": None})
            with pytest.raises(Misuse):
                unit.find(GOODS, "ranked_in_city", equals={"rank": 2, "city": None})

    def test_descending_is_the_reverse(self, ranked: Driven) -> None:
        """A descending find answers the same documents backwards, page by page too, null last."""
        with ranked.reading() as unit:
            up = [doc.id for doc in pages(unit.find, GOODS, "by_city", limit=3)]
            down = [doc.id for doc in pages(unit.find, GOODS, "by_city", limit=3, descending=True)]

        assert list("yxabcdef") == up
        assert up[::-1] == down

    def test_text_is_ordered_by_code_points(self, store: Driven) -> None:
        """The order is that of code points, on every machine and in every locale; null comes first."""
        with store.unit() as unit:
            for number, city in enumerate(CITIES):
                unit.insert(GOODS, str(number), city.encode(), goods(str(number), city=city))
            unit.insert(GOODS, "none", b"", goods("none"))

        with store.reading() as unit:
            found = [doc.body.decode() for doc in unit.find(GOODS, "by_city").items]
        assert ["", *sorted(CITIES)] == found

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 7, 8, 9])
    def test_pages_are_complete_and_disjoint(self, ranked: Driven, limit: int, descending: bool) -> None:
        """Cursors lead through every document once; the last page has none."""
        with ranked.reading() as unit:
            found = pages(unit.find, GOODS, "by_city", limit=limit, descending=descending)

        assert 8 == len(found)
        assert 8 == len({doc.id for doc in found})

    def test_rows_inserted_behind_a_cursor_disturb_no_page(self, ranked: Driven) -> None:
        """While somebody pages forward, rows that come in behind are neither shown nor push others out."""
        found: list[str] = []
        after, turn = None, 0
        while True:
            with ranked.reading() as unit:
                page = unit.find(GOODS, "by_rank", after=after, limit=2)
            found += ids(page)
            after = page.after
            if after is None:
                break
            turn += 1
            with ranked.unit() as unit:
                unit.insert(GOODS, f"new{turn}", b"1", goods(f"new{turn}", rank=0))
                unit.delete(GOODS, f"new{turn - 1}", expected=1) if turn > 1 else None

        assert [*"abcxydef"] == found

    def test_an_undeclared_question_is_refused(self, ranked: Driven) -> None:
        """Unknown indexes, columns out of order, bounds on nothing, foreign cursors and empty pages are refused."""
        wrong: list[dict[str, Any]] = [
            {"index": "by_size"},
            {"index": "rank"},
            {"index": "by_city", "equals": {"rank": 1}},
            {"index": "by_city", "equals": {"city": 1}},
            {"index": "by_city", "equals": {"city": "Solo", "rank": 1, "code": "a"}},
            {"index": "by_rank", "equals": {"rank": 1}, "since": 1},
            {"index": "by_rank", "since": "1"},
            {"index": "by_rank", "after": "nonsense"},
            {"index": "by_rank", "after": "[1]"},
            {"index": "by_rank", "after": '["1","a"]'},
            {"index": "by_rank", "after": '[null,"a"]'},
            {"index": "by_city", "after": '["Solo",0,null]'},
            {"index": "by_rank", "limit": 0},
        ]
        for question in wrong:
            with ranked.reading() as unit, pytest.raises(Misuse):
                unit.find(GOODS, **question)

    def test_a_replaced_document_moves_in_its_indexes(self, ranked: Driven) -> None:
        """After replace() a document is found by its new columns, and no longer by the old ones."""
        with ranked.unit() as unit:
            unit.replace(GOODS, "a", b"2", goods("a", city="Bali", rank=9), expected=1)
            assert ["x", "a"] == ids(unit.find(GOODS, "by_city", equals={"city": "Bali"}))

        with ranked.reading() as unit:
            assert list("bcdef") == ids(unit.find(GOODS, "by_city", equals={"city": "Solo"}))


class HistoryChecks(Setting):
    """Histories, ledgers and scans keep everything in a fixed order."""

    def test_a_history_is_read_in_order(self, store: Driven) -> None:
        """history() answers events as they were, from 1 on, after a number and up to a limit."""
        with store.unit() as unit:
            unit.append("s", events("s", 3), expected=0)
            unit.append("s", events("s", 2, after=3), expected=3)
            unit.append("other", events("other", 1), expected=0)

        with store.reading() as unit:
            assert events("s", 5) == list(unit.history("s"))
            assert events("s", 2, after=2) == list(unit.history("s", after=2, limit=2))
            assert [] == list(unit.history("unknown"))

    def test_a_ledger_is_read_by_account_and_by_reference(self, store: Driven) -> None:
        """ledger() answers entries in the order of their ids, filtered, in pages."""
        rows = [
            entry(f"e{number}", account="cash" if number % 2 else "sales", refers_to=f"o{number % 3}")
            for number in range(9)
        ]
        with store.unit() as unit:
            unit.post("money", rows[5:])
            unit.post("money", rows[:5])
            unit.post("points", rows[:1])

        with store.reading() as unit:
            assert rows == pages(unit.ledger, "money", limit=2)
            cash = [row for row in rows if row.account == "cash"]
            assert cash == pages(unit.ledger, "money", account="cash", limit=2)
            assert rows[1::3] == pages(unit.ledger, "money", refers_to="o1", limit=2)
            both = [row for row in cash if row.refers_to == "o1"]
            assert both == pages(unit.ledger, "money", account="cash", refers_to="o1", limit=1)
            assert rows[:1] == pages(unit.ledger, "points")

    def test_scan_walks_every_group(self, store: Driven) -> None:
        """scan() answers every row of a group once, whatever the size of its pages."""
        for mark in ("a", "b", "c"):
            with store.unit() as unit:
                write_some_of_everything(unit, mark)

        whole = everything(store)
        sizes = {kind: 6 if kind in (Kind.HISTORY, Kind.OUTBOX) else 3 for kind in Kind}
        assert sizes == {kind: len(rows) for kind, rows in whole.items()}
        with store.reading() as unit:
            for kind, rows in whole.items():
                name = {Kind.DOCUMENTS: "goods", Kind.LEDGER: "money"}.get(kind, "")
                for limit in (1, 2, 3):
                    assert rows == pages(unit.scan, kind, name=name, limit=limit)

    @pytest.mark.parametrize("written", [True, False], ids=["rows", "nothing"])
    def test_a_cursor_that_no_page_gave_is_refused(self, store: Driven, written: bool) -> None:
        """A damaged cursor, or another question's, is a `BadCursor` for find, ledger and scan, rows or none."""
        if written:
            with store.unit() as unit:
                write_some_of_everything(unit, "a")

        with store.reading() as unit:
            for after in (*NO_CURSORS, '["x",null]', '["x","y","z"]', "[1]", "[null]"):
                with pytest.raises(BadCursor):
                    unit.find(GOODS, "by_rank", after=after)
                with pytest.raises(BadCursor):
                    unit.ledger("money", account="cash", after=after)
                for kind in Kind:
                    name = {Kind.DOCUMENTS: "goods", Kind.LEDGER: "money"}.get(kind, "")
                    with pytest.raises(BadCursor):
                        unit.scan(kind, name=name, after=after)
            for kind in Kind:
                after = '["x"]' if kind in (Kind.HISTORY, Kind.KEYS, Kind.OUTBOX) else '["x","y"]'
                with pytest.raises(BadCursor):
                    unit.scan(kind, name={Kind.DOCUMENTS: "goods"}.get(kind, "money"), after=after)
