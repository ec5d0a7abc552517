"""What a shop can't be opened with, refused before anything is: all faults at once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Final

from tokolib.kernel.ctx import System, context_faults
from tokolib.kernel.errors import Fault, HostMismatch, InvalidInput, shown
from tokolib.kernel.storage import Storage
from tokolib.shop.doors import Outside

if TYPE_CHECKING:
    from tokolib.payments.ports import PaymentGateway


def check_blocking(storage: Storage, outside: Outside) -> None:
    """Refuse what must be awaited before anything is opened, so that it never strikes inside a unit."""
    if storage.capabilities.asynchronous:
        raise HostMismatch(f"the storage {type(storage).__name__}")
    for name, gateway in outside.gateways.items():
        if any(iscoroutinefunction(method) for method in (gateway.create, gateway.refund, gateway.query)):
            raise HostMismatch(f"the gateway {name!r}")
    if outside.broker is not None and iscoroutinefunction(outside.broker.publish):
        raise HostMismatch(f"the broker {type(outside.broker).__name__}")


def check_opening(
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


def check_parts(parts: Mapping[str, object], on_commit: object) -> None:
    """Refuse parts that can't do their duty; None stands for the shop's own."""
    faults = [
        Fault(name, "kernel.wrong_type", f"must have {DUTIES[name]}(...)", shown(part))
        for name, part in parts.items()
        if part is not None and (isinstance(part, type) or not hasattr(part, DUTIES[name]))
    ]
    if on_commit is not None and not callable(on_commit):
        faults.append(Fault("on_commit", "kernel.wrong_type", "must be callable", shown(on_commit)))
    if faults:
        raise InvalidInput(tuple(faults))


def gateways_by_name(gateways: "Iterable[PaymentGateway]") -> "Mapping[str, PaymentGateway]":
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
