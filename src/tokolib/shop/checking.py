"""What a shop can't be opened with, refused before anything is: all faults at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from typing import Final

from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import AccessPolicy, System, context_faults
from tokolib.kernel.errors import Fault, HostMismatch, InvalidInput, shown
from tokolib.kernel.ids import Ids
from tokolib.kernel.storage import Storage
from tokolib.shop.duties import is_async, lacking, waiting
from tokolib.shop.rooms import Outside

PORTS: Final[Mapping[str, type]] = {"clock": Clock, "ids": Ids, "access": AccessPolicy}
"""What a part of the shop must be."""


def refuse(*faults: Iterable[Fault]) -> None:
    """Raise all *faults* at once, if there are any.

    Raises:
        InvalidInput: there are.
    """
    if found := tuple(chain(*faults)):
        raise InvalidInput(found)


def storage_faults(storage: object) -> Iterator[Fault]:
    """What is neither a URL nor a whole storage."""
    if not isinstance(storage, str):
        for wrong in lacking(storage, Storage):
            yield Fault("storage", "kernel.wrong_type", f"must be a URL or a storage: {wrong}", shown(storage))


def settings_faults(texts: Mapping[str, object], pkp_since: object) -> Iterator[Fault]:
    """Settings of a new shop that are neither of their kind nor None."""
    for name, value in texts.items():
        if not isinstance(value, str | None):
            yield Fault(name, "kernel.wrong_type", "must be text or None", shown(value))
    if pkp_since is not None and (not isinstance(pkp_since, date) or isinstance(pkp_since, datetime)):
        yield Fault("pkp_since", "kernel.wrong_type", "must be a date", shown(pkp_since))


def sub_state_faults(tables: object) -> Iterator[Fault]:
    """Tables of sub-states that are none, or fail a proof; None stands for those that the shop has."""
    if tables is not None and tables != ():
        from tokolib.desk.refining import refinement_faults

        yield from refinement_faults(tables)


def caller_faults(tenant: object, actor: object) -> Iterator[Fault]:
    """What is wrong with the tenant and the actor; None stands for the system."""
    yield from context_faults(tenant, System() if actor is None else actor, "")


def part_faults(parts: Mapping[str, object]) -> Iterator[Fault]:
    """Parts that can't do their duty; None stands for the shop's own."""
    for name, part in parts.items():
        for wrong in () if part is None else lacking(part, PORTS[name]):
            yield Fault(name, "kernel.wrong_type", wrong, shown(part))


def outgoing_faults(broker: object, relay_policy: object, on_commit: object) -> Iterator[Fault]:
    """What events can't be sent on with, and what can't be told that there are some."""
    if broker is not None:
        from tokolib.desk.ports import Broker

        for wrong in lacking(broker, Broker):
            yield Fault("broker", "kernel.wrong_type", wrong, shown(broker))
    if relay_policy is not None:
        from tokolib.desk.relay_policy import RelayPolicy

        if not isinstance(relay_policy, RelayPolicy):
            yield Fault("relay_policy", "kernel.wrong_type", "must be a RelayPolicy", shown(relay_policy))
    if on_commit is not None and not callable(on_commit):
        yield Fault("on_commit", "kernel.wrong_type", "must be callable", shown(on_commit))
    elif is_async(on_commit):
        message = "is called and never awaited; give a plain function, such as the set() of an event that a task awaits"
        yield Fault("on_commit", "shop.hint_waits", message, shown(on_commit))


def tax_faults(parts: Mapping[str, object]) -> Iterator[Fault]:
    """Tax providers that are none; None stands for no provider."""
    for name, part in parts.items():
        if part is not None:
            from tokolib.tax.ports import TaxProvider

            for wrong in lacking(part, TaxProvider):
                yield Fault(name, "kernel.wrong_type", f"must be a tax provider: {wrong}", shown(part))


def former_tax_faults(providers: object) -> Iterator[Fault]:
    """Tax providers that the shop has asked before, and that are none."""
    if not isinstance(providers, Iterable):
        yield Fault("tax_formerly", "kernel.wrong_type", "must be a list of tax providers", shown(providers))
        return
    yield from tax_faults({f"tax_formerly[{at}]": each for at, each in enumerate(providers)})


def exchange_faults(exchange: object) -> Iterator[Fault]:
    """What exchange rates can't come from; None stands for no source."""
    if exchange is not None:
        from tokolib.pricing.exchange.ports import ExchangeRates

        for wrong in lacking(exchange, ExchangeRates):
            yield Fault("exchange", "kernel.wrong_type", wrong, shown(exchange))


