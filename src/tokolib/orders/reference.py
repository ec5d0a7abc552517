"""Order references: short, for people to read aloud; unique in the shop, not gapless, and telling nothing.

Nine characters without lookalikes after an optional prefix: `K7M2-QX4T9`. They come from the random part of the
order's id, so two orders share one only if 45 random bits agree; a unique index refuses even that.
"""

from typing import Final

_GROUP: Final = 4
_LENGTH: Final = 9


def reference(prefix: str, order_id: str) -> str:
    """The reference of the order with that id."""
    code = order_id[-_LENGTH:].upper()
    grouped = f"{code[:_GROUP]}-{code[_GROUP:]}"
    return f"{prefix.upper()}{grouped}"
