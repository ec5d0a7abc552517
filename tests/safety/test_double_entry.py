"""Whatever is done to an order: money and stock close to zero, in books that know none of our rules."""

import itertools
import os

import pytest
from sequences.acts import ACTS
from sequences.oracle import OrderBooks
from sequences.play import play_many

LEVEL = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev")
IN_MEMORY = {"dev": 12, "ci": 225, "soak": 11_250}[LEVEL]
ON_FILES = {"dev": 12, "ci": 100, "soak": 5_000}[LEVEL]
RARE = 0.05
"""Of so many sequences each kind of command has to be a part."""


def check(told):
    """Everything closes, and what was played says something."""
    assert told.faults == []
    assert told.fewest >= 12
    assert [] == [name for name in ACTS if told.having[name] < RARE * told.sequences]


@pytest.mark.parametrize("seed", range(8))
def test_books_of_their_own_close_at_zero(seed, record_property):
    """Partial captures, shipments, edits, cancellations, returns of kits, refunds: eight times in memory."""
    told = play_many(itertools.repeat("memory://"), IN_MEMORY, seed)

    record_property("counted", str(told))
    check(told)


@pytest.mark.parametrize("seed", [100, 101])
def test_books_of_their_own_close_at_zero_on_files(seed, tmp_path, record_property):
    """And twice in SQLite, each shop in a file."""
    files = (f"sqlite:///{tmp_path}/{number}.db" for number in itertools.count())
    told = play_many(files, ON_FILES, seed)

    record_property("counted", str(told))
    check(told)


HISTORY = [
    ("orders.order_requested", {"order": {"lines": [{"line": {"id": "l", "key": "teh", "steps": 2, "total": 100}}]}}),
    ("orders.order_placed", {}),
    ("orders.payment_captured", {"account": "money:cash", "amount": 100}),
    ("orders.goods_shipped", {"runs": [{"line_id": "l", "beyond": 2}]}),
    ("orders.goods_returned", {"runs": [{"line_id": "l", "beyond": 1}], "credited": 50}),
    ("orders.refund_paid", {"account": "money:cash", "amount": 50}),
]


def test_books_that_close_are_told_from_those_that_do_not():
    """The control: a rupiah or a unit more or less in a history is a fault."""
    assert OrderBooks().tell(HISTORY).faults([("teh", -1)]) == []
    assert len(OrderBooks().tell(HISTORY).faults([("teh", -2)])) == 1
    for at, (topic, said) in enumerate(HISTORY):
        for name in ("amount", "credited"):
            if name in said:
                wrong = [*HISTORY[:at], (topic, {**said, name: said[name] + 1}), *HISTORY[at + 1 :]]
                assert OrderBooks().tell(wrong).faults([("teh", -1)]) != []
