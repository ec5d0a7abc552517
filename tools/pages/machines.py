"""Every lifecycle of the library, found in the code: none can be forgotten by the reference or the proofs."""

import importlib
import re
from pathlib import Path
from typing import Any, Final, TypeAlias

import tokolib
from tokolib.kernel.machine import Derived, Machine

Lifecycle: TypeAlias = Machine[Any] | Derived[Any, Any]

SOURCE: Final = Path(tokolib.__file__).parent
_DECLARED: Final = re.compile(r"^[A-Z_]+: Final = (?:Machine|Derived\[.*\]|rule)\($", re.MULTILINE)
ORDER: Final = (
    "order",
    "order_payment",
    "order_fulfilment",
    "order_returns",
    "shipment",
    "label",
    "pickup",
    "return",
    "return_label",
    "exchange",
    "claim",
    "transfer",
    "count",
    "expected_receipt",
    "offer",
    "cart",
    "payment_intent",
    "dispute",
    "operation",
    "gift_card",
    "credit_grant",
    "product",
    "document",
    "tax_filing",
    "promotion",
    "coupon",
    "price_list",
    "charge_rule",
    "delivery_method",
)
"""How the reference lists them: what a customer meets comes first."""


def lifecycles() -> tuple[Lifecycle, ...]:
    """All of them, in the order of the reference; what it doesn't list comes last."""
    found = {each.name: each for module in _modules() for each in vars(module).values() if _is_one(each)}
    names = [*(name for name in ORDER if name in found), *sorted(found.keys() - set(ORDER))]
    return tuple(found[name] for name in names)


def declared() -> int:
    """How many the source declares, by its text."""
    return sum(len(_DECLARED.findall(path.read_text("utf-8"))) for path in _files())


def _files() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if _DECLARED.search(path.read_text("utf-8"))]


def _modules() -> list[Any]:
    names = [path.relative_to(SOURCE).with_suffix("").parts for path in _files()]
    return [importlib.import_module(".".join(("tokolib", *parts))) for parts in names]


def _is_one(value: object) -> bool:
    return isinstance(value, Machine | Derived)
