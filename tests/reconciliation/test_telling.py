"""A reconciliation in words, and the table that a stored row's life follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.money import IDR
from tokolib.reconciliation import RowKind, SettlementState, Why, reconcile
from tokolib.reconciliation.events import SettlementBookedApart, SettlementPosted, SettlementSetAside
from tokolib.reconciliation.items import Place
from tokolib.reconciliation.lifecycle import evolve
from tokolib.reconciliation.postings import entries
from tokolib.reconciliation.wording import WORDING

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 3, tzinfo=UTC)


def test_a_difference_is_told_in_both_languages(make):
    """Sides, costs in one line each, and whatever is open item by item with its age."""
    fee, tax = make.qris(150_000)
    known = [make.movement("int_1.1.1", 150_000), make.movement("int_2.1.1", 75_000)]
    rows = [make.row("1", 150_000, fee=fee, fee_tax=tax, key="int_1.1.1")]
    made = reconcile(known, rows, [make.line("1", 148_835, reference="PAY-881")], as_of=DAY + timedelta(days=1))

    assert made.explain("en") == (
        "Books less bank in IDR on 3 Mar 2026                            Rp76,165\n"
        "  The books count on                                           Rp225,000\n"
        "  The bank has                                                 Rp148,835\n"
        "  Fees (1)                                                       Rp1,050\n"
        "  Tax on fees (1)                                                  Rp115\n"
        "  Paid, not yet settled (1)                                     Rp75,000\n"
        "    payment int_2.1.1 of 2 Mar 2026 (days: 1)                   Rp75,000"
    )
    assert "Sudah dibayar, belum diselesaikan (1)                         Rp75.000" in made.explain("id")


def test_every_reason_has_its_words_in_both_languages():
    """No code is shown bare."""
    codes = {f"reconciliation.{why}" for why in Why} | {f"reconciliation.in_{place}" for place in Place}
    codes |= {"reconciliation.difference", "reconciliation.books", "reconciliation.bank"}
    codes |= {"reconciliation.exchange", "reconciliation.exchanged_row", "reconciliation.book_rate"}

    assert codes == set(WORDING["en"]) == set(WORDING["id"])


def test_what_is_posted_stays_posted(make):
    """Nothing happens to a row that is in the ledger, and nothing but a row begins one."""
    row = make.row("1", 5)
    posted = SettlementPosted(
        settlement_id="set_1", row=row, clearing="money:fake", order_id=None, operation_id="int_1.1", at=NOW
    )
    aside = SettlementSetAside(settlement_id="set_1", row=row, reason="other_amount", order_id=None, at=NOW)
    apart = SettlementBookedApart(settlement_id="set_1", clearing="suspense:fake", reason="x", at=NOW)

    for event in (posted, aside, apart):
        with pytest.raises(TypeError, match="is posted knows no"):
            evolve(evolve(None, posted), event)
    with pytest.raises(TypeError, match="is new knows no"):
        evolve(None, apart)
    assert SettlementState.APART is evolve(evolve(None, aside), apart).standing


amounts = st.integers(-(10**12), 10**12)


@given(st.sampled_from(RowKind), st.integers(1, 10**12), amounts, amounts, amounts, amounts)
def test_every_posting_sums_to_zero(make, kind, gross, fee, fee_tax, withheld, net):
    """Whatever a row says, its legs balance: what doesn't add up is rounding, in the open."""
    gross = -gross if kind in (RowKind.REFUND, RowKind.REVERSAL, RowKind.CHARGEBACK) else gross
    row = make.row("1", gross, kind, fee=fee, fee_tax=fee_tax, withheld=withheld, net=IDR(net))
    posted = SettlementPosted(
        settlement_id="set_1", row=row, clearing="money:fake", order_id=None, operation_id=None, at=NOW
    )

    made = entries(evolve(None, posted), NOW)

    assert 0 == sum(entry.amount for entry in made)
    assert ("money:fake", -gross) == (made[0].account, made[0].amount)
    assert len({entry.id for entry in made}) == len(made) >= 2
