"""The reference names what an access policy is asked for, as the running code asks it."""

import re
import runpy
from importlib import import_module
from pathlib import Path

from pages.commands import commands, permissions
from pages.doors import doors
from printed import printed

from tokolib.kernel import hosting
from tokolib.kernel.ctx import Decision
from tokolib.shop import Doors

ROOT = Path(__file__).parents[2]
READING = {
    "CartDoor.options",
    "CartDoor.quoted",
    "BackorderService.all",
    "BackorderService.of",
    "CartService.by_token",
    "CartService.get",
    "CartService.problems",
    "CatalogService.categories",
    "CatalogService.export_csv",
    "CatalogService.get",
    "CatalogService.page",
    "CatalogService.product",
    "CatalogService.product_type",
    "CatalogService.sellables",
    "ChargeService.get",
    "ChargeService.running",
    "CountService.get",
    "CountService.in_state",
    "CountService.sheet",
    "CouponService.coupons",
    "ClaimService.get",
    "ClaimService.of",
    "DeliveryService.methods",
    "DeliveryService.rates",
    "Doors.timeline",
    "Doors.verify",
    "ExpectedReceiptService.get",
    "ExpectedReceiptService.of",
    "ExpectedReceiptService.promise",
    "ExchangeLookups.get",
    "ExchangeLookups.of",
    "ForeignOrderService.differing",
    "ForeignOrderService.find",
    "ForeignOrderService.of",
    "GiftCardService.balance",
    "GiftCardService.find",
    "GiftCardService.get",
    "GiftCardService.page",
    "GiftCardService.statement",
    "InvoiceService.filing",
    "InvoiceService.get",
    "InvoiceService.of",
    "LedgerService.balance",
    "LedgerService.balances",
    "LedgerService.of",
    "LedgerService.page",
    "LotService.get",
    "LotService.levels",
    "LotService.movements",
    "LotService.of",
    "LotService.orders_of",
    "LicenceService.get",
    "LicenceService.of",
    "ManifestService.get",
    "ManifestService.page",
    "OfferService.figures",
    "OfferService.get",
    "OfferService.history",
    "OfferService.in_state",
    "OrderLookups.as_of",
    "OrderLookups.by_reference",
    "OrderLookups.explain",
    "OrderLookups.get",
    "OrderLookups.history",
    "OrderLookups.page",
    "OutboxService.dead_letters",
    "PaymentLookups.disputes",
    "PaymentLookups.explain",
    "PaymentLookups.intent",
    "PaymentLookups.next_action",
    "PaymentLookups.schedule",
    "PlanService.offers",
    "PickupService.get",
    "PickupService.in_state",
    "PickupService.not_fetched",
    "PriceDoor.shelf",
    "PriceDoor.shelves",
    "PriceService.get",
    "PriceService.history",
    "PriceService.lowest",
    "PriceService.page",
    "PriceService.shown",
    "PromotionDoor.lint",
    "PromotionDoor.what_if",
    "PromotionService.get",
    "PromotionService.page",
    "ReturnLabelLookups.get",
    "ReturnLabelLookups.in_state",
    "ReturnLabelLookups.of",
    "ReturnLabelLookups.unused",
    "ReturnLife.get",
    "ReturnLife.of",
    "ReturnPolicies.eligible",
    "ReviewService.count",
    "ReviewService.get",
    "ReviewService.list",
    "SettingsService.get",
    "SettlementService.exchange",
    "SettlementService.in_review",
    "SettlementService.of_order",
    "SettlementService.owed",
    "SettlementService.reconcile",
    "ShipmentLabelling.label",
    "ShipmentLabelling.labels",
    "ShipmentLookups.get",
    "ShipmentLookups.in_state",
    "ShipmentLookups.of",
    "ShipmentLookups.undecided",
    "ShipmentPoints.point",
    "ShipmentPoints.points",
    "ShipmentWarehouse.pick_list",
    "StockLevels.available",
    "StockLevels.level",
    "StockLevels.movements",
    "StoreCreditService.balance",
    "StoreCreditService.grants",
    "StoreCreditService.statement",
    "TenderService.policies",
    "TransferService.get",
    "TransferService.in_state",
}
"""The commands that change nothing."""


def test_each_command_that_writes_names_one_permission():
    """`room.verb`, and none for a command that only reads: a new command has to be the one or the other."""
    asked = commands()

    assert {name for name, named in asked.items() if not named} == READING
    assert [] == [named for name, named in asked.items() if name not in READING and len(named) != 1]
    assert [] == [each for named in asked.values() for each in named if not re.fullmatch(r"[a-z_]+\.[a-z_]+", each)]


def test_the_page_says_it_beside_each_command():
    """As many lines as commands that write, and one for `open`."""
    page = doors()

    assert 1 + len(commands()) - len(READING) == page.count("\nPermission: `")
    assert "-> Shop\n```\n\n`tokolib.aopen(…)`" in page
    assert "\nPermission: `shop.open`.\n" in page
    assert "-> Order\n```\n\nPermission: `orders.place`.\n" in page


def test_the_commands_of_the_tutorial_ask_for_what_the_reference_says(monkeypatch, tmp_path):
    """The policy is asked for that permission and for no other, and not at all by what only reads."""
    named = commands()
    import_module("tokolib.adapters.sqlite.storage")  # or it would take the recording one for its own
    asked: dict[str, set[str]] = {}
    running = ["open"]
    really_drive = hosting.drive

    class Recording:
        def check(self, ctx, permission):
            asked.setdefault(running[-1], set()).add(permission)
            return Decision(allowed=True)

    def drive(call, part):
        running.append(call.cr_code.co_qualname)
        asked.setdefault(running[-1], set())
        try:
            return really_drive(call, part)
        finally:
            running.pop()

    monkeypatch.setattr("tokolib.shop.planning.AllowAll", Recording)
    monkeypatch.setattr(hosting, "drive", drive)
    page = (ROOT / "docs" / "tutorial" / "first-shop.md").read_text("utf-8")
    story = tmp_path / "story.py"
    story.write_text("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), "utf-8")

    printed(lambda: runpy.run_path(str(story)))

    assert {"shop.open"} == asked.pop("open")
    assert {name: set(named[name]) for name in asked} == asked
    assert 15 < len([name for name in asked if name not in READING])


def test_permissions_are_found_through_what_a_command_calls():
    """`tick` writes in another module, by a constant's name."""
    assert ["shop.tick"] == permissions(Doors, "tick")
