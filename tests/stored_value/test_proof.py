"""The proof of the books sees every way in which stored value can have been tampered with."""

import shutil
import sqlite3

import pytest

import tokolib
from tokolib import IDR, Basket
from tokolib.stored_value import FromGiftCard, FromStoreCredit


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    """A shop in a file, in which a card and a grant have paid, and been given back to."""
    path = tmp_path_factory.mktemp("stored") / "toko.db"
    with tokolib.open(f"sqlite:///{path}", country="ID") as shop:
        shop.catalog.put("TEH", "Teh", weight="100 g")
        shop.prices.put("TEH", IDR(20_000))
        shop.stock.receive("TEH", 100, key="opening")
        card = shop.gift_cards.sell(IDR(100_000), method="cash", key="c-1")
        shop.gift_cards.block(shop.gift_cards.issue(IDR(5_000), reason="raffle", key="c-2").card, reason="stolen")
        shop.store_credit.grant("siti", IDR(50_000), reason="sorry", key="g-1")
        credit = [FromGiftCard(card.code, IDR(30_000)), FromStoreCredit(IDR(10_000))]
        for key in ("w-1", "w-2"):
            order = shop.orders.place(Basket({"TEH": 3}, customer="siti"), tender="cash", credit=credit, key=key)
        shop.orders.cancel(order, reason="changed mind")
        assert shop.verify()
    return path, card.card.id


HARM = {
    "a card has more than the books owe": "UPDATE tokolib_counter SET value = value + 1 WHERE name = 'balance:{card}'",
    "a card has less than nothing": "UPDATE tokolib_counter SET value = -1 WHERE name = 'balance:{card}'",
    "a grant's counter is gone": "DELETE FROM tokolib_counter WHERE name LIKE 'balance:crd_%'",
    "a blocked card pays": "UPDATE tokolib_counter SET value = 0 WHERE name LIKE 'stopped:gft_%' AND value = 1",
    "a counter is of nothing": "UPDATE tokolib_counter SET name = 'balance:gft_none' WHERE name = 'balance:{card}'",
    "a redemption is gone": "DELETE FROM tokolib_ledger WHERE refers_to = '{card}' AND kind = 'stored_value.redeemed'",
    "a return is another": "UPDATE tokolib_ledger SET amount = amount * 2 WHERE kind = 'stored_value.returned'",
    "a redemption is of no payment": "UPDATE tokolib_ledger SET batch = 'int_x.1' WHERE kind = 'stored_value.redeemed'",
    "an issue is gone": "DELETE FROM tokolib_ledger WHERE kind = 'stored_value.issued'",
    "another currency": "UPDATE tokolib_ledger SET unit = 'USD' WHERE kind = 'stored_value.sold'",
    "a posting is about nothing": "UPDATE tokolib_ledger SET refers_to = 'gft_none' WHERE kind = 'stored_value.sold'",
    "an order's half is gone": "DELETE FROM tokolib_ledger WHERE account = 'money:gift_card' AND refers_to LIKE 'ord%'",
}


@pytest.mark.parametrize("text", HARM.values(), ids=HARM)
def test_tampering_is_seen(sold, tmp_path, text):
    """Whatever was changed by hand, the report names it."""
    path, card = sold
    copy = tmp_path / "toko.db"
    shutil.copy(path, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(text.format(card=card)).rowcount > 0
    connection.close()

    with tokolib.open(f"sqlite:///{copy}") as shop:
        report = shop.verify()

    assert not report
    assert {each.promise for each in report.violations} & {"X4", "M1"}
    assert all(each.row and each.found and each.repair for each in report.violations)
