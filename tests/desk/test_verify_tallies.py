"""Two sides that tell of the same rows are even, in whatever order; where they differ, a second look names the rows."""

from hypothesis import given
from hypothesis import strategies as st

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings

ROWS = st.dictionaries(st.sampled_from([f"hold {n}" for n in range(40)]), st.integers(1, 5), max_size=20)


def tell(tally, said, found):
    """Let both sides tell, one after the other, rows with how much there is of each."""
    for row, amount in said.items():
        tally.said(row, amount=amount)
    for row, amount in reversed(found.items()):
        for _ in range(amount):  # the other side has it in parts
            tally.found(row)


def named(said, found):
    """The rows that a second look names, with what was found."""
    first = Tally("S4", "count")
    tell(first, said, found)
    second = first.closer()
    tell(second, said, found)
    findings = Findings()
    second.tell(findings)
    assert first.is_even == (not findings.violations)
    assert {("S4", "count")} >= {(each.promise, each.repair) for each in findings.violations}
    return {each.row: each.found for each in findings.violations}


@given(ROWS, ROWS)
def test_exactly_the_rows_that_differ_are_named(said, found):
    """None where both agree on it, and each where they don't: too much, too little, or not at all."""
    differing = {row for row in said.keys() | found.keys() if said.get(row) != found.get(row)}
    assert differing == named(said, found).keys()


@given(ROWS)
def test_what_both_tell_is_even(rows):
    """The order doesn't count, nor whether it is told at once or in parts."""
    assert {} == named(rows, dict(reversed(rows.items())))


def test_a_difference_says_what_is_and_what_should_be():
    """Gone, told of by nobody, another amount, and another row in its place."""
    assert {"hold a": "is gone: 2", "hold b": "nothing tells of it: 3"} == named({"hold a": 2}, {"hold b": 3})
    assert {"hold a": "is 3, not 2"} == named({"hold a": 2}, {"hold a": 3})

    first = Tally("S4", "count")
    another(first)
    another(second := first.closer())
    findings = Findings()
    second.tell(findings)
    assert ["is of 3 for ord_1, not of 2 for ord_1"] == [each.found for each in findings.violations]


def another(tally):
    """One side tells of a hold of two, the other has it with three."""
    tally.said("hold a", "of 2", "for ord_1")
    tally.found("hold a", "of 3", "for ord_1")


def test_a_broken_shop_is_counted_once(hand):
    """A second look reads everything again, and what was looked at is told as of one."""
    sound = hand.verify().checked
    hand.do("UPDATE tokolib_hold SET quantity = quantity + 1 WHERE state = 'taken'")
    report = hand.verify()
    assert not report and sound == report.checked
    assert len({(each.promise, each.row, each.found) for each in report.violations}) == len(report.violations)
