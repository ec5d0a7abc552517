"""Coupon codes made in bulk: unguessable, readable from paper, and checkable without looking them up.

A code is a prefix that the shop chose, random characters, a signature where the host gave a key, and a check
character (`kernel.codes.drawing`).

**The signature** is eight characters of an HMAC (RFC 2104) with SHA-256 over all that stands before it: whoever has the
key can tell a code of this shop's from an invented one without its storage, on a till without a network say. One
guess in 78 thousand million is right. It doesn't tell whether the code was used.
"""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from tokolib.kernel.codes.drawing import LONGEST_CHECKED, PLACES, bits, checked, drawn, is_sound
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.pricing.coupon_errors import CouponForged, CouponMistyped

FEWEST_RANDOM: Final = 12
"""Random characters that a code has at least."""
SIGNATURE: Final = 8
"""Characters of a signature."""
SHORTEST_KEY: Final = 16
"""Bytes of a key for signatures."""
MOST_CODES: Final = 100_000
"""Codes of one batch."""
BITS: Final = bits(FEWEST_RANDOM)
"""What the shortest random part is worth against guessing."""

_SIGNED: Final = b"tokolib coupon 1\0"


def make_code(prefix: str, length: int, luck: str, key: bytes | None) -> str | None:
    """The code that comes of *luck*, a secret nobody can guess; None where its check would be no readable character.

    *length* counts the random characters. With a *key* the code is signed.
    """
    body = prefix + drawn(sha256(luck.encode()).digest(), length)
    if key is not None:
        body += _signature(body, key)
    return checked(body)


def check_code(code: str) -> str:
    """*code*, made in bulk, as it is stored; it is not looked up.

    Raises:
        InvalidInput: it is no text.
        CouponMistyped: it can't have been made: a character is wrong, or two are swapped.
    """
    if not isinstance(code, str):
        raise InvalidInput((Fault("code", "kernel.wrong_type", "must be text", shown(code)),))
    read = typed_code(code)
    if not is_sound(read):
        raise CouponMistyped(read)
    return read


def verify_code(code: str, key: bytes) -> str:
    """*code*, made in bulk and signed with *key*, as it is stored; it is not looked up, so it may be used up.

    Raises:
        InvalidInput: the code is no text, or the key not one that codes are signed with.
        CouponMistyped: a character is wrong, or two are swapped.
        CouponForged: it was not made with this key.
    """
    if faults := tuple(_key_faults("key", key)):
        raise InvalidInput(faults)
    read = check_code(code)
    body, signature = read[: -SIGNATURE - 1], read[-SIGNATURE - 1 : -1]
    if not hmac.compare_digest(signature, _signature(body, key)):
        raise CouponForged(read)
    return read


def batch_faults(count: object, prefix: str, length: object, key: object) -> Iterator[Fault]:
    """What is wrong with the order for a batch; *prefix* is as it is stored."""
    if type(count) is not int or not 0 < count <= MOST_CODES:
        yield Fault("count", "pricing.bad_count", f"must be 1 to {MOST_CODES}", shown(count))
    if not all(each in PLACES for each in prefix):
        yield Fault("prefix", "pricing.code", "must be letters A to Z and digits", prefix[:80])
    own = 1 + (0 if key is None else SIGNATURE)
    most = LONGEST_CHECKED - own - len(prefix)
    if type(length) is not int or not FEWEST_RANDOM <= length <= max(most, FEWEST_RANDOM):
        wanted = f"must be at least {FEWEST_RANDOM} random characters, and the whole at most {LONGEST_CHECKED}"
        yield Fault("length", "pricing.bad_count", wanted, shown(length))
    elif length > most:
        longest = LONGEST_CHECKED - own - length
        yield Fault("prefix", "pricing.length", f"must have at most {longest} characters here", prefix[:80])
    if key is not None:
        yield from _key_faults("secret", key)


def _key_faults(path: str, key: object) -> Iterator[Fault]:
    if not (isinstance(key, bytes) and len(key) >= SHORTEST_KEY):
        yield Fault(path, "pricing.weak_key", f"must be at least {SHORTEST_KEY} bytes that nobody can guess", "")


def _signature(body: str, key: bytes) -> str:
    return drawn(hmac.new(key, _SIGNED + body.encode(), sha256).digest(), SIGNATURE)