def gateway_faults(gateways: object) -> Iterator[Fault]:
    """Gateways that are none, or whose name is another tender's."""
    if not isinstance(gateways, Iterable):
        yield Fault("gateways", "kernel.wrong_type", "must be a list of gateways", shown(gateways))
        return
    names = set[str]()
    for number, gateway in enumerate(gateways):
        path = f"gateways[{number}]"
        if wrong := _no_gateway(gateway):
            yield Fault(path, "kernel.wrong_type", f"must be a payment gateway: {wrong}", shown(gateway))
        elif (name := str(gateway.name)) in names or _is_local(name):
            yield Fault(f"{path}.name", "payments.tender_taken", "is another tender's name", shown(name))
        else:
            names.add(name)


def courier_faults(couriers: object) -> Iterator[Fault]:
    """Courier accounts that are none, or whose name is another one's."""
    if not isinstance(couriers, Iterable):
        yield Fault("couriers", "kernel.wrong_type", "must be a list of couriers", shown(couriers))
        return
    names = set[str]()
    for number, courier in enumerate(couriers):
        from tokolib.fulfilment.couriers.ports import Courier

        path = f"couriers[{number}]"
        if wrong := "; ".join(lacking(courier, Courier)):
            yield Fault(path, "kernel.wrong_type", f"must be a courier: {wrong}", shown(courier))
        elif (name := str(courier.name)) in names:
            yield Fault(f"{path}.name", "fulfilment.courier_taken", "is another courier's name", shown(name))
        else:
            names.add(name)


def sealer_faults(sealer: object) -> Iterator[Fault]:
    """What keys of licences can't be sealed with; None stands for a shop that has none."""
    if sealer is not None:
        from tokolib.fulfilment.licences.sealing import Sealer

        for wrong in lacking(sealer, Sealer):
            yield Fault("sealer", "kernel.wrong_type", wrong, shown(sealer))


def _no_gateway(gateway: object) -> str:
    from tokolib.payments.ports import PaymentGateway

    return "; ".join(lacking(gateway, PaymentGateway))


def _is_local(tender: str) -> bool:
    from tokolib.payments.tenders import FREE, LOCAL, STORED

    return tender in {*LOCAL, *STORED, FREE.name, ""}


def check_blocking(outside: Outside) -> None:
    """Pass for gateways, tax providers, couriers, a broker, a sealer and exchange rates that answer at once.

    Raises:
        HostMismatch: one must be awaited; found out here, it never strikes inside a unit.
    """
    for name, gateway in outside.gateways.items():
        from tokolib.payments.ports import PaymentGateway

        if waiting(gateway, PaymentGateway):
            raise HostMismatch(f"the gateway {name!r}")
    for part in (outside.tax, outside.tax_fallback, *outside.tax_formerly):
        if part is not None:
            from tokolib.tax.ports import TaxProvider

            if waiting(part, TaxProvider):
                raise HostMismatch(f"the tax provider {part.name!r}")
    for name, courier in outside.couriers.items():
        from tokolib.fulfilment.couriers.ports import Courier

        if waiting(courier, Courier):
            raise HostMismatch(f"the courier {name!r}")
    if outside.broker is not None:
        from tokolib.desk.ports import Broker

        if waiting(outside.broker, Broker):
            raise HostMismatch(f"the broker {type(outside.broker).__name__}")
    if outside.sealer is not None:
        from tokolib.fulfilment.licences.sealing import Sealer

        if waiting(outside.sealer, Sealer):
            raise HostMismatch(f"the sealer {type(outside.sealer).__name__}")
    if outside.exchange is not None:
        from tokolib.pricing.exchange.ports import ExchangeRates

        if waiting(outside.exchange, ExchangeRates):
            raise HostMismatch(f"the exchange rates {type(outside.exchange).__name__}")
