"""What a shop is to be opened with: checked, its storage found, its schema and configuration made ready."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import attrs

from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.adapters.urls import storage_from_url
from tokolib.desk.patience import patiently
from tokolib.desk.settings import settle
from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import AccessPolicy, Actor, AllowAll, Ctx
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import resolved
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
    sealer_faults,
    settings_faults,
    storage_faults,
    sub_state_faults,
    tax_faults,
)
from tokolib.shop.hint import Hint
from tokolib.shop.rooms import Outside

if TYPE_CHECKING:
    from tokolib.desk.ports import Broker
    from tokolib.desk.relay_policy import RelayPolicy
    from tokolib.fulfilment.couriers.ports import Courier
    from tokolib.fulfilment.licences.sealing import Sealer
    from tokolib.payments.ports import PaymentGateway
    from tokolib.pricing.exchange.ports import ExchangeRates
    from tokolib.tax.ports import TaxProvider


@attrs.frozen
class Plan:
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
        pending = await migrated(storage, dry_run=not by_itself)
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


async def migrated(storage: Storage, *, dry_run: bool) -> Sequence[str]:
    """What was applied to bring the schema of *storage* up to date, in order; or would be."""
    return await patiently(storage, lambda: storage.migrate(dry_run=dry_run))


def planned(
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
    sealer: "Sealer | None",
    tenant: str,
    actor: Actor | None,
    access: AccessPolicy | None,
    clock: Clock | None,
    ids: Ids | None,
    on_commit: Callable[[], object] | None,
    asynchronous: bool,
) -> Plan:
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
        sealer_faults(sealer),
    )
    by_name = {gateway.name: gateway for gateway in known}
    accounts = {courier.name: courier for courier in carriers}
    outside = Outside(by_name, broker, relay_policy, tax, tax_fallback, exchange, formerly, accounts, sealer)
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
    return Plan(work, outside, country, currency, zone, pkp_since, tables)
