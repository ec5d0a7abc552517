"""Opening a shop, blocking or awaited, and bringing the schema of its storage up to date."""

from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any

import attrs

from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.adapters.urls import storage_from_url
from tokolib.desk.patience import patiently
from tokolib.desk.settings import settle
from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import AccessPolicy, Actor, AllowAll, Ctx
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.ids import Ids
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.schema_errors import SchemaOutdated
from tokolib.kernel.settings import Settings
from tokolib.kernel.storage import Storage
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Life, Work
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import repositories
from tokolib.shop.checking import (
    caller_faults,
    check_blocking,
    courier_faults,
    exchange_faults,
    former_tax_faults,
    gateway_faults,
    outgoing_faults,
    part_faults,
    refuse,
    settings_faults,
    storage_faults,
    sub_state_faults,
    tax_faults,
)
from tokolib.shop.doors import AsyncShop, Shop, closed
from tokolib.shop.hint import Hint
from tokolib.shop.rooms import Outside

if TYPE_CHECKING:
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.fulfilment.couriers.ports import Courier
    from tokolib.payments.ports import PaymentGateway
    from tokolib.pricing.exchange.ports import ExchangeRates
    from tokolib.tax.ports import TaxProvider


@attrs.frozen
class _Plan:
    """What `open` and `aopen` were asked for."""

    work: Work
    outside: Outside
    country: str | None
    currency: str | None
    zone: str | None
    pkp_since: date | None
    refinements: tuple[Refinement, ...] | None

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
        pending = await _migrated(storage, dry_run=not by_itself)
        if pending and not by_itself:
            raise SchemaOutdated(tuple(pending))

    async def _settle(self, unit: Unit) -> Settings:
        return await settle(
            unit,
            country=self.country,
            currency=self.currency,
            zone=self.zone,
            pkp_since=self.pkp_since,
            refinements=self.refinements,
        )


def open(
    storage: str | Storage,
    *,
    country: str | None = None,
    currency: str | None = None,
    zone: str | None = None,
    pkp_since: date | None = None,
    refinements: Iterable[Refinement] | None = None,
    gateways: "Iterable[PaymentGateway]" = (),
    broker: "Broker | None" = None,
    relay_policy: "RelayPolicy | None" = None,
    tax: "TaxProvider | None" = None,
    tax_fallback: "TaxProvider | None" = None,
    tax_formerly: "Iterable[TaxProvider]" = (),
    exchange: "ExchangeRates | None" = None,
    couriers: "Iterable[Courier]" = (),
    tenant: str = "default",
    actor: Actor | None = None,
    access: AccessPolicy | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    on_commit: Callable[[], object] | None = None,
) -> Shop:
    """The shop in *storage*: `memory://`, `sqlite:///shop.db`, or an adapter. A new one needs its *country*.

    *country*, *currency*, *zone*, *pkp_since* and *refinements* (the shop's own sub-states of our states) fill the
    configuration of a new shop; for one that exists they must agree with it, or be left out. Events wait in the
    outbox until a shop that has a *broker* sends them on, by `tick` or `outbox.relay`, as patiently as its
    *relay_policy* says. *exchange* is asked for exchange rates by `prices.renew_rates`, and by nothing else.
    *on_commit* is called after each commit that stored events, as a hint to relay them soon: it may not come, must
    not wait, and is awaited by nobody, `aopen` or not. What it raises is logged (`tokolib`, with its traceback) and
    ends there: the command is committed.

    *tax* works out the taxes of what goes to the countries that it is for, in place of the tables of law; where it
    doesn't answer, *tax_fallback* does if the policy `tax_outage` lets it. Providers that the shop has asked before are
    *tax_formerly*: they are told what goes back of the invoices that they keep.

    *couriers* are the accounts at which labels are bought, each by its name.

    Raises:
        UnknownAdapter, AdapterBroken, AdapterConfig, MissingExtra: *storage* can't be opened.
        CountryNeeded, UnknownCountry, ConfigMismatch: the configuration is missing or another.
        SettingsLost: the storage is damaged: it has a shop's rows without its configuration.
        InvalidInput: an argument is no such thing, a table of sub-states fails a proof, or two gateways, or a gateway
            and a local tender, or two couriers, share a name.
        SchemaOutdated: the storage's administrator has to bring its schema up to date first.
        SchemaTooNew, SchemaChanged, Unavailable, Busy: from the storage. HostMismatch: it must be awaited; use `aopen`.
    """
    plan = _planned(
        storage,
        country=country,
        currency=currency,
        zone=zone,
        pkp_since=pkp_since,
        refinements=refinements,
        gateways=gateways,
        broker=broker,
        relay_policy=relay_policy,
        tax=tax,
        tax_fallback=tax_fallback,
        tax_formerly=tax_formerly,
        exchange=exchange,
        couriers=couriers,
        tenant=tenant,
        actor=actor,
        access=access,
        clock=clock,
        ids=ids,
        on_commit=on_commit,
        asynchronous=False,
    )
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
    refuse(storage_faults(storage))
    if not isinstance(storage, str):
        return tuple(drive(_migrated(storage, dry_run=dry_run), "upgrade_schema"))
    made = storage_from_url(storage, COLLECTIONS)
    try:
        return tuple(drive(_migrated(made, dry_run=dry_run), "upgrade_schema"))
    finally:
        drive(closed(made), "close")


