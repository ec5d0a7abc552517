"""The door `delivery`, blocking and awaiting, on the memory storage with its wire forms."""

import asyncio
import inspect

import pytest

from tokolib.conditions import equal
from tokolib.kernel.address import Address
from tokolib.kernel.errors import InvalidInput, TokolibError
from tokolib.kernel.events import Event
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.kernel.unit import Unit
from tokolib.shipping import steps
from tokolib.shipping.errors import InvalidMethod, NoRate, TableRejected, UnknownMethod
from tokolib.shipping.events import MethodWithdrawn
from tokolib.shipping.lifecycle import evolve, evolve_sheet
from tokolib.shipping.model import Consignment, MethodKind, TableLoaded, Terms
from tokolib.shipping.places import Area, Destination
from tokolib.shipping.presets import JNE
from tokolib.shipping.service import DeliveryService
from tokolib.shipping.weight import Parcel
from tokolib.tax.errors import UnknownTaxClass

SITI = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
TABLE = "kota,kecamatan,harga,harga per kg\nKota Yogyakarta,,10000,8000\nSleman,Depok,12000,\nSleman,,14000,\n"


def versions(delivery) -> dict[str, int]:
    return {method.id: method.version for method in delivery.methods()}


def test_a_flat_method_put_twice_is_put_once(delivery):
    """Idempotent by value; a change raises the version."""
    first = delivery.flat("JNE:REG", IDR(18_000))

    assert first == delivery.flat("JNE:REG", IDR(18_000))
    assert (IDR(18_000), JNE) == (delivery.rates(SITI)[0].amount, first.terms.weight_rule)
    assert 2 == delivery.flat("jne:reg", IDR(20_000), free_from=IDR(500_000)).version
    assert [IDR(0)] == [one.amount for one in delivery.rates(SITI, goods=IDR(500_000))]


def test_a_province_is_found_by_any_of_its_names(delivery):
    """The table says DKI, the address what the customer wrote."""
    delivery.table("jne:reg", "provinsi,harga\nDKI Jakarta,18000\n")

    for name in ("Jakarta", "Daerah Khusus Ibukota Jakarta", "DKI Jakarta"):
        assert [IDR(18_000)] == [rate.amount for rate in delivery.rates(Destination("ID", name), grams=1)]


def test_removed_methods_are_not_offered_and_may_come_back(delivery):
    """Removing twice, or what never was, is harmless."""
    delivery.flat("jne:reg", IDR(18_000))
    delivery.withdraw("jne:reg")
    delivery.withdraw("JNE:REG")
    delivery.withdraw("never:was")

    assert {} == versions(delivery)
    delivery.flat("jne:reg", IDR(18_000))
    assert {"jne:reg": 3} == versions(delivery)


def test_without_a_method_there_is_no_rate(delivery):
    """And the error says how to add one."""
    with pytest.raises(NoRate, match="no delivery rate to Yogyakarta, 55271, ID; tried: nothing") as caught:
        delivery.rates(SITI)

    assert "shop.delivery.flat('jne:reg', IDR(18_000))" in caught.value.hint


def test_a_table_by_city_and_weight(delivery):
    """The bare city of an address finds the row of the city; the district is finer than its regency."""
    assert TableLoaded(3, 2, 2, False) == delivery.table("jne:reg", TABLE, name="JNE Reguler")

    assert [IDR(26_000)] == [one.amount for one in delivery.rates(SITI, grams=2400)]
    depok = Destination("ID", city="Kab. Sleman", district="Depok")
    assert [IDR(12_000)] == [one.amount for one in delivery.rates(depok, parcels=[Parcel(500)])]
    with pytest.raises(NoRate, match=r"jne:reg \(no zone\)"):
        delivery.rates(Destination("ID", city="Solo"))


def test_the_same_table_changes_nothing_and_a_new_one_replaces_it_whole(delivery):
    """Only shelves that differ are written; what the new table lacks is gone."""
    delivery.table("jne:reg", TABLE)

    assert TableLoaded(3, 2, 0, False) == delivery.table("jne:reg", TABLE.encode())
    assert {"jne:reg": 1} == versions(delivery)
    assert TableLoaded(1, 1, 2, False) == delivery.table("jne:reg", "city,price\nKota Yogyakarta,11000\n")
    assert [IDR(11_000)] == [one.amount for one in delivery.rates(SITI)]
    with pytest.raises(NoRate):
        delivery.rates(Destination("ID", city="Sleman"))
    assert 0 == delivery.table("jne:reg", "city,price\nKota Yogyakarta,11000\n").changed


@pytest.mark.parametrize("code", ["", " ", "jne reg"])
def test_what_is_no_code_is_told_as_a_code(delivery, code):
    """Also where no name was given, and the code would have served as one."""
    with pytest.raises(InvalidMethod, match=r"code .*must look like 'jne:reg'"):
        delivery.flat(code, IDR(18_000))


def test_a_dry_run_checks_everything_and_stores_nothing(delivery):
    """It answers what would change."""
    assert TableLoaded(3, 2, 2, True) == delivery.table("jne:reg", TABLE, dry_run=True)
    assert {} == versions(delivery)


def test_a_rejected_table_leaves_the_old_one(delivery):
    """All or nothing."""
    delivery.table("jne:reg", TABLE)

    with pytest.raises(TableRejected, match="line 3, price"):
        delivery.table("jne:reg", "city,price\nSolo,1\nBantul,x\n")

    assert [IDR(10_000)] == [one.amount for one in delivery.rates(SITI)]


