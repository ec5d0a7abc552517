"""Opening a shop, blocking or awaited, and bringing the schema of its storage up to date."""

from collections.abc import Callable, Generator, Iterable
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import AccessPolicy, Actor
from tokolib.kernel.hosting import drive
from tokolib.kernel.ids import Ids
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.shop.checking import (
    refuse,
    storage_faults,
)
from tokolib.shop.doors import AsyncShop, Shop, closed
from tokolib.shop.planning import migrated, planned

if TYPE_CHECKING:
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.fulfilment.couriers.ports import Courier
    from tokolib.fulfilment.licences.sealing import Sealer
    from tokolib.payments.ports import PaymentGateway
    from tokolib.pricing.exchange.ports import ExchangeRates
    from tokolib.tax.ports import TaxProvider


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
    sealer: "Sealer | None" = None,
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

    *couriers* are the accounts at which labels are bought, each by its name. *sealer* seals the keys of licences.

    Raises:
        UnknownAdapter, AdapterBroken, AdapterConfig, MissingExtra: *storage* can't be opened.
        CountryNeeded, UnknownCountry, ConfigMismatch: the configuration is missing or another.
        SettingsLost: the storage is damaged: it has a shop's rows without its configuration.
        InvalidInput: an argument is no such thing, a table of sub-states fails a proof, or two gateways, or a gateway
            and a local tender, or two couriers, share a name.
        SchemaOutdated: the storage's administrator has to bring its schema up to date first.
        SchemaTooNew, SchemaChanged, Unavailable, Busy: from the storage. HostMismatch: it must be awaited; use `aopen`.
    """
    plan = planned(
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
        sealer=sealer,
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
        return tuple(drive(migrated(storage, dry_run=dry_run), "upgrade_schema"))
    made = storage_from_url(storage, COLLECTIONS)
    try:
        return tuple(drive(migrated(made, dry_run=dry_run), "upgrade_schema"))
    finally:
        drive(closed(made), "close")


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
        sealer: "Sealer | None" = None,
        tenant: str = "default",
        actor: Actor | None = None,
        access: AccessPolicy | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        on_commit: Callable[[], object] | None = None,
    ) -> None:
        self._plan = planned(
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
            sealer=sealer,
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