async def _migrated(storage: Storage, *, dry_run: bool) -> Sequence[str]:
    return await patiently(storage, lambda: storage.migrate(dry_run=dry_run))


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
        refinements: Iterable[Refinement] | None = None,
        gateways: "Iterable[PaymentGateway]" = (),
        broker: "Broker | None" = None,
        relay_policy: "RelayPolicy | None" = None,
        tax: "TaxProvider | None" = None,
        tax_fallback: "TaxProvider | None" = None,
        tax_formerly: "Iterable[TaxProvider]" = (),
        exchange: "ExchangeRates | None" = None,
        couriers: "Iterable[Courier]" = (),
        tenant: str = "default",
        actor: Actor | None = None,
        access: AccessPolicy | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        on_commit: Callable[[], object] | None = None,
    ) -> None:
        self._plan = _planned(
            storage,
            country=country,
            currency=currency,
            zone=zone,
            pkp_since=pkp_since,
            refinements=refinements,
            gateways=gateways,
            broker=broker,
            relay_policy=relay_policy,
            tax=tax,
            tax_fallback=tax_fallback,
            tax_formerly=tax_formerly,
            exchange=exchange,
            couriers=couriers,
            tenant=tenant,
            actor=actor,
            access=access,
            clock=clock,
            ids=ids,
            on_commit=on_commit,
            asynchronous=True,
        )
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


def _planned(
    storage: str | Storage,
    *,
    country: str | None,
    currency: str | None,
    zone: str | None,
    pkp_since: date | None,
    refinements: Iterable[Refinement] | None,
    gateways: "Iterable[PaymentGateway]",
    broker: "Broker | None",
    relay_policy: "RelayPolicy | None",
    tax: "TaxProvider | None",
    tax_fallback: "TaxProvider | None",
    tax_formerly: "Iterable[TaxProvider]",
    exchange: "ExchangeRates | None",
    couriers: "Iterable[Courier]",
    tenant: str,
    actor: Actor | None,
    access: AccessPolicy | None,
    clock: Clock | None,
    ids: Ids | None,
    on_commit: Callable[[], object] | None,
    asynchronous: bool,
) -> _Plan:
    """What was asked for, with the storage that it names.

    Raises:
        InvalidInput: all that no shop can be opened with. Nothing was opened.
        UnknownAdapter, AdapterBroken, AdapterConfig, MissingExtra: *storage* can't be opened.
        HostMismatch: something must be awaited, and nobody will.
    """
    known = tuple(gateways) if hasattr(gateways, "__iter__") else gateways
    carriers = tuple(couriers) if hasattr(couriers, "__iter__") else couriers
    formerly = tuple(tax_formerly) if hasattr(tax_formerly, "__iter__") else ()
    tables = tuple(refinements) if isinstance(refinements, Iterable) else refinements
    refuse(
        storage_faults(storage),
        settings_faults({"country": country, "currency": currency, "zone": zone}, pkp_since),
        sub_state_faults(tables),
        caller_faults(tenant, actor),
        part_faults({"clock": clock, "ids": ids, "access": access}),
        outgoing_faults(broker, relay_policy, on_commit),
        exchange_faults(exchange),
        gateway_faults(known),
        tax_faults({"tax": tax, "tax_fallback": tax_fallback}),
        former_tax_faults(tax_formerly),
        courier_faults(carriers),
    )
    by_name = {gateway.name: gateway for gateway in known}
    accounts = {courier.name: courier for courier in carriers}
    outside = Outside(by_name, broker, relay_policy, tax, tax_fallback, exchange, formerly, accounts)
    if not asynchronous:
        check_blocking(outside)
    if isinstance(storage, str):
        storage = storage_from_url(storage, COLLECTIONS, asynchronous=asynchronous)
    if storage.capabilities.asynchronous and not asynchronous:
        raise HostMismatch(f"the storage {type(storage).__name__}")
    ctx = Ctx(tenant) if actor is None else Ctx(tenant, actor)
    hint = None if on_commit is None else Hint(on_commit)
    work = Work(
        storage,
        repositories(),
        clock or SystemClock(),
        ids or SystemIds(),
        access or AllowAll(),
        ctx,
        hint,
        life=Life(tenants={tenant}),
    )
    return _Plan(work, outside, country, currency, zone, pkp_since, tables)
