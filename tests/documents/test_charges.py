"""Charges that are taxed by the goods' mix: what each class has of the charge, and of what was taken off it."""

from decimal import Decimal
from fractions import Fraction

from tokolib.checkout.lines import QuoteCharge
from tokolib.documents.charges import charge_lines
from tokolib.documents.stated import OUTSIDE
from tokolib.kernel.policies import TaxBase
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount


def tax(rate: int, base: int, amount: int, letter: str = "S", fraction: Fraction = Fraction(1)) -> TaxAmount:
    return TaxAmount("VAT", "VAT", Decimal(rate), fraction, base, amount, letter, "a law")


def charge(amount: int, net: int, total: int, *taxes: TaxAmount, off: int = 0) -> QuoteCharge:
    return QuoteCharge(
        id="c",
        kind=ChargeKind.SHIPPING,
        label="delivery",
        amount=amount,
        net=net,
        total=total,
        tax_class="shipping",
        refundable=True,
        shares=(total,),
        discounts=(AppliedDiscount("prm_free", "free", "", off),) if off else (),
        taxes=taxes,
    )


def nets(made: QuoteCharge) -> list[int]:
    return [line.net for line in charge_lines(made, TaxBase.AFTER_DISCOUNTS)]


def test_the_class_whose_base_tells_least_takes_what_rounding_leaves():
    """Of 21, a base of 10 at 11/12 is 11; a base of 2 at 11/120 may be 17 to 27, or with another rounding the 10."""
    fine, coarse = tax(12, 10, 2, fraction=Fraction(11, 12)), tax(12, 2, 1, fraction=Fraction(11, 120))

    assert [11, 10] == nets(charge(21, 21, 24, fine, coarse))
    assert [10, 11] == nets(charge(21, 21, 24, coarse, fine))


def test_what_is_taken_off_is_shared_as_it_was_priced():
    """Prices with tax: 200 left of 300, half of it at 100 %; each class gave 50, which is 25 and 50 without tax."""
    lines = charge_lines(charge(300, 150, 200, tax(100, 50, 50), tax(0, 100, 0, "E"), off=100), TaxBase.AFTER_DISCOUNTS)

    assert [(50, 50, 25, 75), (100, 50, 50, 150)] == [
        (line.net, line.discount, line.allowances[0].amount, line.undiscounted) for line in lines
    ]


def test_what_no_tax_names_is_outside():
    """Delivery of a voucher with taxed goods: 40 of 100 has a base, and 60 is a line of its own."""
    taxed, rest = charge_lines(charge(100, 100, 108, tax(20, 40, 8)), TaxBase.AFTER_DISCOUNTS)

    assert (40, 48, 60, 60) == (taxed.net, taxed.total, rest.net, rest.total)
    assert (OUTSIDE,) == rest.categories
