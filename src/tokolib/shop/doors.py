"""The doors of a shop, wired to a storage, a clock and the outside world. No rule lives here.

A door loads its room when it is first used, so that opening a shop costs little.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import attrs

from tokolib.adapters.hosts.joined import JoinedStorage, told_once
from tokolib.adapters.hosts.transaction import host_transaction
from tokolib.desk.settings import SettingsService
from tokolib.kernel.ctx import Actor, Ctx, permit
from tokolib.kernel.hosting import Awaiting, Blocking, Colour, Service, command, drive, resolved
from tokolib.kernel.rows import BackupReport, Can
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Unsupported
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

if TYPE_CHECKING:
    from tokolib.catalog.service import CatalogService
    from tokolib.checkout.providing import TaxDesk
    from tokolib.checkout.service import CartDoor
    from tokolib.desk.outbox import OutboxService, Outgoing
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.desk.restoring import Restored
    from tokolib.desk.reviews.door import ReviewService
    from tokolib.desk.tick import Ticked
    from tokolib.desk.verify.report import Report
    from tokolib.documents.service import InvoiceService
    from tokolib.effects.ports import Observe
    from tokolib.fulfilment.service import ShipmentService
    from tokolib.inventory.service import StockService
    from tokolib.orders.ledger import LedgerService
    from tokolib.orders.service import OrderService
    from tokolib.payments.accepting.service import TenderService
    from tokolib.payments.plans.service import PlanService
    from tokolib.payments.ports import PaymentGateway
    from tokolib.payments.service import PaymentsService
    from tokolib.payments.webhooks import WebhookService
    from tokolib.pricing.charges.service import ChargeService
    from tokolib.pricing.exchange.ports import ExchangeRates
    from tokolib.pricing.service import PriceDoor
    from tokolib.reconciliation.model import SettlementRow
    from tokolib.reconciliation.service import SettlementService
    from tokolib.reconciliation.terms import ReconcileTerms
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

    @property
    def taxes(self) -> "Mapping[str, TaxProvider]":
        """Every tax provider that can be told of a document, by its name."""
        return {each.name: each for each in (*self.tax_formerly, self.tax_fallback, self.tax) if each is not None}


class Doors(Service[Colour]):
    """Everything that can be done with a shop, by one actor. `acting` gives the same shop to another."""

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

        return ShipmentService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def returns(self) -> "ReturnService[Colour]":
        """Goods that come back."""
        from tokolib.returns.service import ReturnService

        return ReturnService(self._work, self.blocking, self._observe, self._outside.gateways)

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

    def acting(self, actor: Actor, *, tenant: str | None = None, request_id: str = "") -> Self:
        """The same shop for another actor (or another tenant of the same storage); closing either closes both.

        Raises:
            InvalidInput: no actor, an empty tenant or id, or text that is too long or can't be printed.
        Commands raise, beside their own errors:
            NotFound: the *tenant* was never opened. Nothing was changed.
        """
        ctx = Ctx(self._work.ctx.tenant if tenant is None else tenant, actor, request_id)
        return type(self)(attrs.evolve(self._work, ctx=ctx), self._outside, blocking=self.blocking)

    def within(self, transaction: object) -> Self:
        """The same shop inside a transaction that the host has open: both last together, or neither does.

        *transaction* is a connection of sqlite3 or psycopg, or one of SQLAlchemy (its `Session` or `AsyncSession` too)
        or of Django. Each command is a savepoint in it: a refusal takes back its own part and leaves the rest as it is.
        Gateways are not asked inside; `payments.advance(order)` does so after the commit, or `tick`.

        Raises:
            InvalidInput: *transaction* is nothing that can be joined. Unsupported: this storage can't join any.
        Commands raise, beside their own errors:
            Misuse: no transaction is open, or it is on another kind of database than the shop.
            RetryTransaction: the database asks to run the host's transaction again, all of it.
        """
        storage = self._work.storage
        if not storage.capabilities.can(Can.JOIN):
            raise Unsupported(Can.JOIN, storage.capabilities.lacks[Can.JOIN])
        host = host_transaction(transaction)
        joined = attrs.evolve(
            self._work, storage=JoinedStorage(storage, host), joined=True, notify=told_once(self._work.notify, host)
        )
        return type(self)(joined, self._outside, blocking=self.blocking)

    @command
    async def verify(self) -> "Report":
        """The proof of the books: every promise over every stored row. It changes nothing."""
        from tokolib.desk.verify.check import check
        from tokolib.records.archive import RecordArchive

        async def step(unit: Unit) -> "Report":
            return await check(unit, RecordArchive())

        return await self._work.read(step)

    @command
    async def backup(self, target: Path | str) -> BackupReport:
        """A copy of everything in the storage, all tenants, in a new file *target*, made while others sell.

        A path in text is one from the working directory, as `open` would take it; it is no URL.

        Raises:
            Forbidden: the access policy denies `shop.backup`. InsideTransaction: within a transaction of the host.
            Unsupported: this storage has no such copy, and says what to do instead.
            Misuse: something is there already, or the shop was closed. Unavailable, Busy: from the storage.
                Nothing is left of it.
        """
        permit(self._work.access, self._work.ctx, "shop.backup")
        self._work.must_be_outside("backup")
        return await resolved(self._work.storage.backup(Path(target)))

    @command
    async def after_restore(
        self,
        *,
        key: str,
        reason: str,
        last_numbers: Iterable[str] = (),
        settlements: "Iterable[SettlementRow]" = (),
        terms: "ReconcileTerms | None" = None,
    ) -> "Restored":
        """What is to be done first in a shop whose storage was restored from a backup: the world is ahead of it.

        A new epoch stands in every new idempotency key, so that none is used again that a provider knows from the
        time that was lost. Every operation without a definite answer counts as sent: `tick` looks it up before anything
        is sent. *last_numbers* are the last numbers of documents that are known outside, as they are printed, one of
        each series: it goes on behind them, and what lies between is kept as lost, for *reason*. *settlements* are the
        rows of the provider's list since the backup: money that the books have forgotten is learned, and that of
        orders that are gone waits in review.

        All but the settlements is done in one unit, once per *key*; called again, it takes in the rows that are new.
        Call it while nobody sells yet, for each tenant.

        Raises:
            Forbidden: the access policy denies `shop.after_restore`. InsideTransaction: within one of the host.
            InvalidInput: no reason, a number that no document of this shop can have, or something that is no row.
            KeyReused: *key* belongs to another restore. In all cases nothing was changed.
        """
        from tokolib.desk.restoring import after_restore

        self._work.must_be_outside("after_restore")
        return await after_restore(
            self._work,
            self._observe,
            key=key,
            reason=reason,
            last_numbers=last_numbers,
            settlements=settlements,
            terms=terms,
        )

    @command
    async def tick(self, *, budget: int = 100) -> "Ticked":
        """Move on all that waits, at most *budget* of each: unpaid orders, silent gateways and tax
        providers, idle carts, events to send.

        Raises:
            InvalidInput: a *budget* below 1, or above 10^6. Forbidden: the access policy denies `shop.tick`.
            InsideTransaction: the shop works within a transaction of the host.
                In all cases nobody was asked, and nothing was changed.
        """
        from tokolib.desk.tick import tick

        self._work.must_be_outside("tick")
        outside = self._outside
        return await tick(self._work, self._observe, outside.gateways, outside.taxes, self._outgoing, budget)


class Shop(Doors[Blocking]):
    """A shop whose commands return their results."""

    def close(self) -> None:
        """Give back files and connections, and refuse every command from now on. Harmless the second time."""
        self._work.end()
        drive(closed(self._work.storage), "close")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncShop(Doors[Awaiting]):
    """A shop whose commands are awaited."""

    async def close(self) -> None:
        """Give back files and connections, and refuse every command from now on. Harmless the second time."""
        self._work.end()
        await closed(self._work.storage)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def closed(storage: Storage) -> None:
    """Wait until *storage* is closed."""
    await resolved(storage.close())
