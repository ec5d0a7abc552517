"""Cash on delivery and insurance. Figures: facts/fixtures/tax_weight_vectors.json, indonesia.md section 4.2."""

from decimal import Decimal

import pytest

from tokolib.checkout.wording import explained
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.shipping.errors import FeeNotOffered, InvalidMethod
from tokolib.shipping.fees import FeeKind, FeeRule
from tokolib.shipping.model import DeliveryMethod, MethodKind, Terms, method_code
from tokolib.shipping.presets import COD_FEES, JNE_INSURANCE
from tokolib.shipping.rate import cod_fee, insurance


def method(**terms):
    return DeliveryMethod(method_code("jne:reg"), 1, Terms("JNE REG", MethodKind.FLAT, IDR, 18_000, **terms))


@pytest.mark.parametrize(("value", "premium"), [(2_000_000, 9_000), (3_500_000, 12_000), (1, 5_001)])
def test_jne_insurance_is_a_fifth_of_a_percent_and_5_000(value, premium):
    """0.2 % of the goods' value, rounded up, and Rp5,000."""
    fee = insurance(method(insurance=JNE_INSURANCE), IDR(value))

    assert (FeeKind.INSURANCE, IDR(premium), IDR(premium)) == (fee.kind, fee.amount, fee.reason.amount)


@pytest.mark.parametrize(
    ("courier", "amount", "fee"),
    [("jne", 500_000, 20_000), ("jne", 50_000, 3_500), ("sicepat", 10_000, 2_000), ("anteraja", 100_000, 5_000)],
)
def test_cash_on_delivery_paid_out_in_seven_days(courier, amount, fee):
    """max(minimum, percent rounded up)."""
    assert IDR(fee) == cod_fee(method(cod_fee=COD_FEES[courier][7]), IDR(amount)).amount


def test_sooner_paid_out_costs_more():
    """4, 5, 6 % for 7, 5, 3 days at JNE."""
    assert [20_000, 25_000, 30_000] == [COD_FEES["jne"][days].on(500_000) for days in (7, 5, 3)]


def test_cash_on_delivery_may_cost_nothing_or_be_refused():
    """No rule: no fee; not offered: an error; out of bounds: an error that names them."""
    assert cod_fee(method(), IDR(1)) is None
    with pytest.raises(FeeNotOffered, match="jne:reg offers no cod_fee"):
        cod_fee(method(cod=False), IDR(1))
    with pytest.raises(FeeNotOffered, match="from 25000 to 5000000 minor units, not for 24999"):
        cod_fee(method(cod_fee=COD_FEES["jne"][7]), IDR(24_999))
    with pytest.raises(FeeNotOffered, match="insurance"):
        insurance(method(), IDR(1))


def test_fees_are_in_the_methods_currency():
    """No amounts of two currencies in one fee."""
    with pytest.raises(CurrencyMismatch):
        insurance(method(insurance=JNE_INSURANCE), USD(100))


@pytest.mark.parametrize(
    "fault",
    [
        {"percent": 101},
        {"percent": -1},
        {"minimum": -1},
        {"fixed": -1},
        {"least": "1"},
        {"most": 1.5},
        {"most": 5, "least": 10},
    ],
)
def test_an_impossible_fee_is_refused(fault):
    """Negative, more than the amount itself, or offered for nothing."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        FeeRule(**({"percent": Decimal(1)} | fault))


def test_a_fee_tells_only_what_its_rule_says():
    """No Rp0, and no source where none is known."""
    told = [
        explained(cod_fee(method(cod_fee=rule), IDR(100_000)).reason, "en").splitlines()
        for rule in (FeeRule("3", minimum=2_000), FeeRule("0.5", fixed=1_000, source="a courier's page"))
    ]

    heads = [[line.strip().split("  ")[0] for line in each] for each in told]
    assert [
        ["Cash on delivery of Rp100,000: 3 %", "at least Rp2,000"],
        ["Cash on delivery of Rp100,000: 0.5 %", "plus Rp1,000", "source: a courier's page"],
    ] == heads