def test_a_big_table_is_read_by_shelves(delivery):
    """More sheets than a page of the index, loaded twice."""
    csv = "city,price\n" + "".join(f"City {n},{n}\n" for n in range(1, 451))

    assert (450, 0) == (delivery.table("x:y", csv).changed, delivery.table("x:y", csv).changed)
    assert [IDR(321)] == [one.amount for one in delivery.rates(Destination("ID", city="City 321"))]


def test_many_methods_are_all_offered(delivery):
    """More than one page."""
    for n in range(205):
        delivery.flat(f"c:{n:03}", IDR(n))

    assert 205 == len(delivery.rates(SITI))


def test_put_takes_any_terms_and_checks_their_conditions(delivery):
    """A misspelt fact is told at once."""
    terms = Terms("Kurir toko", MethodKind.FLAT, IDR, 5_000, areas=(Area("ID", city="Yogyakarta"),))

    assert terms == delivery.put("own", terms).terms
    with pytest.raises(InvalidInput) as caught:
        delivery.put("own", Terms("x", MethodKind.FLAT, IDR, conditions=equal("provinse", "Bali")))
    assert ["conditions.fact"] == [fault.path for fault in caught.value.faults]
    assert terms == delivery.put("own", terms).terms


def test_a_threshold_is_in_the_prices_currency(delivery):
    """Nothing was stored."""
    with pytest.raises(CurrencyMismatch):
        delivery.flat("jne:reg", IDR(1), free_from=USD(1))
    assert {} == versions(delivery)


def test_a_method_asked_by_name(delivery, work):
    """As the checkout does; one that isn't offered is named with those that are."""
    delivery.flat("jne:reg", IDR(18_000))
    delivery.table("jne:yes", TABLE)
    asked = Consignment(Destination.of(SITI), IDR, (Parcel(500),))

    def ask(code: str):
        async def step(unit: Unit):
            return await steps.rate(unit, code, asked, {})

        return run(work.read(step))

    assert (IDR(18_000), IDR(10_000)) == (ask("JNE:REG ").amount, ask("jne:yes").amount)
    with pytest.raises(UnknownMethod, match="no delivery method 'jne:oke'; active: jne:reg, jne:yes"):
        ask("jne:oke")


def run(coroutine):
    return asyncio.run(coroutine)


def test_the_awaiting_face_is_the_same(work):
    """One body, two colours."""
    delivery = DeliveryService(work, blocking=False)

    async def story():
        await delivery.flat("jne:reg", IDR(18_000))
        return await delivery.rates(SITI)

    assert inspect.iscoroutinefunction(story)
    assert [IDR(18_000)] == [one.amount for one in run(story())]


def test_histories_refuse_events_of_others():
    """A wrong event is a fault of the program."""
    with pytest.raises(TypeError, match="MethodWithdrawn"):
        evolve(None, MethodWithdrawn("x"))
    with pytest.raises(TypeError, match="Event"):
        evolve_sheet(None, Event())


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"free_from": 500_000}, "kernel.not_money"),
        ({"areas": ["Sleman"]}, "kernel.invalid_input"),
    ],
)
def test_a_method_of_the_wrong_things_is_refused(delivery, options, code):
    """Bare numbers, names instead of areas; nothing is stored."""
    with pytest.raises(TokolibError) as refused:
        delivery.flat("jne:reg", IDR(18_000), **options)

    assert code == refused.value.code
    assert {} == versions(delivery)


def test_goods_are_worth_money(delivery):
    """A bare number says nothing of its currency."""
    delivery.flat("jne:reg", IDR(18_000))

    with pytest.raises(NotMoney, match="goods: 500000"):
        delivery.rates(SITI, goods=500_000)


def test_a_table_is_read_before_anything_is_locked(delivery):
    """Rows may come from anywhere, even from the shop itself, and are asked for once."""

    def rows():
        delivery.table("jne:reg", TABLE)
        yield {"city": "Kota Yogyakarta", "price": "11000"}

    assert TableLoaded(1, 1, 2, False) == delivery.table("jne:reg", rows())
    assert [IDR(11_000)] == [one.amount for one in delivery.rates(SITI)]


@pytest.mark.parametrize("fault", [{"name": 5}, {"name": None}, {"areas": 5}, {"areas": (1,)}])
def test_terms_of_something_else_are_refused(fault):
    """When they are made, by the name of the field."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        Terms(**({"name": "JNE", "kind": MethodKind.FLAT, "currency": IDR} | fault))


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_unknown_tax_class_is_found_when_the_method_is_put(delivery, dry_run):
    """Not at the first quote, when a customer waits."""
    terms = Terms(name="JNE", kind=MethodKind.FLAT, currency=IDR, tax_class="ongkir")

    for put in (
        lambda: delivery.flat("jne:reg", IDR(18_000), tax_class="ongkir"),
        lambda: delivery.table("jne:reg", TABLE, tax_class="ongkir", dry_run=dry_run),
        lambda: delivery.put("jne:reg", terms),
    ):
        with pytest.raises(UnknownTaxClass, match="known: courier"):
            put()

    assert {} == versions(delivery)
    assert "none" == delivery.flat("jne:reg", IDR(18_000), tax_class="none").terms.tax_class
