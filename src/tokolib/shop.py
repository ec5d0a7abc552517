"""The shop: its doors, wired to a storage, a clock and the outside world. No rule lives here.

A door loads its room when it is first used, so that opening a shop costs little.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from inspect import iscoroutinefunction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from tokolib.adapters.hosts.joined import JoinedStorage, told_once
from tokolib.adapters.hosts.transaction import host_transaction
from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.adapters.urls import storage_from_url
from tokolib.desk.settings import SettingsService, settle
from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import AccessPolicy, Actor, AllowAll, Ctx, System, context_faults, permit
from tokolib.kernel.errors import Fault, HostMismatch, InvalidInput, shown
from tokolib.kernel.hosting import Awaiting, Blocking, Colour, Service, command, drive, resolved
from tokolib.kernel.ids import Ids
from tokolib.kernel.rows import BackupReport, Can
from tokolib.kernel.settings import Settings
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import SchemaOutdated, Unsupported
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import repositories

if TYPE_CHECKING:
    from tokolib.catalog.service import CatalogService
    from tokolib.checkout.service import CartDoor
    from tokolib.desk.outbox import OutboxService, Outgoing
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.desk.tick import Ticked
    from tokolib.desk.verify.report import Report
    from tokolib.documents.service import InvoiceService
    from tokolib.effects.ports import Observe
    from tokolib.fulfilment.service import ShipmentService
    from tokolib.inventory.service import StockService
    from tokolib.orders.service import OrderService
    from tokolib.payments.ports import PaymentGateway
    from tokolib.payments.service import PaymentsService
    from tokolib.payments.webhooks import WebhookService
    from tokolib.pricing.promotion_service import PromotionService
    from tokolib.pricing.service import PriceService
    from tokolib.returns.service import ReturnService
    from tokolib.shipping.service import DeliveryService


@attrs.frozen
class _Outside:
    """What a shop reaches the outside world by."""

    gateways: "Mapping[str, PaymentGateway]"
    broker: "Broker | None"
    relay_policy: "RelayPolicy | None"


class Doors(Service[Colour]):
    """Everything that can be done with a shop, by one actor. `acting` gives the same shop to another."""

    def __init__(self, work: Work, outside: _Outside, *, blocking: bool) -> None:
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
    def prices(self) -> "PriceService[Colour]":
        """Price lists and prices."""
        from tokolib.pricing.service import PriceService

        return PriceService(self._work, self.blocking)

    @cached_property
    def promotions(self) -> "PromotionService[Colour]":
        """Promotions and coupons."""
        from tokolib.pricing.promotion_service import PromotionService

        return PromotionService(self._work, self.blocking)

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
    def carts(self) -> "CartDoor[Colour]":
        """Carts, and the quotes that they become."""
        from tokolib.checkout.service import CartDoor

        return CartDoor(self._work, self.blocking)

    @cached_property
    def orders(self) -> "OrderService[Colour]":
        """Placing orders, following them, ending them."""
        from tokolib.orders.service import OrderService

        return OrderService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def payments(self) -> "PaymentsService[Colour]":
        """What the shop knows and does about money."""
        from tokolib.payments.service import PaymentsService

        return PaymentsService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def shipments(self) -> "ShipmentService[Colour]":
        """Goods on their way."""
        from tokolib.fulfilment.service import ShipmentService

        return ShipmentService(self._work, self.blocking)

    @cached_property
    def returns(self) -> "ReturnService[Colour]":
        """Goods that come back."""
        from tokolib.returns.service import ReturnService

        return ReturnService(self._work, self.blocking, self._observe, self._outside.gateways)

    @cached_property
    def invoices(self) -> "InvoiceService[Colour]":
        """Invoices and credit notes."""
        from tokolib.documents.service import InvoiceService

        return InvoiceService(self._work, self.blocking)

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

    def acting(self, actor: Actor, *, tenant: str | None = None, request_id: str = "") -> Self:
        """The same shop for another actor (or another tenant of the same storage); closing either closes both.

        Raises:
            InvalidInput: no actor, an empty tenant or id, or text that is too long or can't be printed.
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
    async def backup(self, target: Path) -> BackupReport:
        """A copy of everything in the storage, all tenants, in a new file *target*, made while others sell.

        Raises:
            Forbidden: the access policy denies `shop.backup`. InsideTransaction: within a transaction of the host.
            Unsupported: this storage has no such copy, and says what to do instead.
            Misuse: something is there already. Unavailable, Busy: from the storage. Nothing is left of it.
        """
        permit(self._work.access, self._work.ctx, "shop.backup")
        self._work.must_be_outside("backup")
        return await resolved(self._work.storage.backup(target))

    @command
    async def tick(self, *, budget: int = 100) -> "Ticked":
        """Move on all that waits, at most *budget* of each: unpaid orders, silent gateways, idle carts, events to send.

        Raises:
            InvalidInput: a *budget* below 1, or above 10^6. Forbidden: the access policy denies `shop.tick`.
            InsideTransaction: the shop works within a transaction of the host.
                In all cases nobody was asked, and nothing was changed.
        """
        from tokolib.desk.tick import tick

        self._work.must_be_outside("tick")
        return await tick(self._work, self._observe, self._outside.gateways, self._outgoing, budget)


