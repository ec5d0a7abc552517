"""Charges that are taxed by the goods' mix: what each class has of the charge, and of what was taken off it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

import tokolib
from tokolib import IDR, Policies
from tokolib.checkout.lines import QuoteCharge
from tokolib.documents import uncredited
from tokolib.documents.charges import charge_lines
from tokolib.documents.stated import OUTSIDE
from tokolib.kernel.policies import TaxBase
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount
from tokolib.testing import ManualClock


def tax(rate: int, base: int, amount: int, letter: str = "S", fraction: Fraction = Fraction(1)) -> TaxAmount:
    return TaxAmount("VAT", "VAT", Decimal(rate), fraction, base, amount, letter, "a law")


def part(taxable: int, *taxes: TaxAmount) -> ChargePart:
    return ChargePart(f"class of {taxable}", taxable, taxes)


def charge(amount: int, net: int, total: int, *parts: ChargePart, off: tuple[int, ...] = ()) -> QuoteCharge:
    return QuoteCharge(
        id="c",
        kind=ChargeKind.SHIPPING,
        label="delivery",
        amount=amount,
        base=amount,
        includes_tax=total == amount - sum(off),
        net=net,
        total=total,
        tax_class="shipping",
        refundable=True,
        shares=(total,),
        parts=parts,
        discounts=tuple(AppliedDiscount("prm_free", "free", "", each) for each in off),
    )


def nets(made: QuoteCharge) -> list[int]:
    return [line.net for line in charge_lines(made, TaxBase.AFTER_DISCOUNTS)]


def test_each_class_states_what_it_was_taxed_on_however_roughly_its_base_tells_it():
    """A base of 2 at 11/120 may be of 17 to 27: what the class has is kept, and not guessed from it."""
    fine, coarse = tax(12, 10, 2, fraction=Fraction(11, 12)), tax(12, 2, 1, fraction=Fraction(11, 120))

    assert [11, 17] == nets(charge(28, 28, 31, part(11, fine), part(17, coarse)))
    assert [11, 27] == nets(charge(38, 38, 41, part(11, fine), part(27, coarse)))


def test_what_is_taken_off_is_shared_as_it_was_priced():
    """Prices with tax: 200 left of 300, half of it at 100 %; each class gave 50, which is 25 and 50 without tax."""
    made = charge(300, 150, 200, part(50, tax(100, 50, 50)), part(100, tax(0, 100, 0, "E")), off=(100,))

    lines = charge_lines(made, TaxBase.AFTER_DISCOUNTS)

    assert [(50, 50, 25, 75), (100, 50, 50, 150)] == [
        (line.net, line.discount, line.allowances[0].amount, line.undiscounted) for line in lines
    ]


def test_what_is_taken_off_after_tax_leaves_no_class_less_than_nothing():
    """Two discounts of 1 that are borne by others: the first class has 1 to give, and the second gives the other."""
    made = charge(2, 0, 0, part(1), part(1, tax(0, 1, 0, "E")), off=(1, 1))

    assert [(0, 1), (0, 1)] == [(line.total, line.discount) for line in charge_lines(made, TaxBase.BEFORE_DISCOUNTS)]


def test_a_few_rupiah_outside_all_tax_stay_outside():
    """Delivery of a cheap voucher with taxed goods: what the voucher has of it is less than rounding could hide."""
    taxed, rest = charge_lines(
        charge(100, 100, 101, part(97, tax(12, 9, 1, fraction=Fraction(11, 120))), part(3)), TaxBase.AFTER_DISCOUNTS
    )

    assert (97, 98, 3, 3) == (taxed.net, taxed.total, rest.net, rest.total)
    assert (OUTSIDE,) == rest.categories


@pytest.fixture
def sold():
    """An order of goods at PPN and a voucher outside tax, with delivery by the goods' mix; and its shop."""
    shop = tokolib.open("memory://", country="ID", pkp_since=date(2020, 1, 1), clock=ManualClock())
    shop.settings.change(policies=Policies(shipping_tax="goods_mix", shipping_refund="with_goods"))
    shop.catalog.put("KOPI", "Kopi")
    shop.catalog.put("VOUCHER", "Voucher", tax_class="none")
    shop.prices.put("KOPI", IDR(99_000))
    shop.prices.put("VOUCHER", IDR(150))
    shop.stock.receive("KOPI", 10, key="opening")
    shop.stock.receive("VOUCHER", 10, key="vouchers")
    shop.delivery.flat("jne:reg", IDR(10_000))
    home = tokolib.Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    quote = shop.carts.quote(shop.carts.start({"KOPI": 3, "VOUCHER": 2}), ship_to=home, delivery="jne:reg")
    yield shop, shop.orders.place(quote, tender="cod", key="till-1")
    shop.close()


def test_an_order_keeps_what_each_class_has_of_its_delivery(sold):
    """300 of 297,300 rupiah are vouchers: 10 of 10,000 for delivery are outside all tax, on order and invoice alike."""
    shop, order = sold

    (delivery,) = order.charges
    invoice = shop.invoices.issue(order)

    assert [("none", 10), ("standard", 9_000)] == [(part.tax_class, part.taxable) for part in delivery.parts]
    assert [(10, (OUTSIDE,)), (9_000, invoice.lines[0].categories)] == [
        (line.net, line.categories) for line in invoice.lines if line.is_charge
    ]
    assert {("S", 9_000 + 267_568), ("O", 10 + 300)} == {
        (row.category.letter, row.taxable) for row in invoice.totals.breakdown
    }


def test_a_part_that_comes_back_takes_each_class_down_and_never_below_zero(sold):
    """Three coffees and two vouchers, one after the other: the last note closes both rows at zero."""
    shop, order = sold
    invoice = shop.invoices.issue(order)
    shop.shipments.delivered(shop.shipments.hand_over(order))

    notes, left = [], []
    for sku in ("KOPI", "VOUCHER", "KOPI", "VOUCHER", "KOPI"):
        notes.append(shop.invoices.credit(shop.returns.accept(order, {sku: 1})))
        left.append([row.taxable for row in uncredited(invoice, notes).breakdown])

    assert all(row >= 0 for rows in left for row in rows)
    assert [0, 0] == left[-1]
    assert shop.verify().ok
