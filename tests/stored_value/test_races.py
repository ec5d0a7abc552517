"""Many buyers with one gift card: it pays as often as it has money for, and no more."""

from threading import Barrier, Thread

import pytest

import tokolib
from tokolib import IDR, Basket
from tokolib.kernel.storage_errors import StorageError
from tokolib.stored_value import FromGiftCard, FromStoreCredit, GiftCardRefused, InsufficientBalance, paying
from tokolib.stored_value.model import balance_counter

BUYERS, EACH, PAID_BY = 6, 4, 9


def furnish(url, *, pays=PAID_BY):
    """A shop that sells tea at IDR 20,000, a card that pays for so many, and a customer whose credit does."""
    with tokolib.open(url, country="ID") as shop:
        shop.catalog.put("TEH", "Teh", weight="100 g")
        shop.prices.put("TEH", IDR(20_000))
        shop.stock.receive("TEH", 1_000, key="opening")
        card = shop.gift_cards.sell(IDR(20_000 * pays), method="cash", key="c-1")
        for number in range(3):
            shop.store_credit.grant("siti", IDR(20_000 * PAID_BY // 3), reason="sorry", key=f"g-{number}")
    return card


def race(open_shop, credit, *, each=EACH):
    """How many orders were paid, and what else went wrong, when all buy at once."""
    paid, wrong, gate = [], [], Barrier(BUYERS)

    def buyer(name):
        with open_shop() as shop:
            gate.wait()
            for number in range(each):
                for _ in range(20):  # a storage that is asked too often at once says so, and is asked again
                    try:
                        basket = Basket({"TEH": 1}, customer="siti")
                        paid.append(shop.orders.place(basket, tender="free", credit=credit, key=f"{name}-{number}").id)
                    except (InsufficientBalance, GiftCardRefused):
                        pass
                    except StorageError as error:
                        if not error.retryable:
                            wrong.append(error)
                        continue
                    except BaseException as error:  # noqa: BLE001 - told by the test, which is in another thread
                        wrong.append(error)
                    break

    threads = [Thread(target=buyer, args=(f"b{n}",)) for n in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(set(paid)), wrong


@pytest.fixture
def served(newest_postgres):
    """A new database of a server that need not be durable."""
    url = f"{newest_postgres.database()}?durable=0"
    tokolib.upgrade_schema(url)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    """Where the shop is."""
    return request.getfixturevalue("served") if request.param == "postgres" else f"sqlite:///{tmp_path / 'toko.db'}"


def test_a_card_pays_no_more_than_it_has(url, record_property):
    """Six buyers, four orders each, money for nine; everybody else is told that there is too little."""
    card = furnish(url)

    paid, wrong = race(lambda: tokolib.open(url), [FromGiftCard(card.code)])

    record_property("counted", f"{BUYERS * EACH} orders for a card that pays {PAID_BY}: {paid} paid")
    with tokolib.open(url) as shop:
        assert ([], PAID_BY) == (wrong, paid)
        assert IDR(0) == shop.gift_cards.balance(card.code)
        assert shop.verify()


def test_store_credit_pays_no_more_than_there_is(url, record_property):
    """Over several grants, which everybody wants to use in the same order."""
    furnish(url)

    paid, wrong = race(lambda: tokolib.open(url), [FromStoreCredit()])

    record_property("counted", f"{BUYERS * EACH} orders for credit that pays {PAID_BY}: {paid} paid")
    with tokolib.open(url) as shop:
        assert ([], PAID_BY) == (wrong, paid)
        assert IDR(0) == shop.store_credit.balance("siti")
        assert shop.verify()


def test_the_race_sees_a_card_that_is_read_and_then_written(served, monkeypatch):
    """The control: without the condition on the counter the same race spends what isn't there, and the proof tells."""
    card = furnish(served, pays=1)
    all_have_looked, plan = Barrier(BUYERS), paying.plan

    async def plan_and_wait(*args):
        parts = await plan(*args)
        all_have_looked.wait(60)
        return parts

    def write_what_was_read(unit, value, amount):
        unit.count(balance_counter(value.id), -amount, floor=None)

    monkeypatch.setattr("tokolib.orders.requesting.plan", plan_and_wait)
    monkeypatch.setattr(paying, "lower", write_what_was_read)

    paid, wrong = race(lambda: tokolib.open(served), [FromGiftCard(card.code)], each=1)

    with tokolib.open(served) as shop:
        assert ([], BUYERS) == (wrong, paid)
        assert "X4" in {each.promise for each in shop.verify().violations}
