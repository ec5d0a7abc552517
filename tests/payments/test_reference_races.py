"""One transfer said for many orders at once: it pays one of them, whichever the storage."""

from threading import Barrier, Thread

import pytest

import tokolib
from tokolib import IDR, Basket
from tokolib.kernel.storage_errors import StorageError
from tokolib.payments import ReferenceTaken

CASHIERS = 6


@pytest.fixture
def served(newest_postgres):
    """A new database of a server that need not be durable."""
    url = f"{newest_postgres.database()}?durable=0"
    tokolib.upgrade_schema(url)
    return url


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def shop(request, tmp_path):
    """A shop that sells tea."""
    match request.param:
        case "postgres":
            url = request.getfixturevalue("served")
        case "sqlite":
            url = f"sqlite:///{tmp_path / 'toko.db'}"
        case _:
            url = "memory://"
    with tokolib.open(url, country="ID") as shop:
        shop.catalog.put("TEH", "Teh", weight="100 g")
        shop.prices.put("TEH", IDR(20_000))
        shop.stock.receive("TEH", 100, key="opening")
        yield shop


def test_many_cashiers_with_one_transfer_pay_one_order(shop):
    """Each says it for an order of its own, all at once: one is paid, the others are told which one."""
    orders = [shop.orders.place(Basket({"TEH": 1}), tender="bank_transfer", key=f"o-{n}") for n in range(CASHIERS)]
    paid, refused, wrong, gate = [], [], [], Barrier(CASHIERS)

    def cashier(order):
        gate.wait()
        for _ in range(20):  # a storage that is asked too often at once says so, and is asked again
            try:
                shop.payments.received(order, order.total, reference="BCA row 17")
                paid.append(order.id)
            except ReferenceTaken as error:
                refused.append(error.taken_by)
            except StorageError as error:
                if not error.retryable:
                    wrong.append(error)
                continue
            except BaseException as error:  # noqa: BLE001 - told by the test, which is in another thread
                wrong.append(error)
            break

    threads = [Thread(target=cashier, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong
    assert (1, [paid[0]] * (CASHIERS - 1)) == (len(paid), refused)
    assert paid == [each.id for each in orders if shop.orders.get(each.id).paid == each.total]
