"""The ports that a shop is opened with."""

import importlib
from typing import Final

PARTS: Final = {
    "access": ("tokolib.kernel.ctx", "AccessPolicy"),
    "broker": ("tokolib.desk.ports", "Broker"),
    "clock": ("tokolib.kernel.clock", "Clock"),
    "gateways": ("tokolib.payments.ports", "PaymentGateway"),
    "ids": ("tokolib.kernel.ids", "Ids"),
    "tax": ("tokolib.tax.ports", "TaxProvider"),
}
"""The ports that a shop is opened with beside its storage, by the arguments of `open`."""


def parts() -> dict[str, type]:
    """The ports that a shop is opened with, by the arguments of `open`."""
    return {argument: getattr(importlib.import_module(module), name) for argument, (module, name) in PARTS.items()}
