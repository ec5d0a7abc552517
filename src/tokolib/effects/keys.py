"""Idempotency keys, made of (intent, operation, epoch, attempt), and read back from what a provider echoes.

The epoch is 0 until the storage is restored from a backup for the first time. What was asked for since the backup is
forgotten then, and its operations' numbers are given out again; the epoch makes other ids and other keys of them.

They stay within 46 characters of `A-Z a-z 0-9 - _ ~ .`, which every provider known to us takes: Midtrans allows
50 of these in an order id and 46 in its Idempotency-Key header, PayPal 108 (their documentation, read 2025).
"""

import re
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


_KEY: Final = re.compile(r"([^.]+)\.([1-9][0-9]*)(?:r([1-9][0-9]*))?\.([1-9][0-9]*)")


def operation_id(intent: str, number: int, epoch: int = 0) -> OperationId:
    """The id of the *number*th operation (from 1) that was requested for an intent: `int_….2`, or `int_….2r7`."""
    return OperationId(f"{intent}.{number}r{epoch}" if epoch else f"{intent}.{number}")


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


@attrs.frozen
class Wished:
    """What an idempotency key says."""

    intent: str
    number: int
    """Of the operation among those requested for the intent, from 1."""
    epoch: int
    """In which it was requested."""
    attempt: int

    @property
    def operation(self) -> OperationId:
        """The id of the operation."""
        return operation_id(self.intent, self.number, self.epoch)


def read_key(key: str) -> Wished | None:
    """What *key* says; None when it is none of ours."""
    if (found := _KEY.fullmatch(key)) is None:
        return None
    intent, number, epoch, attempt = found.groups()
    return Wished(intent, int(number), int(epoch or 0), int(attempt))


def requested_as(operation: str) -> Wished | None:
    """What the id of a requested operation says, as its first attempt; None for what the outside did by itself."""
    return read_key(f"{operation}.1")


def intent_of(name: str) -> str:
    """The intent that an operation's id or key belongs to; empty when *name* is neither."""
    intent, dot, _ = name.partition(".")
    return intent if dot else ""
