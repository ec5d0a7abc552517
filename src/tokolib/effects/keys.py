"""Idempotency keys, made of (intent, operation, attempt), and read back from what a provider echoes.

They stay within 46 characters of `A-Z a-z 0-9 - _ ~ .`, which every provider known to us takes: Midtrans allows
50 of these in an order id and 46 in its Idempotency-Key header, PayPal 108 (their documentation, read 2025).
"""

from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import OperationId

LONGEST: Final = 46


@attrs.frozen
class KeyTooLong(TokolibError):
    """The intent's id leaves no room for a key that all providers take."""

    code: ClassVar[str] = "effects.key_too_long"
    status: ClassVar[int] = 500
    key: str
    longest: int

    def __str__(self) -> str:
        return f"idempotency key {self.key!r} is longer than {self.longest} characters"


def operation_id(intent: str, number: int) -> OperationId:
    """The id of the *number*th operation (from 1) that was requested for an intent."""
    return OperationId(f"{intent}.{number}")


def seen_operation_id(intent: str, fact: str) -> OperationId:
    """The id of an operation that we never requested: a receipt, a reversal, a refund made by the provider."""
    return OperationId(f"{intent}.s{fact}")


def idempotency_key(operation: OperationId, attempt: int) -> str:
    """The key that every call for this attempt carries: the same wish, the same key, for ever.

    Raises:
        KeyTooLong: the intent's id is too long.
    """
    key = f"{operation}.{attempt}"
    if len(key) > LONGEST:
        raise KeyTooLong(key, LONGEST)
    return key


def intent_of(name: str) -> str:
    """The intent that an operation's id or key belongs to; empty when *name* is neither."""
    intent, dot, _ = name.partition(".")
    return intent if dot else ""
