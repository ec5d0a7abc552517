"""What a shop can't be opened with, refused before anything is: all faults at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from inspect import iscoroutinefunction
from itertools import chain
from typing import Final

from tokolib.kernel.ctx import System, context_faults
from tokolib.kernel.errors import Fault, HostMismatch, InvalidInput, shown
from tokolib.shop.doors import Outside

DUTIES: Final[Mapping[str, str]] = {
    "clock": "now",
    "ids": "new",
    "access": "check",
    "broker": "publish",
    "relay_policy": "wait",
}
"""The method by which a part of the shop is known."""


def refuse(*faults: Iterable[Fault]) -> None:
    """Raise all *faults* at once, if there are any.

    Raises:
        InvalidInput: there are.
    """
    if found := tuple(chain(*faults)):
        raise InvalidInput(found)


def storage_faults(storage: object) -> Iterator[Fault]:
    """What is neither a URL nor a storage."""
    if not isinstance(storage, str) and not (hasattr(storage, "begin") and hasattr(storage, "capabilities")):
        yield Fault("storage", "kernel.wrong_type", "must be a URL or a storage", shown(storage))


def settings_faults(texts: Mapping[str, object], pkp_since: object) -> Iterator[Fault]:
    """Settings of a new shop that are neither of their kind nor None."""
    for name, value in texts.items():
        if not isinstance(value, str | None):
            yield Fault(name, "kernel.wrong_type", "must be text or None", shown(value))
    if pkp_since is not None and (not isinstance(pkp_since, date) or isinstance(pkp_since, datetime)):
        yield Fault("pkp_since", "kernel.wrong_type", "must be a date", shown(pkp_since))


def caller_faults(tenant: object, actor: object) -> Iterator[Fault]:
    """What is wrong with the tenant and the actor; None stands for the system."""
    yield from context_faults(tenant, System() if actor is None else actor, "")


def part_faults(parts: Mapping[str, object], on_commit: object) -> Iterator[Fault]:
    """Parts that can't do their duty; None stands for the shop's own."""
    for name, part in parts.items():
        if part is not None and (isinstance(part, type) or not hasattr(part, DUTIES[name])):
            yield Fault(name, "kernel.wrong_type", f"must have {DUTIES[name]}(...)", shown(part))
    if on_commit is not None and not callable(on_commit):
        yield Fault("on_commit", "kernel.wrong_type", "must be callable", shown(on_commit))


def gateway_faults(gateways: object) -> Iterator[Fault]:
    """Gateways that are none, or whose name is another tender's."""
    if not isinstance(gateways, Iterable):
        yield Fault("gateways", "kernel.wrong_type", "must be a list of gateways", shown(gateways))
        return
    names = set[str]()
    for number, gateway in enumerate(gateways):
        name, path = getattr(gateway, "name", None), f"gateways[{number}]"
        if not isinstance(name, str) or not hasattr(gateway, "capabilities"):
            yield Fault(path, "kernel.wrong_type", "must be a payment gateway", shown(gateway))
        elif name in names or _is_local(name):
            yield Fault(f"{path}.name", "payments.tender_taken", "is another tender's name", shown(name))
        else:
            names.add(name)


def _is_local(tender: str) -> bool:
    from tokolib.payments.tenders import FREE, LOCAL

    return tender in {*LOCAL, FREE.name, ""}


def check_blocking(outside: Outside) -> None:
    """Pass for gateways and a broker that answer at once.

    Raises:
        HostMismatch: one must be awaited; found out here, it never strikes inside a unit.
    """
    for name, gateway in outside.gateways.items():
        if any(iscoroutinefunction(method) for method in (gateway.create, gateway.refund, gateway.query)):
            raise HostMismatch(f"the gateway {name!r}")
    if outside.broker is not None and iscoroutinefunction(outside.broker.publish):
        raise HostMismatch(f"the broker {type(outside.broker).__name__}")
