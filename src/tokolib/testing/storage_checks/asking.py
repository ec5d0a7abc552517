"""Several questions at once."""

from typing import Any

import pytest

from tokolib.kernel.asks import Ask, Find, Get, GetMany, History, Holds, Ledger, Levels, Recall, Value
from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.storage_errors import BadCursor, KeyMismatch, Misuse, Refused
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import (
    GOODS,
    NOTES,
    NOW,
    Setting,
    goods,
    write_some_of_everything,
)

ASKS: tuple[Ask[Any], ...] = (
    Value("counter-a"),
    Get(GOODS, "a"),
    Get(NOTES, "a"),
    Levels(["stock-b", "unknown"], NOW),
    GetMany(GOODS, ["b", "a", "none"]),
    Find(GOODS, "by_code", equals={"code": "b"}),
    Find(GOODS, "by_rank", since=0, limit=1, descending=True),
    History("stream-a", after=1, limit=5),
    Ledger("money", account="cash", limit=1),
    Ledger("money", refers_to="o1"),
    Holds(["hold-a", "none"]),
    Recall("place", "a", "print"),
    Recall("place", "none", "print"),
    Value("counter-a"),
    Value("none"),
)


def one_by_one(unit: Any) -> tuple[Any, ...]:
    """What the methods answer that `ASKS` stand for."""
    return (
        unit.value("counter-a"),
        unit.get(GOODS, "a"),
        unit.get(NOTES, "a"),
        unit.levels(["stock-b", "unknown"], now=NOW),
        unit.get_many(GOODS, ["b", "a", "none"]),
        unit.find(GOODS, "by_code", equals={"code": "b"}),
        unit.find(GOODS, "by_rank", since=0, limit=1, descending=True),
        tuple(unit.history("stream-a", after=1, limit=5)),
        unit.ledger("money", account="cash", limit=1),
        unit.ledger("money", refers_to="o1"),
        unit.holds(["hold-a", "none"]),
        unit.seen("place", "a", "print"),
        unit.seen("place", "none", "print"),
        unit.value("counter-a"),
        unit.value("none"),
    )


class AskChecks(Setting):
    """`read` says what the single methods say."""

    @pytest.fixture
    def told(self, store: Driven) -> Driven:
        """Two of everything."""
        for mark in ("a", "b"):
            with store.unit() as unit:
                write_some_of_everything(unit, mark)
        return store

    def test_several_questions_are_answered_in_their_order(self, told: Driven) -> None:
        """read() answers each question as its method does, in the order of asking; asked nothing, it says nothing."""
        with told.reading() as unit:
            found = unit.read(*ASKS)
            assert () == unit.read()
            told_singly = one_by_one(unit)

        assert told_singly == tuple(tuple(one) if isinstance(one, list) else one for one in found)

    def test_questions_are_asked_after_what_was_recorded(self, told: Driven) -> None:
        """read() sends what the unit has recorded first, and sees it, in every group."""
        unit = told.begin()
        unit.replace(GOODS, "a", b"new", goods("a"), expected=1)
        unit.count("counter-a", 4)
        doc, value = unit.read(Get(GOODS, "a"), Value("counter-a"))
        assert (b"new", 7) == (doc.body, value)
        assert one_by_one(unit) == tuple(tuple(one) if isinstance(one, list) else one for one in unit.read(*ASKS))
        unit.rollback()

    def test_a_question_is_refused_as_its_method_is(self, told: Driven) -> None:
        """read() raises what the method would: another's key, a naive instant, an undeclared index, a bad cursor."""
        wrong: list[tuple[Ask[Any], type[Exception]]] = [
            (Recall("place", "a", "another"), KeyMismatch),
            (Levels(["kopi"], NOW.replace(tzinfo=None)), NaiveDatetime),
            (Find(GOODS, "by_size"), Misuse),
            (Find(GOODS, "by_rank", after="nonsense"), BadCursor),
            (Ledger("money", limit=0), Misuse),
        ]
        with told.reading() as unit:
            for ask, refusal in wrong:
                with pytest.raises(refusal):
                    unit.read(Value("counter-a"), ask)
            assert (3,) == unit.read(Value("counter-a"))

    def test_a_refused_write_is_told_by_the_question_that_sent_it(self, told: Driven) -> None:
        """When what was recorded is refused, read() says so, and the unit is over."""
        unit = told.begin()
        unit.adjust("nothing", -1)
        with pytest.raises(Refused):
            unit.read(Value("counter-a"))
        with pytest.raises(Misuse):
            unit.read(Value("counter-a"))
