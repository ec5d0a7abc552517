"""The rooms of a shop, each behind its door, wired to a storage, a clock and the outside world. No rule lives here.

A door loads its room when it is first used, so that opening a shop costs little.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from tokolib.desk.settings import SettingsService
from tokolib.kernel.hosting import Colour, Service
from tokolib.kernel.work import Work

if TYPE_CHECKING:
    from tokolib.catalog.service import CatalogService
    from tokolib.checkout.providing import TaxDesk
    from tokolib.checkout.service import CartDoor
    from tokolib.desk.outbox import OutboxService, Outgoing
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.desk.reviews.door import ReviewService
    from tokolib.documents.service import InvoiceService
    from tokolib.effects.ports import Observe
    from tokolib.fulfilment.couriers.ports import Courier
    from tokolib.fulfilment.licences.sealing import Sealer
    from tokolib.fulfilment.licences.service import LicenceService
    from tokolib.fulfilment.manifests.service import ManifestService
    from tokolib.fulfilment.pickups.service import PickupService
    from tokolib.fulfilment.service import ShipmentService
    from tokolib.inventory.backorders.service import BackorderService
    from tokolib.inventory.counts.service import CountService
    from tokolib.inventory.expected.service import ExpectedReceiptService
    from tokolib.inventory.lots.service import LotService
    from tokolib.inventory.service import StockService
    from tokolib.inventory.transfers.service import TransferService
    from tokolib.kernel.ids import OrderId
    from tokolib.kernel.unit import Unit
    from tokolib.orders.foreign.service import ForeignOrderService
    from tokolib.orders.ledger import LedgerService
    from tokolib.orders.offers.service import OfferService
    from tokolib.orders.service import OrderService
    from tokolib.payments.accepting.service import TenderService
    from tokolib.payments.plans.service import PlanService
    from tokolib.payments.ports import PaymentGateway
    from tokolib.payments.service import PaymentsService
    from tokolib.payments.webhooks import WebhookService
    from tokolib.pricing.charges.service import ChargeService
    from tokolib.pricing.exchange.ports import ExchangeRates
    from tokolib.pricing.service import PriceDoor
    from tokolib.reconciliation.service import SettlementService
    from tokolib.returns.claims.service import ClaimService
    from tokolib.returns.exchanges.service import ExchangeService
    from tokolib.returns.labels.service import ReturnLabelService
    from tokolib.returns.service import ReturnService
    from tokolib.shipping.service import DeliveryService
    from tokolib.shop.promotions import PromotionDoor
    from tokolib.stored_value.service import GiftCardService
    from tokolib.stored_value.store_credit import StoreCreditService
    from tokolib.tax.ports import TaxProvider


@attrs.frozen
class Outside:
    """What a shop reaches the outside world by."""

    gateways: "Mapping[str, PaymentGateway]"
    broker: "Broker | None"
    relay_policy: "RelayPolicy | None"
    tax: "TaxProvider | None"
    tax_fallback: "TaxProvider | None"
    exchange: "ExchangeRates | None"
    tax_formerly: "tuple[TaxProvider, ...]" = ()
    couriers: "Mapping[str, Courier]" = attrs.field(factory=dict)
    sealer: "Sealer | None" = None

    @property
    def taxes(self) -> "Mapping[str, TaxProvider]":
        """Every tax provider that can be told of a document, by its name."""
        return {each.name: each for each in (*self.tax_formerly, self.tax_fallback, self.tax) if each is not None}


class Rooms(Service[Colour]):
    """The doors to the rooms, by one actor."""

    def __init__(self, work: Work, outside: Outside, *, blocking: bool) -> None:
        self.blocking = blocking
        self._work = work
        self._outside = outside

    @cached_property
    def settings(self) -> "SettingsService[Colour]":
        """Reading and changing the shop's configuration."""
        return SettingsService(self._work, self.blocking)

    @cached_property
    def catalog(self) -> "CatalogService[Colour]":
        """Products, and everything that describes them."""
        from tokolib.catalog.service import CatalogService
        from tokolib.inventory.register import moved

        return CatalogService(self._work, self.blocking, moved)

    @cached_property
    def prices(self) -> "PriceDoor[Colour]":
        """Price lists, prices, and what the shelf shows."""
        from tokolib.pricing.service import PriceDoor

        return PriceDoor(self._work, self.blocking, self._outside.exchange)

    @cached_property
    def promotions(self) -> "PromotionDoor[Colour]":
        """Promotions and coupons, and what past orders would have come to under others."""
        from tokolib.shop.promotions import PromotionDoor

        return PromotionDoor(self._work, self.blocking)

    @cached_property
    def charges(self) -> "ChargeService[Colour]":
        """What is asked by rule beside the goods: cash on delivery, gift wrap, small orders, insurance, service."""
        from tokolib.pricing.charges.service import ChargeService

        return ChargeService(self._work, self.blocking)

    @cached_property
    def stock(self) -> "StockService[Colour]":
        """Levels, movements, locations."""
        from tokolib.inventory.service import StockService

        return StockService(self._work, self.blocking)

    @cached_property
    def transfers(self) -> "TransferService[Colour]":
        """Goods on their way between the shop's locations."""
        from tokolib.inventory.transfers.service import TransferService

        return TransferService(self._work, self.blocking)

    @cached_property
    def counts(self) -> "CountService[Colour]":
        """Counting what is really there."""
        from tokolib.inventory.counts.service import CountService

        return CountService(self._work, self.blocking)

    @cached_property
    def lots(self) -> "LotService[Colour]":
        """Lots, serials and expiry dates."""
        from tokolib.inventory.lots.service import LotService
        from tokolib.returns.putting_away import references_of

        return LotService(self._work, self.blocking, references_of)

    @cached_property
    def expected(self) -> "ExpectedReceiptService[Colour]":
        """Goods that are to come, and by when so many can be had."""
        from tokolib.inventory.expected.service import ExpectedReceiptService

        return ExpectedReceiptService(self._work, self.blocking)

    @cached_property
    def backorders(self) -> "BackorderService[Colour]":
        """How much may be promised before it is there, and for when."""
        from tokolib.inventory.backorders.service import BackorderService

        return BackorderService(self._work, self.blocking)

    @cached_property
    def delivery(self) -> "DeliveryService[Colour]":
        """Delivery methods and their rates."""
        from tokolib.shipping.service import DeliveryService

        return DeliveryService(self._work, self.blocking)

    @cached_property
    def tenders(self) -> "TenderService[Colour]":
        """Which ways to pay are offered, to whom, and for how much."""
        from tokolib.payments.accepting.service import TenderService

        return TenderService(self._work, self.blocking, tuple(self._outside.gateways))

    @cached_property
    def plans(self) -> "PlanService[Colour]":
        """Deposits and instalments that are offered."""
        from tokolib.payments.plans.service import PlanService

        return PlanService(self._work, self.blocking, tuple(self._outside.gateways))

    @cached_property
    def carts(self) -> "CartDoor[Colour]":
        """Carts, and the quotes that they become."""
        from tokolib.checkout.service import CartDoor

        return CartDoor(self._work, self.blocking, self._outside.gateways, self._taxes)

    @cached_property
    def offers(self) -> "OfferService[Colour]":
        """Quotes that staff sends to customers, and the orders that they become."""
        from tokolib.orders.offers.service import OfferService

        return OfferService(self._work, self.blocking, self._observe, self._outside.gateways, self._taxes)

    @cached_property
    def foreign(self) -> "ForeignOrderService[Colour]":
        """Orders that were made elsewhere, taken over with every figure that was agreed there."""
        from tokolib.fulfilment.steps import hand_over
        from tokolib.orders.foreign.service import ForeignOrderService

        outside = self._outside

        async def ship(unit: "Unit", order: "OrderId", tracking: str) -> None:
            gateways = outside.gateways
            await hand_over(unit, order, None, tracking=tracking, method="", gateways=gateways, observe=self._observe)

        return ForeignOrderService(self._work, self.blocking, self._observe, outside.gateways, self._taxes, ship)

    @cached_property
    def orders(self) -> "OrderService[Colour]":
        """Placing orders, following them, ending them."""
        from tokolib.orders.service import OrderService

        return OrderService(self._work, self.blocking, self._observe, self._outside.gateways, self._taxes)

    @cached_property
    def payments(self) -> "PaymentsService[Colour]":
        """What the shop knows and does about money."""
        from tokolib.payments.service import PaymentsService

        return PaymentsService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def gift_cards(self) -> "GiftCardService[Colour]":
        """Gift cards: sold, given away, stopped."""
        from tokolib.orders.cards import card_lines
        from tokolib.stored_value.service import GiftCardService

        return GiftCardService(self._work, self.blocking, card_lines)

    @cached_property
    def store_credit(self) -> "StoreCreditService[Colour]":
        """What customers have with the shop."""
        from tokolib.stored_value.store_credit import StoreCreditService

        return StoreCreditService(self._work, self.blocking)

    @cached_property
    def shipments(self) -> "ShipmentService[Colour]":
        """Goods on their way."""
        from tokolib.fulfilment.service import ShipmentService

        outside = self._outside
        return ShipmentService(self._work, self.blocking, self._observe, outside.couriers, outside.gateways)

    @cached_property
    def pickups(self) -> "PickupService[Colour]":
        """Parcels to be fetched."""
        from tokolib.fulfilment.pickups.service import PickupService

        return PickupService(self._work, self.blocking, self._observe, self._outside.couriers)

    @cached_property
    def manifests(self) -> "ManifestService[Colour]":
        """What couriers' drivers were given."""
        from tokolib.fulfilment.manifests.service import ManifestService

        return ManifestService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def licences(self) -> "LicenceService[Colour]":
        """Keys of digital goods."""
        from tokolib.fulfilment.licences.service import LicenceService

        outside = self._outside
        return LicenceService(self._work, self.blocking, self._observe, outside.gateways, outside.sealer)

    @cached_property
    def returns(self) -> "ReturnService[Colour]":
        """Goods that come back."""
        from tokolib.returns.service import ReturnService

        return ReturnService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def return_labels(self) -> "ReturnLabelService[Colour]":
        """Labels that the shop buys, so that goods come back."""
        from tokolib.returns.labels.service import ReturnLabelService

        return ReturnLabelService(self._work, self.blocking, self._observe, self._outside.couriers)

    @cached_property
    def exchanges(self) -> "ExchangeService[Colour]":
        """Something else for goods that come back."""
        from tokolib.returns.exchanges.service import ExchangeService

        return ExchangeService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def claims(self) -> "ClaimService[Colour]":
        """What is wrong with goods, and how the shop makes up for it."""
        from tokolib.returns.claims.service import ClaimService

        return ClaimService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def invoices(self) -> "InvoiceService[Colour]":
        """Invoices and credit notes, and what a tax provider is told of them."""
        from tokolib.documents.service import InvoiceService

        return InvoiceService(self._work, self.blocking, self._observe, self._outside.tax, self._outside.taxes)

    @cached_property
    def settlements(self) -> "SettlementService[Colour]":
        """What gateways and couriers have paid out, held against the books and the bank."""
        from tokolib.reconciliation.service import SettlementService

        return SettlementService(self._work, self.blocking, self._observe)

    @cached_property
    def reviews(self) -> "ReviewService[Colour]":
        """What waits for a person, because no rule can decide it."""
        from tokolib.desk.reviews.door import ReviewService

        return ReviewService(self._work, self.blocking, self._observe)

    @cached_property
    def ledger(self) -> "LedgerService[Colour]":
        """The postings of orders and accounts, to look at."""
        from tokolib.orders.ledger import LedgerService

        return LedgerService(self._work, self.blocking)

    @cached_property
    def webhooks(self) -> "WebhookService[Colour]":
        """What payment providers send."""
        from tokolib.payments.webhooks import WebhookService

        return WebhookService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def outbox(self) -> "OutboxService[Colour]":
        """Events on their way out, and those that didn't get there."""
        from tokolib.desk.outbox import OutboxService

        return OutboxService(self._work, self.blocking, self._outgoing)

    @cached_property
    def _outgoing(self) -> "Outgoing":
        from tokolib.desk.outbox import Outgoing
        from tokolib.desk.relay_policy import RelayPolicy
        from tokolib.records.messages import message_of

        return Outgoing(self._outside.broker, self._outside.relay_policy or RelayPolicy(), message_of)

    @cached_property
    def _observe(self) -> "Observe":
        from tokolib.desk.observe import Desk

        return Desk()

    @cached_property
    def _taxes(self) -> "TaxDesk":
        from tokolib.checkout.providing import TaxDesk

        return TaxDesk(self._outside.tax, self._outside.tax_fallback)
