"""What is handed over is looked at before it is used: a wrong type is named, and never a raw error of Python's."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

import tokolib
from tokolib import IDR, Basket
from tokolib.fulfilment.packing import Box, PackingRules, ParcelDraft
from tokolib.inventory.lots import LotReceipt
from tokolib.kernel.book_rates import BookRate
from tokolib.kernel.errors import InvalidInput, TokolibError
from tokolib.kernel.return_policy import ReturnRule
from tokolib.kernel.sourcing_rules import SourcingPlace
from tokolib.kernel.verification import VerificationRule
from tokolib.reconciliation import RowKind, SettlementRow
from tokolib.reconciliation.bank import BankLine
from tokolib.reconciliation.terms import ReconcileTerms
from tokolib.shipping.points import CollectionPoint
from tokolib.shipping.tracking import Scan, TrackingStatus
from tokolib.tax.situation import Certificate
from tokolib.testing.builders import BUYER

NOW, DAY, NOTHING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC), date(2026, 3, 2), IDR(0)
BOX = {"code": "S", "length_mm": 300, "width_mm": 200, "height_mm": 100, "most_grams": 5_000}
ROW = {
    "provider": "p",
    "batch": "b",
    "row": "1",
    "kind": RowKind.CHARGE,
    "on": DAY,
    "key": "k",
    "reference": "r",
    "gross": IDR(5),
    "fee": NOTHING,
    "fee_tax": NOTHING,
    "withheld": NOTHING,
    "net": IDR(5),
    "payout": "",
}
VALUES = {
    Scan: (
        {"at": NOW, "status": TrackingStatus.IN_TRANSIT},
        {"raw_code": None, "raw_text": None, "place": None, "status": 7},
    ),
    SettlementRow: (ROW, dict.fromkeys(("provider", "batch", "row", "key", "reference", "payout", "kind"))),
    BankLine: (
        {"id": "1", "on": DAY, "amount": IDR(5), "description": "x"},
        dict.fromkeys(("id", "description", "reference")),
    ),
    VerificationRule: (
        {"code": "c", "reason": "r", "above": IDR(1)},
        dict.fromkeys(("code", "reason", "owner")),
    ),
    ReturnRule: ({"code": "usual", "days": 3}, {"code": None}),
    SourcingPlace: ({"location": "main"}, {"location": None}),
    ReconcileTerms: ({}, {"ages": None}),
    Certificate: (
        {"number": "1", "holder": "h", "jurisdiction": "ID", "valid_from": DAY},
        {"number": None, "valid_from": NOW, "valid_until": NOW, "taxes": None},
    ),
    Box: (BOX, {"code": ["S"]}),
    PackingRules: (
        {"boxes": [Box(**BOX)]},
        {
            "boxes": None,
            "fill": Decimal("NaN"),
            "fragile": "fragile",
            "apart": 5,
            "refused": None,
            "fragile_most_grams": -1,
            "hazards": ["9"],
        },
    ),
    ParcelDraft: ({"goods": {"A": 1}, "grams": 5}, {"box": "a\x07", "grams": None}),
    CollectionPoint: (
        {"courier": "c", "id": "1", "address": BUYER},
        {"cod": None, "max_dimensions": 5, "max_grams": "x"},
    ),
    BookRate: (
        {"currency": "USD", "books": "IDR", "value": Fraction(16_000), "source": "BI", "as_of": DAY},
        dict.fromkeys(("currency", "books", "source")),
    ),
}


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind, (_, wrong) in VALUES.items() for field in wrong],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_value_says_which_of_its_fields_is_wrong(kind, field):
    """Made with good values it stands; with a wrong one it names the field."""
    good, wrong = VALUES[kind]
    assert kind(**good)

    with pytest.raises(TokolibError) as refused:
        kind(**{**good, field: wrong[field]})

    assert field in str(refused.value)


@pytest.fixture
def shop():
    """A shop with tea."""
    with tokolib.open("memory://", country="ID") as made:
        made.catalog.put("TEH", "Teh")
        made.prices.put("TEH", IDR(20_000))
        made.stock.receive("TEH", 5)
        yield made


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda shop: shop.expected.announce("TEH", 5, on=NOW), "on"),
        (lambda shop: shop.stock.receive("TEH", 5, lots=[LotReceipt("L", 5, expires_on=NOW)]), "lots[0].expires_on"),
        (lambda shop: shop.licences.add("TEH", ["a"], expires_on=NOW, key="k"), "expires_on"),
        (lambda shop: shop.orders.place(Basket({"TEH": 1}), tender="cash", key="k", credit={"GC": 5}), "credit[GC]"),
        (lambda shop: shop.shipments.pick_list(each for each in [None]), "shipments[0]"),
        (lambda shop: shop.counts.open({7: 1}), "skus[7]"),
        (lambda shop: shop.counts.open(each for each in ["TEH", None]), "skus[1]"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_command_looks_at_days_and_at_every_item(shop, call, path):
    """An instant is no day, a mapping is the list of its keys, and what yields items is looked into."""
    with pytest.raises(InvalidInput) as refused:
        call(shop)

    assert [path] == [fault.path for fault in refused.value.faults]
    assert () == shop.verify().violations


def test_what_yields_items_is_taken_as_a_list(shop):
    """It can be looked at only once, and is; of a mapping the keys are taken, such as the SKUs of what is wanted."""
    assert {"TEH"} == {line.sku for line in shop.counts.open(each for each in ["TEH"]).lines}
    assert {"teh"} == set(shop.catalog.sellables({"TEH": 2}))