class Shop(Doors[Blocking]):
    """A shop whose commands return their results."""

    def close(self) -> None:
        """Give back files and connections. Harmless the second time."""
        drive(_close(self._work.storage), "close")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncShop(Doors[Awaiting]):
    """A shop whose commands are awaited."""

    async def close(self) -> None:
        """Give back files and connections. Harmless the second time."""
        await _close(self._work.storage)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def _close(storage: Storage) -> None:
    await resolved(storage.close())


@attrs.frozen
class _Plan:
    """What `open` and `aopen` were asked for."""

    work: Work
    outside: _Outside
    country: str | None
    currency: str | None
    zone: str | None
    pkp_since: date | None

    async def prepare(self) -> None:
        """Bring the schema up to date, or see that it is; make or check the shop's configuration."""
        try:
            await self._have_schema(self.work.storage)
            await self.work.write("shop.open", self._settle)
        except BaseException:
            await resolved(self.work.storage.close())
            raise

    async def _have_schema(self, storage: Storage) -> None:
        by_itself = storage.capabilities.self_upgrading
        pending = await resolved(storage.migrate(dry_run=not by_itself))
        if pending and not by_itself:
            raise SchemaOutdated(tuple(pending))

    async def _settle(self, unit: Unit) -> Settings:
        return await settle(unit, self.country, self.currency, self.zone, self.pkp_since)


def open(
    storage: str | Storage,
    *,
    country: str | None = None,
    currency: str | None = None,
    zone: str | None = None,
    pkp_since: date | None = None,
    gateways: "Iterable[PaymentGateway]" = (),
    broker: "Broker | None" = None,
    relay_policy: "RelayPolicy | None" = None,
    tenant: str = "default",
    actor: Actor | None = None,
    access: AccessPolicy | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    on_commit: Callable[[], object] | None = None,
) -> Shop:
    """The shop in *storage*: `memory://`, `sqlite:///shop.db`, or an adapter. A new one needs its *country*.

    *country*, *currency*, *zone* and *pkp_since* fill the configuration of a new shop; for one that exists they must
    agree with it, or be left out. Events wait in the outbox until a shop that has a *broker* sends them on, by
    `tick` or `outbox.relay`, as patiently as its *relay_policy* says. *on_commit* is called after each commit that
    stored events, as a hint to relay them soon: it may not come, and must neither raise nor wait.

    Raises:
        UnknownAdapter, AdapterBroken, AdapterConfig: *storage* can't be opened.
        CountryNeeded, UnknownCountry, ConfigMismatch: the configuration is missing or another.
        InvalidInput: an argument is no such thing, or two gateways, or a gateway and a local tender, share a name.
        SchemaOutdated: the storage's administrator has to bring its schema up to date first.
        SchemaTooNew, SchemaChanged, Unavailable, Busy: from the storage. HostMismatch: it must be awaited; use `aopen`.
    """
    _check_opening(storage, tenant, actor, pkp_since, {"country": country, "currency": currency, "zone": zone})
    _check_parts({"clock": clock, "ids": ids, "access": access, "broker": broker, "relay_policy": relay_policy})
    outside = _Outside(_by_name(gateways), broker, relay_policy)
    work = _work(storage, tenant, actor, access, clock, ids, on_commit, asynchronous=False)
    _check_blocking(work.storage, outside)
    plan = _Plan(work, outside, country, currency, zone, pkp_since)
    drive(plan.prepare(), "open")
    return Shop(plan.work, plan.outside, blocking=True)


