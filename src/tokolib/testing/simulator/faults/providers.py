"""Providers of all kinds, struck by a plan.

Their methods keep their colour: a blocking shop still refuses one that waits.
"""

from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final, TypeVar, cast

from tokolib.desk.ports import Broker
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel.hosting import drive
from tokolib.payments.ports import PaymentGateway
from tokolib.pricing.exchange.ports import ExchangeRates
from tokolib.tax.ports import TaxProvider
from tokolib.testing.simulator.faults.plan import FaultPlan
from tokolib.testing.simulator.faults.troubles import struck, trouble_outside

P = TypeVar("P")
GATEWAY: Final = frozenset({"create", "refund", "query", "authorise", "capture", "void", "submit_evidence"})
COURIER: Final = frozenset({"book", "look_up", "void", "book_pickup", "look_up_pickups", "cancel_pickup"})
TAX: Final = frozenset({"estimate", "commit", "void", "refund", "validate_id"})


class _Provider:
    """An adapter whose calls are counted."""

    def __init__(self, inner: object, plan: FaultPlan, port: str, methods: frozenset[str]) -> None:
        self._inner = inner
        self._plan = plan
        self._port = port
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._methods:
            return found
        provider = str(getattr(self._inner, "name", self._port))
        trouble = partial(trouble_outside, self._port, name, provider)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await struck(self._plan, f"{self._port}.{name}", trouble, partial(found, *args, **kwargs))

        def call_at_once(*args: Any, **kwargs: Any) -> Any:
            return drive(call(*args, **kwargs), f"{self._port}.{name}")

        return call if iscoroutinefunction(found) else call_at_once


def faulty_gateway(gateway: PaymentGateway, plan: FaultPlan) -> PaymentGateway:
    """*gateway*, struck by *plan*: `gateway.create`, `gateway.refund`, `gateway.query`, ...

    Parsing a webhook calls nobody, and is not counted.
    """
    return cast(PaymentGateway, _Provider(gateway, plan, "gateway", GATEWAY))


def faulty_broker(broker: Broker, plan: FaultPlan) -> Broker:
    """*broker*, struck by *plan*: `broker.publish`."""
    return cast(Broker, _Provider(broker, plan, "broker", frozenset({"publish"})))


def faulty_courier(courier: Courier, plan: FaultPlan) -> Courier:
    """*courier*, struck by *plan*: `courier.book`, `courier.look_up`, `courier.book_pickup`, ..."""
    return cast(Courier, _Provider(courier, plan, "courier", COURIER))


def faulty_tax(provider: TaxProvider, plan: FaultPlan) -> TaxProvider:
    """*provider*, struck by *plan*: `tax.estimate`, `tax.commit`, `tax.void`, `tax.refund`, ..."""
    return cast(TaxProvider, _Provider(provider, plan, "tax", TAX))


def faulty_exchange(rates: ExchangeRates, plan: FaultPlan) -> ExchangeRates:
    """*rates*, struck by *plan*: `exchange.rate`."""
    return cast(ExchangeRates, _Provider(rates, plan, "exchange", frozenset({"rate"})))


def faulty(port: str, adapter: P, plan: FaultPlan, *methods: str) -> P:
    """*adapter* of any port of yours, struck by *plan* wherever one of its *methods* is called."""
    return cast(P, _Provider(adapter, plan, port, frozenset(methods)))