def upgrade_schema(storage: str | Storage, *, dry_run: bool = False) -> tuple[str, ...]:
    """Bring the schema of a storage that answers at once up to date: what was applied, in order, or would be.

    `open` does it by itself for memory and SQLite. For a server it is a step of its own, taken once per release by
    whoever administers it: this, or `python -m tokolib schema upgrade URL`.

    Raises:
        UnknownAdapter, AdapterBroken, AdapterConfig, MissingExtra: *storage* can't be opened.
        SchemaTooNew, SchemaChanged: it is not ours to bring up to date. Nothing was changed.
        Unavailable, Busy: from the storage. HostMismatch: it must be awaited.
    """
    _check_opening(storage, "default", None, None, {})
    if not isinstance(storage, str):
        return tuple(drive(_migrated(storage, dry_run=dry_run), "upgrade_schema"))
    made = storage_from_url(storage, COLLECTIONS)
    try:
        return tuple(drive(_migrated(made, dry_run=dry_run), "upgrade_schema"))
    finally:
        drive(_close(made), "close")


async def _migrated(storage: Storage, *, dry_run: bool) -> Sequence[str]:
    return await resolved(storage.migrate(dry_run=dry_run))


class aopen:  # noqa: N801 - called like a function, and awaited or entered
    """The shop in *storage*, to be awaited: `async with tokolib.aopen(url) as shop`, or `shop = await aopen(url)`.

    Takes and raises what `open` does.
    """

    def __init__(
        self,
        storage: str | Storage,
        *,
        country: str | None = None,
        currency: str | None = None,
        zone: str | None = None,
        pkp_since: date | None = None,
        gateways: "Iterable[PaymentGateway]" = (),
        broker: "Broker | None" = None,
        relay_policy: "RelayPolicy | None" = None,
        tenant: str = "default",
        actor: Actor | None = None,
        access: AccessPolicy | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        on_commit: Callable[[], object] | None = None,
    ) -> None:
        _check_opening(storage, tenant, actor, pkp_since, {"country": country, "currency": currency, "zone": zone})
        _check_parts({"clock": clock, "ids": ids, "access": access, "broker": broker, "relay_policy": relay_policy})
        outside = _Outside(_by_name(gateways), broker, relay_policy)
        work = _work(storage, tenant, actor, access, clock, ids, on_commit, asynchronous=True)
        self._plan = _Plan(work, outside, country, currency, zone, pkp_since)
        self._shop: AsyncShop | None = None

    async def _open(self) -> AsyncShop:
        await self._plan.prepare()
        self._shop = AsyncShop(self._plan.work, self._plan.outside, blocking=False)
        return self._shop

    def __await__(self) -> Generator[Any, Any, AsyncShop]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncShop:
        return await self._open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shop is not None:
            await self._shop.close()


def _work(
    storage: str | Storage,
    tenant: str,
    actor: Actor | None,
    access: AccessPolicy | None,
    clock: Clock | None,
    ids: Ids | None,
    on_commit: Callable[[], object] | None,
    *,
    asynchronous: bool,
) -> Work:
    if isinstance(storage, str):
        storage = storage_from_url(storage, COLLECTIONS, asynchronous=asynchronous)
    ctx = Ctx(tenant) if actor is None else Ctx(tenant, actor)
    return Work(
        storage, repositories(), clock or SystemClock(), ids or SystemIds(), access or AllowAll(), ctx, on_commit
    )


def _check_blocking(storage: Storage, outside: _Outside) -> None:
    """Refuse what must be awaited before anything is opened, so that it never strikes inside a unit."""
    if storage.capabilities.asynchronous:
        raise HostMismatch(f"the storage {type(storage).__name__}")
    for name, gateway in outside.gateways.items():
        if any(iscoroutinefunction(method) for method in (gateway.create, gateway.refund, gateway.query)):
            raise HostMismatch(f"the gateway {name!r}")
    if outside.broker is not None and iscoroutinefunction(outside.broker.publish):
        raise HostMismatch(f"the broker {type(outside.broker).__name__}")


def _check_opening(
    storage: object, tenant: object, actor: object, pkp_since: object, texts: Mapping[str, object]
) -> None:
    """Refuse what no shop can be opened with, all at once."""
    faults = [
        Fault(name, "kernel.wrong_type", "must be text or None", shown(value))
        for name, value in texts.items()
        if not isinstance(value, str | None)
    ]
    if not isinstance(storage, str) and not (hasattr(storage, "begin") and hasattr(storage, "capabilities")):
        faults.append(Fault("storage", "kernel.wrong_type", "must be a URL or a storage", shown(storage)))
    faults += context_faults(tenant, System() if actor is None else actor, "")
    if pkp_since is not None and (not isinstance(pkp_since, date) or isinstance(pkp_since, datetime)):
        faults.append(Fault("pkp_since", "kernel.wrong_type", "must be a date", shown(pkp_since)))
    if faults:
        raise InvalidInput(tuple(faults))


DUTIES: Final[Mapping[str, str]] = {
    "clock": "now",
    "ids": "new",
    "access": "check",
    "broker": "publish",
    "relay_policy": "wait",
}
"""The method by which a part of the shop is known."""


def _check_parts(parts: Mapping[str, object]) -> None:
    """Refuse parts that can't do their duty; None stands for the shop's own."""
    faults = [
        Fault(name, "kernel.wrong_type", f"must have {DUTIES[name]}(...)", shown(part))
        for name, part in parts.items()
        if part is not None and (isinstance(part, type) or not hasattr(part, DUTIES[name]))
    ]
    if faults:
        raise InvalidInput(tuple(faults))


def _by_name(gateways: "Iterable[PaymentGateway]") -> "Mapping[str, PaymentGateway]":
    """The gateways by the names that tenders call them.

    Raises:
        InvalidInput: one is no gateway, or its name is another tender's.
    """
    if not hasattr(gateways, "__iter__"):
        raise InvalidInput((Fault("gateways", "kernel.wrong_type", "must be a list of gateways", shown(gateways)),))
    named: dict[str, PaymentGateway] = {}
    faults = []
    for number, gateway in enumerate(gateways):
        name, path = getattr(gateway, "name", None), f"gateways[{number}]"
        if not isinstance(name, str) or not hasattr(gateway, "capabilities"):
            faults.append(Fault(path, "kernel.wrong_type", "must be a payment gateway", shown(gateway)))
        elif name in named or _is_local(name):
            faults.append(Fault(f"{path}.name", "payments.tender_taken", "is another tender's name", shown(name)))
        else:
            named[name] = gateway
    if faults:
        raise InvalidInput(tuple(faults))
    return named


def _is_local(tender: str) -> bool:
    from tokolib.payments.tenders import FREE, LOCAL

    return tender in {*LOCAL, FREE.name, ""}
